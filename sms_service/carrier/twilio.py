"""Texts through Twilio: send, list, redact. What it returns and raises carries no number and no words."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeAlias

from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.carrier.codes import outcome_of
from sms_service.carrier.http import POOL, NoAnswer, Wire, without_answer
from sms_service.carrier.outcomes import Outcome, Sent, Unsure
from sms_service.settings import Settings

MAX_VALIDITY_S = 36_000
SETTLE_LIMIT, CATCH_UP_LIMIT = 200, 5_000
Direction: TypeAlias = Literal["inbound", "outbound"]


class CarrierError(Exception):
    """Twilio could not be asked, or said no; `code` is its own or the HTTP status, 0 without an answer."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(f"Twilio: {what}" if not code else f"Twilio: {what} ({code})")
        self.code = code


@dataclass(frozen=True, slots=True)
class ListedSms:
    """A text as Twilio lists it; `at` is when it was sent, else made (aware UTC)."""

    sid: str
    to: str = field(repr=False)
    from_: str = field(repr=False)
    body: str = field(repr=False)
    status: str
    direction: Direction
    at: datetime
    num_media: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """The account as Twilio sees it."""

    status: str
    type: str


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number of the account and where Twilio takes its texts and calls."""

    number: str = field(repr=False)
    sms_url: str
    sms_fallback_url: str
    voice_url: str
    voice_fallback_url: str
    by_application: bool = False
    """A TwiML application is set, which goes before the addresses for texts."""


class TwilioCarrier:
    """The seam: one per process is enough, threads may share it, and a fork gets its own connections."""

    def __init__(self, settings: Settings, connections: int = POOL) -> None:
        self._settings = settings
        self._connections = connections
        self._lock = threading.Lock()
        self._made: tuple[int, Client] | None = None

    def send_sms(self, to: str, from_: str, body: str, status_callback: str, validity_s: int) -> Outcome:
        """Hand one text over, once. Never raises for what Twilio or the network does; never tries again.

        `validity_s`: seconds after which the carrier drops it; held within Twilio's 1..36,000.
        """
        order: dict[str, Any] = {
            "to": to,
            "from_": from_,
            "body": body,
            "status_callback": status_callback,
            "validity_period": max(1, min(validity_s, MAX_VALIDITY_S)),
        }
        if not status_callback:  # an alert of the service itself: nobody waits to hear what became of it
            del order["status_callback"]
        if self._settings.twilio_messaging_service_sid:
            order["messaging_service_sid"] = self._settings.twilio_messaging_service_sid
        try:
            sid = self._client.messages.create(**order).sid
        except TwilioException as no:
            return outcome_of(*_status_and_code(no))
        except NoAnswer as error:
            return without_answer(error)
        except (ValueError, TypeError, AttributeError, KeyError):
            return Unsure("unreadable answer")
        return Sent(sid) if isinstance(sid, str) and sid else Unsure("answer without a SID")

    def warm_up(self) -> None:
        """Loads what the first text needs, so that it is not the one to wait for it."""
        _ = self._client.messages

    def list_sms(
        self, since: datetime, direction: Direction, *, to: str | None = None, from_: str | None = None
    ) -> list[ListedSms]:
        """Texts of one direction since then, oldest first, to settle a send or to catch up. CarrierError.

        Outbound ones are not filtered by date at Twilio: a text still queued has no date of sending.
        """
        since = since.replace(microsecond=0)  # Twilio knows whole seconds
        asked: dict[str, Any] = {"to": to, "from_": from_}
        if direction == "inbound":
            asked["date_sent_after"] = since
        asked = {name: value for name, value in asked.items() if value is not None}
        limit = CATCH_UP_LIMIT if direction == "inbound" else SETTLE_LIMIT
        with _plain("list failed"):
            rows = self._client.messages.list(**asked, limit=limit, page_size=min(limit, 1000))
            found = [_listed(row) for row in rows]
        return sorted((sms for sms in found if sms.direction == direction and sms.at >= since), key=lambda sms: sms.at)

    def redact(self, sid: str) -> None:
        """Blank the words at Twilio. Already gone is fine; CarrierError otherwise."""
        with _plain("redaction failed", gone_is_fine=True):
            self._client.messages(sid).update(body="")

    def delete(self, sid: str) -> None:
        """Remove the text at Twilio. Already gone is fine; CarrierError otherwise."""
        with _plain("deletion failed", gone_is_fine=True):
            self._client.messages(sid).delete()

    def fetch_account(self) -> Account:
        """Is the account there and active? CarrierError when it cannot be fetched."""
        with _plain("account not available"):
            account = self._client.api.accounts(self._settings.twilio_account_sid).fetch()
            return Account(str(account.status), str(account.type))

    def list_numbers(self) -> list[OwnNumber]:
        """Every number of the account with its addresses. CarrierError."""
        with _plain("numbers not available"):
            rows = self._client.incoming_phone_numbers.list(limit=1000, page_size=1000)
            return [_own_number(row) for row in rows]

    def their_time(self) -> datetime:
        """What Twilio's clock says, to the second (the Date of an answer), aware UTC. CarrierError."""
        with _plain("time not available"):
            account = f"{self._settings.twilio_api_url}/2010-04-01/Accounts/{self._settings.twilio_account_sid}.json"
            answer = self._client.request("GET", account)
            named = {name.lower(): value for name, value in answer.headers.items()}
            return parsedate_to_datetime(named["date"]).astimezone(UTC)

    @property
    def _client(self) -> Client:
        with self._lock:
            if self._made is None or self._made[0] != os.getpid():
                self._made = (os.getpid(), self._new_client())
            return self._made[1]

    def _new_client(self) -> Client:
        return Client(
            self._settings.twilio_account_sid,
            self._settings.twilio_auth_token,
            http_client=Wire(self._settings.twilio_api_url, self._connections),
        )


