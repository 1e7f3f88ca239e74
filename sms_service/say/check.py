"""`flows check`: proves the tables and their words, one small rule after the other."""

from collections.abc import Callable, Iterator, Mapping

from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Flow
from sms_service.say import check_steps, check_tone, check_words
from sms_service.say.problem import Problem

Flows = Mapping[str, Flow]
Check = Callable[[Flows], Iterator[Problem]]

CHECKS: Mapping[str, Check] = {
    "dangling": check_steps.dangling,
    "forks": check_steps.forks,
    "unreachable": check_steps.unreachable,
    "trapping": check_steps.trapping,
    "ambiguous": check_steps.ambiguous,
    "reserved": check_steps.reserved,
    "orders": check_steps.orders_known,
    "begins": check_steps.begins,
    "placeholders": check_words.placeholders_known,
    "translated": check_words.translated,
    "lifelines": check_words.lifelines_named,
    "segments": check_words.segments_kept,
    "reading": check_words.easy_to_read,
    "sentences": check_tone.short_sentences,
    "kind": check_tone.kind_words,
    "discreet": check_tone.discreet,
}


def check_flows(flows: Flows = FLOWS) -> list[Problem]:
    """Every problem of these flows, in the order of the checks; an empty list is the proof."""
    return [problem for check in CHECKS.values() for problem in check(flows)]
