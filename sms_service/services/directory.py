"""The packaged directory: helplines and coping ideas, read once."""

import json
from functools import cache
from importlib.resources import files

from sms_service.domain.helplines import Helpline, parse_directory
from sms_service.flows.facts import Idea


@cache
def helplines() -> tuple[Helpline, ...]:
    """Every helpline of data/helplines.json."""
    return parse_directory(json.loads(_data("helplines.json")))


@cache
def ideas() -> tuple[Idea, ...]:
    """Every coping idea of data/ideas.json, in the order they are given."""
    found = json.loads(_data("ideas.json"))
    return tuple(
        Idea(one["id"], one["en"], one["es"]) for one in (found["ideas"] if isinstance(found, dict) else found)
    )


def _data(name: str) -> str:
    return files("sms_service.data").joinpath(name).read_text(encoding="utf-8")
