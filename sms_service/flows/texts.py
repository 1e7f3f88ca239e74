"""Which words a step has: the catalogue key of each part, its English source and its placeholders."""

from collections.abc import Iterator, Mapping

from sms_service.flows.notices import NOTICES
from sms_service.flows.steps import PLACEHOLDER, Again, Ask, Flow, Notice, Step, Text


def key_of(flow: str, name: str, step: Step, part: str) -> str | None:
    """The catalogue key `flow.step.part`, that of the notice said there, or None where nothing is said."""
    text = part_text(step, part)
    if isinstance(text, Notice):
        return f"notice.{text.name}.say"
    return f"{flow}.{name}.{part}" if text else None


def part_text(step: Step, part: str) -> Text:
    """The text of a part: "say", "also", "again", or an answer's key (its label)."""
    if part == "say":
        return getattr(step, "text", "")
    if part == "also":
        return step.also if isinstance(step, Ask) else ""
    otherwise = getattr(step, "otherwise", None)
    if part == "again":
        return otherwise.text if isinstance(otherwise, Again) else ""
    answers = step.answers if isinstance(step, Ask) else ()
    return next((answer.label for answer in answers if answer.key == part), "")


def parts(step: Step) -> tuple[str, ...]:
    """The parts of a step that have words of their own, in the order they are heard."""
    labels = tuple(answer.key for answer in step.answers) if isinstance(step, Ask) else ()
    named = ("say", *labels, "also", "again")
    return tuple(part for part in named if part_text(step, part))


def fields_in(step: Step, part: str) -> tuple[str, ...]:
    """The placeholders a part needs, those of the labels that follow it included, each once."""
    text = part_text(step, part)
    words = [NOTICES[text.name] if isinstance(text, Notice) else text]
    if isinstance(step, Ask) and labelled(step, part):
        words += [answer.label for answer in step.answers]
    return tuple(dict.fromkeys(PLACEHOLDER.findall(" ".join(words))))


def labelled(step: Ask, part: str) -> bool:
    """Whether the labels of the choices follow this part, since its words do not name them."""
    told = isinstance(step.otherwise, Again) and step.otherwise.told
    return not step.told and (part == "say" or (part == "again" and not told))


def texts_of(flow: Flow) -> Iterator[tuple[str, str]]:
    """Every key of a flow with its English; notices are not the flow's own."""
    for name, step in flow.steps.items():
        for part in parts(step):
            text = part_text(step, part)
            if isinstance(text, str):
                yield f"{flow.name}.{name}.{part}", text


def all_texts(flows: Mapping[str, Flow]) -> dict[str, str]:
    """Every key of these flows and of the notices, with its English source."""
    known = {key: text for flow in flows.values() for key, text in texts_of(flow)}
    return known | {f"notice.{name}.say": text for name, text in NOTICES.items()}
