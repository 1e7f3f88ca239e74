"""What is offered to somebody who is not well; shared, so each leads to steps of one name."""

from sms_service.flows.steps import After, Again, Answer, Ask, DoWith, hours


def help_choices() -> tuple[Answer, ...]:
    """A person, an idea, a helpline."""
    return (
        Answer(
            "1",
            "A person",
            "person",
            words=("person", "talk", "someone", "a volunteer"),
            es=("persona", "hablar", "alguien", "un voluntario"),
        ),
        Answer("2", "An idea", "idea", words=("idea",), es=("idea",)),
        Answer("3", "A helpline", "helpline", words=("helpline", "line", "number"), es=("linea", "numero")),
    )


def person_offer() -> Ask:
    """Words that were no choice are met with a person, not with the same question again."""
    return Ask(
        "Thank you for telling us. Would you like a person from our group to text you?",
        (
            Answer("1", "Yes", "person", words=("please", "talk"), es=("por favor", "hablar"), yes=True),
            Answer("2", "Not now", "not_now", words=("later",), es=("ahora no", "luego"), no=True),
        ),
        otherwise=Again("Text 1 and a person will text you. Text 2: not now.", times=1, then="person", told=True),
        silence=After(hours(2), "rest"),
    )


def still_here() -> Ask:
    """One quiet word after half an hour without an answer."""
    return Ask(
        "We are still here. What would help? 988 is open day and night too.",
        help_choices(),
        otherwise="person_offer",
        silence=After(hours(2), "rest"),
    )


def after_idea(text: str) -> Ask:
    """One small idea was given in `text`; is more wanted?"""
    return Ask(
        text,
        (
            Answer("1", "A person", "person", words=("talk", "someone"), es=("persona", "hablar", "alguien")),
            Answer("2", "One more idea", "idea", words=("more", "idea"), es=("mas", "otra", "otra idea")),
            Answer("3", "I'm OK", "fine", words=("ok", "fine"), es=("bien", "estoy bien"), no=True),
        ),
        first=(DoWith("idea_given", "idea_id"),),
        otherwise="person_offer",
        silence=After(hours(1), "rest"),
    )
