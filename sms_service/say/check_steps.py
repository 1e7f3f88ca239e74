"""The proofs about tables: every way leads somewhere, every step is come to and left, no answer means two."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sms_service.domain.plain import word_set
from sms_service.flows.derive import FIELDS, FORKS
from sms_service.flows.effects import ORDERS, SAVES, Begin, Do, Save
from sms_service.flows.matching import chosen, phrases
from sms_service.flows.notices import NOTICES
from sms_service.flows.steps import Ask, DoWith, End, Flow, Fork, Keep, Listen, Notice, ReferTo, Step, Tell
from sms_service.flows.texts import all_texts
from sms_service.flows.ways import orders, reached, ways
from sms_service.say.catalogue import TRANSLATIONS, text
from sms_service.say.problem import Problem

Flows = Mapping[str, Flow]

RESERVED = word_set(
    """stop stopall unsubscribe cancel end quit revoke optout start unstop help info yes
    alto parar baja cancelar inicio ayuda"""
)
"""Words that carriers and Twilio act on themselves (TWILIO.md)."""


def steps_of(flows: Flows) -> Iterator[tuple[str, Flow, Step]]:
    """Every step with its place `flow.step`."""
    for flow in flows.values():
        for name, step in flow.steps.items():
            yield f"{flow.name}.{name}", flow, step


def dangling(flows: Flows) -> Iterator[Problem]:
    """Every way leads to a step, every renamed step to one that is there, every notice has words."""
    for where, flow, step in steps_of(flows):
        for way in ways(step):
            if way.reason != "begin" and way.to not in flow.steps:
                yield Problem("dangling", where, f"leads to {way.to!r}, which is no step")
        for said in (getattr(step, "text", ""), getattr(step, "also", "")):
            if isinstance(said, Notice) and said.name not in NOTICES:
                yield Problem("dangling", where, f"says the unknown notice {said.name!r}")
    for flow in flows.values():
        for old, new in flow.renamed.items():
            if new not in flow.steps or old in flow.steps:
                yield Problem("dangling", f"{flow.name}.{old}", f"renamed to {new!r}, which is no step")
        if flow.start not in flow.steps:
            yield Problem("dangling", flow.name, f"starts at {flow.start!r}, which is no step")


def forks(flows: Flows) -> Iterator[Problem]:
    """A fork's fact is known and every one of its branches has a way."""
    for where, _flow, step in steps_of(flows):
        if not isinstance(step, Fork):
            continue
        if step.fact not in FORKS:
            yield Problem("forks", where, f"forks on the unknown fact {step.fact!r}")
        elif set(FORKS[step.fact][0]) != set(step.branches):
            yield Problem("forks", where, f"{step.fact} has the branches {FORKS[step.fact][0]}")


def unreachable(flows: Flows) -> Iterator[Problem]:
    """Every step can be come to from the start."""
    for flow in flows.values():
        for name in sorted(set(flow.steps) - reached(flow, flow.start)):
            yield Problem("unreachable", f"{flow.name}.{name}", "no way leads here")


def trapping(flows: Flows) -> Iterator[Problem]:
    """From every step an end can be reached, by silence alone too, and no circle turns without waiting."""
    for where, flow, step in steps_of(flows):
        name = where.partition(".")[2]
        if not any(isinstance(flow.steps[other], End) for other in reached(flow, name)):
            yield Problem("trapping", where, "no end can be reached from here")
        if not isinstance(step, Ask | Listen) and name in _without_waiting(flow, name):
            yield Problem("trapping", where, "a circle that never waits for an answer")
        if isinstance(step, Ask | Listen) and _silence_circles(flow, name):
            yield Problem("trapping", where, "silence goes in a circle")


def _without_waiting(flow: Flow, start: str) -> set[str]:
    """The steps walked through after this one before any question waits."""
    seen: set[str] = set()
    ahead = [way.to for way in ways(flow.steps[start]) if way.reason != "begin"]
    while ahead:
        name = ahead.pop()
        step = flow.steps.get(name)
        if name in seen or step is None or isinstance(step, Ask | Listen):
            continue
        seen.add(name)
        ahead += [way.to for way in ways(step) if way.reason != "begin"]
    return seen


