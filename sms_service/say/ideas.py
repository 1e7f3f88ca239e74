"""The coping ideas of data/ideas.json, in the order they are given."""

import json
from functools import cache
from importlib.resources import files

from sms_service.flows.facts import Idea


@cache
def ideas() -> tuple[Idea, ...]:
    """Every idea in both languages; a broken file is a KeyError or ValueError at the first use."""
    kept = json.loads(files("sms_service.data").joinpath("ideas.json").read_text("utf-8"))
    return tuple(Idea(idea["id"], idea["en"], idea["es"]) for idea in kept["ideas"])
