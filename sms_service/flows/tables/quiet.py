"""QUIET: whether it is safe to write to this phone (CONVERSATION.md 23). Joining asks the same question."""

from sms_service.flows.effects import Save
from sms_service.flows.steps import After, Again, Answer, Ask, End, Flow, hours


def safe_question(*, free: str, after: str, never: str, unclear: str) -> Ask:
    """SAFE, saved as `safe_to_write`; no clear answer goes to `unclear`."""
    return Ask(
        "Do others read texts on this phone? Text 1: no. 2: yes, write only after I write. "
        "3: yes, never text, I will call.",
        (
            Answer("1", "No", free, words=("nobody", "only me"), es=("nadie", "solo yo"), no=True, value="free"),
            Answer(
                "2",
                "Yes, write only after I write",
                after,
                words=("after", "after i write"),
                es=("despues", "solo despues", "si solo si escribo yo"),
                yes=True,
                value="after",
            ),
            Answer(
                "3",
                "Yes, never text",
                never,
                words=("never", "never text"),
                es=("nunca", "no escriban", "si no escriban nunca"),
                value="never",
            ),
        ),
        told=True,
        save="safe_to_write",
        otherwise=Again(
            "Who can read your texts? Text 1: only me. 2: others too, write after I write. 3: never text me.",
            times=1,
            then=unclear,
        ),
        silence=After(hours(2), unclear),
    )


QUIET = Flow(
    "quiet",
    start="ask",
    steps={
        "ask": safe_question(free="free", after="after", never="never", unclear="unclear"),
        "free": End("Saved. We may write to you. To change this, text QUIET."),
        "after": End("Saved. We write only after you write. To change this, text QUIET."),
        "never": End("Saved. We will not text first. You can call this number any time."),
        "unclear": End(
            "To be safe, we write only after you write. To change this, text QUIET.",
            Save("safe_to_write", "after"),
        ),
    },
)
