"""What a conversation may have to say about duty: worked out from its table, so that nobody looks it up in vain."""

from functools import cache

from sms_service.flows.effects import Begin
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import End, Fork
from sms_service.flows.texts import fields_in, parts

OF_DUTY = frozenset({"hours", "on_call"})


@cache
def tells_of_duty(flow: str) -> bool:
    """Whether this flow, or one it leads to, names the hours of the team or asks who is on. True for no flow."""
    if flow not in FLOWS:
        return True
    return any(_tells(name) for name in _leads_to(flow))


def _leads_to(flow: str) -> set[str]:
    found, fresh = set[str](), {flow}
    while fresh:
        found |= fresh
        orders = (o for name in fresh for s in FLOWS[name].steps.values() if isinstance(s, End) for o in s.effects)
        fresh = {order.flow for order in orders if isinstance(order, Begin)} - found
    return found


def _tells(flow: str) -> bool:
    steps = FLOWS[flow].steps.values()
    asked = {step.fact for step in steps if isinstance(step, Fork)}
    said = {field for step in steps for part in parts(step) for field in fields_in(step, part)}
    return not OF_DUTY.isdisjoint(asked | said)
