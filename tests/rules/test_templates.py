"""Every text and every page can be shown: in both languages, with the longest values, within its parts."""

import re
from typing import get_args

import pytest
from flask import Flask, render_template
from jinja2 import meta

from sms_service.domain.words import Lang
from sms_service.flows.derive import WIDEST
from sms_service.flows.effects import Say
from sms_service.say.catalogue import english
from sms_service.say.check import check_flows
from sms_service.say.segments import segments
from sms_service.say.sms import MOST_PARTS, body

LANGS: tuple[Lang, ...] = get_args(Lang)
PLACEHOLDER = re.compile(r"[{}]")


def test_flows_check_finds_nothing() -> None:
    """tests/say/test_check.py shows that each of its rules sees the flaw it is for."""
    assert [str(problem) for problem in check_flows()] == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_is_rendered_within_two_parts_and_without_a_gap(lang: Lang) -> None:
    """`flows check` is stricter about notices and unprompted texts; this goes through the renderer itself."""
    too_long, gaps = {}, []
    for key in english():
        said = body(Say(key, WIDEST), lang)
        if segments(said) > MOST_PARTS:
            too_long[key] = segments(said)
        if PLACEHOLDER.search(said):
            gaps.append(key)
    assert too_long == {}
    assert gaps == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_text_without_its_values_still_has_words(lang: Lang) -> None:
    """A name is optional everywhere."""
    wordless = {key for key in english() if not re.search(r"\w", body(Say(key), lang))}
    only_values = {key for key, words in english().items() if not re.search(r"\w", re.sub(r"\{\w+\}", "", words))}
    assert wordless == only_values


def templates(app: Flask) -> list[str]:
    """The project's own Jinja templates."""
    return [name for name in app.jinja_env.list_templates() if name.startswith(("console/", "pages/"))]


def test_every_page_is_parsed_and_names_only_templates_that_are_there(app: Flask) -> None:
    names = templates(app)
    assert len(names) >= 4
    for name in names:
        source, _file, _fresh = app.jinja_env.loader.get_source(app.jinja_env, name)  # type: ignore[union-attr]
        tree = app.jinja_env.parse(source)
        assert {one for one in meta.find_referenced_templates(tree) if one} <= set(names), name
        app.jinja_env.get_template(name)


def test_the_pages_that_need_no_data_are_rendered(app: Flask) -> None:
    """Those with data are rendered by tests/console, with rows behind them."""
    with app.test_request_context("/console/"):
        assert "988" in render_template("console/problem.html", heading="One moment", words="Please try again.")
        assert "988" in render_template("console/layout.html")
    assert "Sign in" in app.test_client().get("/console/login").text
