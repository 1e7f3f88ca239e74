"""A turn's words as SMS bodies: labels after their question, texts joined while they fit in two parts."""

from collections.abc import Iterable, Mapping, Sequence

from sms_service.domain.words import Lang
from sms_service.flows.effects import Say
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import PLACEHOLDER, Ask
from sms_service.flows.texts import labelled
from sms_service.say.catalogue import NO_OVERRIDES, text
from sms_service.say.segments import segments

MOST_PARTS = 2
"""SMS parts of one reply (SAFETY.md); what does not fit becomes a text of its own."""


def render_turn(says: Sequence[Say], lang: Lang, overrides: Mapping[str, str] = NO_OVERRIDES) -> tuple[str, ...]:
    """The SMS bodies of one turn, in order. Accents are kept as written: one á makes a text UCS-2."""
    return join_texts(body(say, lang, overrides) for say in says)


def render_notice(name: str, lang: Lang, overrides: Mapping[str, str] = NO_OVERRIDES, /, **fields: str) -> str:
    """The SMS body of a single statement. KeyError on an unknown one."""
    return body(Say(f"notice.{name}.say", fields), lang, overrides)


def body(say: Say, lang: Lang, overrides: Mapping[str, str] = NO_OVERRIDES) -> str:
    """The words of one Say with its labels, placeholders filled; one without a value vanishes."""
    words = with_labels(text(say.key, lang, overrides), labels(say.key, lang, overrides))
    return filled(words, say.fields).strip()


def filled(words: str, fields: Mapping[str, str]) -> str:
    """The words with each placeholder replaced by its value."""
    return PLACEHOLDER.sub(lambda found: fields.get(found[1], ""), words)


def with_labels(words: str, choices: Iterable[tuple[str, str]]) -> str:
    """A question and its choices: "What would help? 1 A person 2 An idea"."""
    return " ".join([words, *(f"{key} {label}" for key, label in choices)])


def labels(key: str, lang: Lang, overrides: Mapping[str, str] = NO_OVERRIDES) -> list[tuple[str, str]]:
    """The keys and labels a question is followed by; none when its text names them."""
    flow, name, part = key.split(".")
    step = FLOWS[flow].steps.get(name) if flow in FLOWS else None
    if not isinstance(step, Ask) or not labelled(step, part):
        return []
    keys = [answer.key for answer in step.answers]
    return [(answer, text(f"{flow}.{name}.{answer}", lang, overrides)) for answer in keys]


def join_texts(bodies: Iterable[str]) -> tuple[str, ...]:
    """Neighbours in one text while that takes no more than two parts; empty ones are left out."""
    joined: list[str] = []
    for words in filter(None, bodies):
        together = f"{joined[-1]} {words}" if joined else words
        if joined and segments(together) <= MOST_PARTS:
            joined[-1] = together
        else:
            joined.append(words)
    return tuple(joined)