def _silence_circles(flow: Flow, name: str) -> bool:
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        step = flow.steps.get(ahead.pop())
        if isinstance(step, Ask | Listen):
            ahead.append(step.silence.then)
        elif isinstance(step, Fork | Tell):
            ahead += [way.to for way in ways(step)]
        if name in ahead:
            return True
        if set(ahead) <= seen:
            return False
        seen |= set(ahead)
    return False


def ambiguous(flows: Flows) -> Iterator[Problem]:
    """Keys count from 1, no words mean two answers, each label chooses its own in every language."""
    sources = all_texts(flows)
    for where, _flow, step in steps_of(flows):
        if not isinstance(step, Ask):
            continue
        if [answer.key for answer in step.answers] != [str(n + 1) for n in range(len(step.answers))]:
            yield Problem("ambiguous", where, "the keys do not count from 1")
        said = Counter(words for answer in step.answers for words in phrases(answer))
        for words in sorted(words for words, times in said.items() if times > 1):
            yield Problem("ambiguous", where, f"{words!r} means two answers")
        if max(sum(answer.yes for answer in step.answers), sum(answer.no for answer in step.answers)) > 1:
            yield Problem("ambiguous", where, "a plain yes or no means two answers")
        for answer in step.answers:
            for lang in ("en", *TRANSLATIONS):
                label = text(f"{where}.{answer.key}", lang, sources=sources)
                if chosen(step, label) is not answer:
                    yield Problem("ambiguous", where, f"the label {label!r} does not choose it", lang)


def reserved(flows: Flows) -> Iterator[Problem]:
    """No answer needs a word that never reaches us as an answer; saying 1 or 2 always does."""
    for where, _flow, step in steps_of(flows):
        if not isinstance(step, Ask):
            continue
        for answer in step.answers:
            if not answer.key.isdigit():
                yield Problem("reserved", where, f"the answer {answer.key!r} has no digit")
            for words in sorted(phrases(answer) & (RESERVED - {"yes"})):
                yield Problem("reserved", where, f"{words!r} is acted on by carriers")


def orders_known(flows: Flows) -> Iterator[Problem]:
    """Every Save and Do has a name that the service carries out, every derived value is derived."""
    for where, flow, step in steps_of(flows):
        for order in orders(step):
            if isinstance(order, Save | Keep) and order.name not in SAVES:
                yield Problem("orders", where, f"saves the unknown {order.name!r}")
            if isinstance(order, Do | DoWith) and order.what not in ORDERS:
                yield Problem("orders", where, f"orders the unknown {order.what!r}")
            if isinstance(order, Keep | DoWith | ReferTo) and order.of not in known_values(flow):
                yield Problem("orders", where, f"takes the unknown value {order.of!r}")
        save = getattr(step, "save", "")
        if save and save not in SAVES:
            yield Problem("orders", where, f"saves the unknown {save!r}")


def known_values(flow: Flow) -> frozenset[str]:
    """What a placeholder or an order of this flow may name."""
    kept = [step.save or step.keep for step in flow.steps.values() if isinstance(step, Ask | Listen)]
    return frozenset((*flow.slots, *kept, *FIELDS, "heard")) - {""}


def begins(flows: Flows) -> Iterator[Problem]:
    """A flow that is begun is there and is handed only what it takes."""
    for where, _flow, step in steps_of(flows):
        for order in orders(step):
            if not isinstance(order, Begin):
                continue
            if order.flow not in flows:
                yield Problem("begins", where, f"begins the unknown flow {order.flow!r}")
            elif not set(order.slots) <= set(flows[order.flow].slots):
                yield Problem("begins", where, f"hands {order.flow} what it does not take")
            if not isinstance(step, End):
                yield Problem("begins", where, "begins a flow before its own end")
