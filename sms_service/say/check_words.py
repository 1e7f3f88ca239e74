"""The proofs about words: translated, placeholders equal, 911 and 988 kept, few parts, easy to read."""

from collections.abc import Iterator, Mapping, Sequence

from sms_service.domain.words import Lang
from sms_service.flows.derive import WIDEST
from sms_service.flows.notices import NOTICES
from sms_service.flows.steps import PLACEHOLDER, Ask, Flow, Notice, Step
from sms_service.flows.texts import all_texts, fields_in, labelled, part_text, parts, texts_of
from sms_service.flows.ways import unprompted
from sms_service.say.catalogue import TRANSLATIONS, lifelines, text, translations
from sms_service.say.check_steps import known_values, steps_of
from sms_service.say.problem import Problem
from sms_service.say.reading import GRADE_OF
from sms_service.say.segments import segments
from sms_service.say.sms import MOST_PARTS, filled, with_labels

Flows = Mapping[str, Flow]
LANGS: tuple[Lang, ...] = ("en", *TRANSLATIONS)
MOST_GRADES = 6.0
"""School years needed to read a whole flow (SAFETY.md, Wording)."""
TWO_PARTS = frozenset({"help", "line_to_member", "line_to_volunteer", "wrote", "thanks_passed_on"})
"""Notices that may take two parts: HELP, and those that carry a person's own words."""
LABELS_WITHOUT = frozenset({"outcome.ask.3", "outcome.once_more.3"})
"""Labels for volunteers that speak of the line and are no call to dial it."""
OPRIMA = "oprima 2"


def placeholders_known(flows: Flows) -> Iterator[Problem]:
    """Every placeholder has a value when it is said, and a longest one for the check of segments."""
    for where, flow, step in steps_of(flows):
        for part in parts(step):
            if isinstance(part_text(step, part), Notice):
                continue
            for name in fields_in(step, part):
                if name not in known_values(flow):
                    yield Problem("placeholders", f"{where}.{part}", f"nothing fills {{{name}}}")
    for key, english in all_texts(flows).items():
        for name in sorted(set(PLACEHOLDER.findall(english)) - set(WIDEST)):
            yield Problem("placeholders", key, f"{{{name}}} has no longest value")


def translated(flows: Flows) -> Iterator[Problem]:
    """Every key is translated from its present English, with the same placeholders; nothing is left over."""
    sources = all_texts(flows)
    for lang in TRANSLATIONS:
        ours = translations(lang)
        for key, english in sources.items():
            if key not in ours:
                yield Problem("translated", key, "is missing", lang)
                continue
            source, words = ours[key]
            if source != english:
                yield Problem("translated", key, f"is stale: made from {source!r}", lang)
            if set(PLACEHOLDER.findall(words)) != set(PLACEHOLDER.findall(english)):
                yield Problem("translated", key, "has other placeholders", lang)
        for key in sorted(set(ours) - set(sources)):
            yield Problem("translated", key, "is a translation of nothing", lang)


def lifelines_named(flows: Flows) -> Iterator[Problem]:
    """A translation names 911 and 988 where the English does; in Spanish 988 goes with the key to press."""
    sources = all_texts(flows)
    for key, english in sources.items():
        for lang in TRANSLATIONS:
            words = text(key, lang, sources=sources)
            if key not in LABELS_WITHOUT and not lifelines(english) <= lifelines(words):
                yield Problem("lifelines", key, "loses 911 or 988", lang)
            if "988" in words and OPRIMA not in words:
                yield Problem("lifelines", key, f"names 988 without {OPRIMA!r}", lang)


def segments_kept(flows: Flows) -> Iterator[Problem]:
    """With the longest values a reply takes at most two parts, an unprompted text and a notice one."""
    sources = all_texts(flows)
    for where, flow, step in steps_of(flows):
        alone = where.partition(".")[2] in unprompted(flow)
        for part in parts(step):
            if isinstance(part_text(step, part), Notice) or part.isdigit():
                continue
            keys = [f"{where}.{part}", *(f"{where}.{key}" for key in _labels(step, part))]
            yield from _too_long(keys, 1 if alone and part == "say" else MOST_PARTS, sources)
    for name in NOTICES:
        yield from _too_long([f"notice.{name}.say"], MOST_PARTS if name in TWO_PARTS else 1, sources)


def _labels(step: Step, part: str) -> list[str]:
    return [answer.key for answer in step.answers] if isinstance(step, Ask) and labelled(step, part) else []


def _too_long(keys: Sequence[str], most: int, sources: Mapping[str, str]) -> Iterator[Problem]:
    for lang in LANGS:
        first, *labels = (text(key, lang, sources=sources) for key in keys)
        said = filled(with_labels(first, zip((key[-1] for key in keys[1:]), labels, strict=True)), WIDEST)
        if segments(said) > most:
            yield Problem("segments", keys[0], f"takes {segments(said)} parts, {len(said)} characters", lang)


def easy_to_read(flows: Flows) -> Iterator[Problem]:
    """A whole flow, and the notices together, ask for no more than six school years."""
    sources = all_texts(flows)
    spoken = {flow.name: [key for key, _english in texts_of(flow)] for flow in flows.values()}
    spoken["notice"] = [f"notice.{name}.say" for name in NOTICES]
    for name, keys in spoken.items():
        for lang in LANGS:
            grade = GRADE_OF[lang]([text(key, lang, sources=sources) for key in keys])
            if grade > MOST_GRADES:
                yield Problem("reading", name, f"asks for {grade:.1f} school years", lang)
