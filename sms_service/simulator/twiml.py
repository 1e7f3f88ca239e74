"""Reads the TwiML that answers a text: Message (Body) and Redirect; other verbs are named and skipped."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

LARGEST = 64 * 1024
MOST_MESSAGES = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """One `<Message>`; empty `to` and `line` mean the two of the conversation."""

    body: str
    to: str = ""
    line: str = ""
    status_callback: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What to do next, and the verbs that were not understood (12200)."""

    replies: tuple[Reply, ...] = ()
    redirect: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """The answer is no TwiML; `code` is Twilio's error."""

    code: int


def read(content_type: str, body: bytes) -> Document | Broken:
    """An empty body and an empty Response are fine; plain text is sent as it stands."""
    if len(body) > LARGEST:
        return Broken(11750)
    if not body.strip():
        return Document()
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        return Document((Reply(body.decode("utf-8", "replace")),))
    if kind not in ("text/xml", "application/xml", "text/html"):
        return Broken(12300)
    try:
        root = ET.fromstring(body)  # noqa: S314 - our own service's answer, at most 64 kB
    except ET.ParseError:
        return Broken(12100)
    return _document(root) if root.tag == "Response" else Broken(12100)


def _document(root: ET.Element) -> Document:
    replies: list[Reply] = []
    unknown: list[str] = []
    for verb in root:
        if verb.tag in ("Message", "Sms"):
            replies.append(_reply(verb))
        elif verb.tag == "Redirect":
            return Document(tuple(replies), (verb.text or "").strip(), tuple(unknown))
        else:
            unknown.append(verb.tag)
    return Document(tuple(replies[:MOST_MESSAGES]), None, tuple(unknown))


def _reply(verb: ET.Element) -> Reply:
    inside = verb.find("Body")
    text = (verb.text or "") if inside is None else (inside.text or "")
    callback = verb.get("statusCallback") or verb.get("action") or ""
    return Reply(text.strip(), verb.get("to", ""), verb.get("from", ""), callback)