@contextmanager
def _plain(what: str, *, gone_is_fine: bool = False) -> Iterator[None]:
    """Whatever goes wrong inside becomes a CarrierError without numbers, words or the original's text."""
    try:
        yield
    except TwilioException as no:
        status, code = _status_and_code(no)
        if not (gone_is_fine and status == 404):
            raise CarrierError(code or status, what) from None
    except NoAnswer as error:
        raise CarrierError(0, f"{what}, {type(error).__name__}") from None
    except (ValueError, TypeError, AttributeError, KeyError):
        raise CarrierError(0, f"{what}, unreadable answer") from None


def _status_and_code(error: Any) -> tuple[int, int | None]:
    """HTTP status (0: none known) and Twilio's code; a failed page of a list holds only the raw answer."""
    if hasattr(error, "status"):
        return error.status, error.code if isinstance(error.code, int) else None
    answer = error.args[1] if len(error.args) > 1 else None
    try:
        code = json.loads(answer.text)["code"] if answer else None
    except (ValueError, TypeError, KeyError):
        code = None
    return getattr(answer, "status_code", 0), code if isinstance(code, int) else None


def _listed(row: Any) -> ListedSms:
    at = row.date_sent or row.date_created
    if not isinstance(at, datetime):
        raise TypeError("a text without a date")
    return ListedSms(
        sid=row.sid,
        to=row.to or "",
        from_=row.from_ or "",
        body=row.body or "",
        status=str(row.status),
        direction="inbound" if row.direction == "inbound" else "outbound",
        at=at.astimezone(UTC),
        num_media=int(row.num_media) if str(row.num_media).isdecimal() else 0,
    )


def _own_number(row: Any) -> OwnNumber:
    return OwnNumber(
        number=row.phone_number,
        sms_url=row.sms_url or "",
        sms_fallback_url=row.sms_fallback_url or "",
        voice_url=row.voice_url or "",
        voice_fallback_url=row.voice_fallback_url or "",
        by_application=bool(row.sms_application_sid),
    )
