"""Everything that can be ordered, saved, meant, keyed or woken for has exactly one place that does it."""

import ast
from collections.abc import Iterator
from typing import get_args

from sms_service.domain.ladder import Whom
from sms_service.flows import effects, understood
from sms_service.flows.danger import STATEMENTS
from sms_service.flows.keywords import KEYWORDS
from sms_service.flows.notices import NOTICES
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import DoWith, Keep
from sms_service.flows.ways import orders
from sms_service.services import act, apply, duty, keywords, wake
from tests.rules.code import Source, called, package, where

UNASKED = frozenset({"ON", "OFF", "HERE", "STAY", "BREAK", "ME", "SWAP", "MY SHIFTS"})
"""A volunteer's words that name no case."""


def ordered() -> Iterator[effects.Effect | Keep | DoWith]:
    """Every order of every flow."""
    for flow in FLOWS.values():
        for step in flow.steps.values():
            for order in orders(step):
                if isinstance(order, effects.Save | effects.Do | Keep | DoWith):
                    yield order


def test_every_name_that_may_be_saved_has_its_handler_and_no_handler_is_idle() -> None:
    assert set(apply.SAVE) == effects.SAVES
    saved = {order.name for order in ordered() if isinstance(order, effects.Save | Keep)}
    saved |= {getattr(step, "save", "") for flow in FLOWS.values() for step in flow.steps.values()}
    assert effects.SAVES - saved == set(), "no flow saves these"


def test_every_order_has_its_handler_and_no_handler_is_idle() -> None:
    assert set(apply.DO) == effects.ORDERS
    given = {order.what for order in ordered() if isinstance(order, effects.Do | DoWith)}
    from_code = {key for key in apply.DO if any(f'DO["{key}"]' in source.text for source in package())}
    assert effects.ORDERS - given - from_code == set(), "nothing orders these"


def test_every_kind_of_effect_is_carried_out() -> None:
    """`apply` ends in assert_never, so mypy proves its half; here, that the turn and it name each type."""
    named = {
        node.id for source in package() if source.path.endswith(("services/apply.py", "services/turn.py"))
        for node in ast.walk(source.tree) if isinstance(node, ast.Name)
    }  # fmt: skip
    assert {one.__name__ for one in get_args(effects.Effect)} <= named


def test_every_meaning_of_a_text_is_acted_on() -> None:
    assert set(act.ACTS) == set(get_args(understood.Meaning))


def test_every_keyword_is_handled_once() -> None:
    members = {
        "LANGUAGE" if word.name in {"ENGLISH", "ESPANOL"} else word.name for word in KEYWORDS if word.who != "volunteer"
    }
    tables = [set(keywords.PLAIN_FLOWS), set(keywords.ARGUED_FLOWS), set(keywords.SPECIAL)]
    assert set.union(*tables) == members
    assert sum(map(len, tables)) == len(members), "a keyword stands in two tables"


def test_every_word_of_a_volunteer_is_handled() -> None:
    words = {word.name for word in KEYWORDS if word.who == "volunteer"}
    assert set(duty.CASE_ORDERS) | set(duty.DUTIES) == words
    assert set(duty.CASE_ORDERS) == words - UNASKED
    assert {word.name for word in KEYWORDS if word.arg == "case"} == set(duty.CASE_ORDERS)


def test_every_flow_that_code_begins_is_there() -> None:
    begun = {
        (where(source, call), call.args[0].value)
        for source in package() if source.path.startswith("sms_service/services/")
        for call in source.calls()
        if called(call).endswith("turn.begin") and call.args and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    assert begun
    assert {one for one in begun if one[1] not in FLOWS} == set()
    tables = {*keywords.PLAIN_FLOWS.values(), *keywords.ARGUED_FLOWS.values()}
    assert tables <= set(FLOWS)


def _kinds(source: Source) -> Iterator[tuple[str, ast.expr]]:
    """Each place that sets an alarm and the kind it sets."""
    for call in source.calls():
        if called(call).endswith(".wake") and len(call.args) > 1:
            yield where(source, call), call.args[1]


def test_every_alarm_that_is_set_has_its_handler_and_no_handler_is_idle() -> None:
    """Besides these, the turn sets `silence` by itself, and `_check_in` sets its own again."""
    found = [one for source in package() if source.path.startswith("sms_service/services/") for one in _kinds(source)]
    assert [at for at, kind in found if not isinstance(kind, ast.Constant)] == []
    kinds = {str(kind.value) for _at, kind in found if isinstance(kind, ast.Constant)}
    assert kinds | {"silence"} == set(wake.HANDLERS)


def test_every_statement_that_code_makes_is_in_the_catalogue() -> None:
    """The first constant of say, tell_owner, tell_member, page_one and render_notice."""
    said = set()
    for source in package():
        if not source.path.startswith("sms_service/services/"):
            continue
        for call in source.calls():
            name = called(call).rpartition(".")[2]
            if name in {"say", "tell_owner", "tell_member", "page_one", "render_notice"}:
                said |= {(where(source, call), one) for argument in call.args for one in _names(argument)}
    assert len(said) > 30
    assert {one for one in said if one[1] not in NOTICES} == set()
    assert set(STATEMENTS.values()) <= set(NOTICES)


def _names(argument: ast.expr) -> Iterator[str]:
    """The name given, or the two that a condition chooses from."""
    if isinstance(argument, ast.IfExp):
        yield from _names(argument.body)
        yield from _names(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def test_every_rung_of_a_ladder_finds_its_people() -> None:
    """`next_on` matches on whom; mypy does not see a match of strings that falls through."""
    (source,) = [one for one in package() if one.path.endswith("services/people_on.py")]
    cases = {
        node.pattern.value.value for node in ast.walk(source.tree)
        if isinstance(node, ast.match_case) and isinstance(node.pattern, ast.MatchValue)
        and isinstance(node.pattern.value, ast.Constant)
    }  # fmt: skip
    assert cases == set(get_args(Whom))
