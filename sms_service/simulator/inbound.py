"""Texts from handsets: into the log, past Twilio's own keywords, to the service's webhook."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from urllib.parse import urljoin

from sms_service.simulator.exchange import Exchange
from sms_service.simulator.keyed import KeyedPool
from sms_service.simulator.lines import Line
from sms_service.simulator.messages import Message
from sms_service.simulator.optout import keyword_of
from sms_service.simulator.outbound import Outbound, new_sid
from sms_service.simulator.segments import segments
from sms_service.simulator.twiml import Broken, Document, read
from sms_service.simulator.webhooks import Answer, Webhooks

_THREADS = 24
_MOST_REDIRECTS = 10
DEFAULT_SERVICE_SID = "MG" + "0" * 31 + "1"


@dataclass(frozen=True, slots=True)
class Text:
    """What a handset sends. A known `sid` replays that webhook, `at_once` beside the ones still waiting;
    `signature` and `params` tamper with it."""

    handset: str
    line: str
    body: str
    media: tuple[str, ...] = ()
    sid: str = ""
    at_once: bool = False
    signature: str | None = None
    params: Mapping[str, str | None] = field(default_factory=dict)


class Inbound:
    """Webhooks of one handset go out one after the other, in the order of its texts."""

    def __init__(self, exchange: Exchange, outbound: Outbound, webhooks: Webhooks) -> None:
        self._exchange = exchange
        self._outbound = outbound
        self._webhooks = webhooks
        self._lock = Lock()
        self._pool = KeyedPool("inbound", _THREADS, exchange.flowing)

    def receive(self, text: Text) -> str:
        """The message's sid, at once; the webhook follows in the background."""
        with self._lock:
            message = self._exchange.messages.get(text.sid) or self._arrived(text)
        if not self._exchange.knobs.drop_webhooks:
            key = new_sid("key") if text.at_once else message.handset
            self._pool.submit(key, partial(self._deliver, message, text))
        return message.sid

    def stop(self) -> None:
        """What has not left stays."""
        self._pool.stop()

    def _arrived(self, text: Text) -> Message:
        now = self._exchange.now()
        message = Message(
            sid=text.sid or new_sid("MM" if text.media else "SM"),
            direction="inbound",
            line=text.line,
            handset=text.handset,
            body=text.body,
            created_at=now,
            segments=segments(text.body),
            status="received",
            media=text.media,
            sent_at=now,
            updated_at=now,
        )
        self._exchange.messages.add(message)
        self._exchange.tell_truth(message)
        self._act_on_keyword(message)
        return message

    def _act_on_keyword(self, message: Message) -> None:
        keyword = keyword_of(message.body)
        if keyword is None:
            return
        knobs = self._exchange.knobs
        sentence = self._exchange.opt_outs.act(message.line, message.handset, keyword, advanced=knobs.advanced_opt_out)
        if sentence is not None and knobs.default_replies:
            self._outbound.auto_reply(message.line, message.handset, sentence)

    def _deliver(self, message: Message, text: Text) -> None:
        line = self._exchange.lines[message.line]
        params = {**self._params(message), **text.params}
        form = {key: value for key, value in params.items() if value is not None}
        for document in self._answers(line, message, form, text):
            for reply in document.replies:
                self._outbound.reply(message.line, message.handset, reply)

    def _answers(self, line: Line, message: Message, form: dict[str, str], text: Text) -> Iterator[Document]:
        """Each document the service answers with: the URL's, or the fallback's, then its redirects."""
        url, method = line.settings["sms_url"], line.settings["sms_method"]
        spare = "" if text.signature else line.settings["sms_fallback_url"]
        for _ in range(_MOST_REDIRECTS):
            if not url:
                return
            send = partial(self._webhooks.send, sid=message.sid, signature=text.signature)
            answer = send("inbound", url, form, method=method)
            document = _understood(answer)
            if isinstance(document, Broken) and spare:
                why = {"ErrorCode": str(document.code), "ErrorUrl": url}
                answer = send("fallback", spare, form | why, method=line.settings["sms_fallback_method"])
                document = _understood(answer)
            if isinstance(document, Broken):
                self._warn(message, document.code)
                return
            if document.unknown:
                self._warn(message, 12200, *document.unknown)
            yield document
            if document.redirect is None:
                return
            url, method = urljoin(url, document.redirect), "POST"

    def _warn(self, message: Message, code: int, *verbs: str) -> None:
        """What Twilio's debugger would show."""
        at = self._exchange.now().isoformat(timespec="milliseconds")
        entry = {"at": at, "kind": "debugger", "sid": message.sid, "error_code": code, "verbs": list(verbs)}
        self._exchange.requests.append(entry)

    def _params(self, message: Message) -> dict[str, str]:
        account = self._exchange.config.account_sid
        params = {
            "ToCountry": "US",
            "ToState": "DC",
            "SmsMessageSid": message.sid,
            "NumMedia": str(len(message.media)),
            "ToCity": "WASHINGTON",
            "FromZip": "",
            "SmsSid": message.sid,
            "FromState": "DC",
            "SmsStatus": "received",
            "FromCity": "",
            "Body": message.body,
            "FromCountry": "US",
            "To": message.line,
            "ToZip": "",
            "NumSegments": str(message.segments),
            "MessageSid": message.sid,
            "AccountSid": account,
            "From": message.handset,
            "ApiVersion": "2010-04-01",
        }
        base = f"http://{self._exchange.config.host}:{self._exchange.config.port}/2010-04-01/Accounts/{account}"
        for place, kind in enumerate(message.media):
            media = "ME" + hashlib.sha256(f"{message.sid}{place}".encode()).hexdigest()[:32]
            params[f"MediaUrl{place}"] = f"{base}/Messages/{message.sid}/Media/{media}"
            params[f"MediaContentType{place}"] = kind
        if self._exchange.knobs.advanced_opt_out:
            params["MessagingServiceSid"] = DEFAULT_SERVICE_SID
            if (keyword := keyword_of(message.body)) is not None:
                params["OptOutType"] = keyword
        return params


def _understood(answer: Answer) -> Document | Broken:
    return Broken(answer.error) if answer.error is not None else read(answer.content_type, answer.body)
