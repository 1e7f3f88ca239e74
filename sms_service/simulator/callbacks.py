"""Status callbacks: one for each state after the first, as reliable as the knobs say."""

import secrets
import time
from functools import partial

from sms_service.simulator.errors import delivery_message
from sms_service.simulator.exchange import Exchange
from sms_service.simulator.keyed import KeyedPool
from sms_service.simulator.messages import Message
from sms_service.simulator.webhooks import Webhooks

_THREADS = 8
_LATEST_S = 1.0


class Callbacks:
    """Those of one message leave in order unless the knobs shuffle them."""

    def __init__(self, exchange: Exchange, webhooks: Webhooks) -> None:
        self._exchange = exchange
        self._webhooks = webhooks
        self._pool = KeyedPool("callbacks", _THREADS, exchange.flowing)

    def report(self, message: Message) -> None:
        """Tell the service the state the message has now; returns at once."""
        knobs = self._exchange.knobs
        if not message.status_callback or knobs.drop_webhooks:
            return
        params = self._params(message)
        if not self._exchange.chance(knobs.callbacks_drop):
            self._dispatch(message, params, late=self._exchange.chance(knobs.callbacks_shuffle))
        if self._exchange.chance(knobs.callbacks_duplicate):
            self._dispatch(message, params, late=True)

    def stop(self) -> None:
        """What has not left stays."""
        self._pool.stop()

    def _dispatch(self, message: Message, params: dict[str, str], *, late: bool) -> None:
        send = partial(self._webhooks.send, "status", message.status_callback, params, sid=message.sid)
        delay = self._exchange.knobs.callbacks_delay_ms / 1000
        key = message.sid
        if late:
            delay, key = delay + self._exchange.roll() * _LATEST_S, secrets.token_hex(8)
        submit = partial(self._pool.submit, key, send)
        if delay > 0:
            self._exchange.timer.at(time.monotonic() + delay, submit)
        else:
            submit()

    def _params(self, message: Message) -> dict[str, str]:
        params = {
            "ApiVersion": "2010-04-01",
            "MessageStatus": message.status,
            "SmsSid": message.sid,
            "SmsStatus": message.status,
            "To": message.handset,
            "From": message.line,
            "MessageSid": message.sid,
            "AccountSid": self._exchange.config.account_sid,
        }
        if message.service_sid:
            params["MessagingServiceSid"] = message.service_sid
        if message.status == "delivered":
            params["RawDlrDoneDate"] = self._exchange.now().strftime("%y%m%d%H%M")
        if message.error_code is not None:
            params["ErrorCode"] = str(message.error_code)
            params["ErrorMessage"] = delivery_message(message.error_code) or ""
        return params
