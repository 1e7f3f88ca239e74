"""Texts on their way to handsets: queued, sent, delivered, or ended with an error code."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from sms_service.simulator.callbacks import Callbacks
from sms_service.simulator.errors import FAILS_UNSENT, ApiError
from sms_service.simulator.exchange import Exchange
from sms_service.simulator.messages import Message, Status
from sms_service.simulator.queues import SenderQueue
from sms_service.simulator.segments import segments
from sms_service.simulator.twiml import Reply

_LOOP_GAP = timedelta(seconds=30)


def new_sid(prefix: str) -> str:
    """The prefix and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class Outbound:
    """Takes messages over and walks each one through its states."""

    def __init__(self, exchange: Exchange, callbacks: Callbacks) -> None:
        self._exchange = exchange
        self._callbacks = callbacks
        self._queues: dict[str, SenderQueue] = {}
        self._replies: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._lock = Lock()

    def accept(self, message: Message) -> None:
        """Into its sender's queue. ApiError 21611 when that is full."""
        queue = self._queue(message.line)
        if queue.seconds_waiting > self._exchange.knobs.queue_seconds:
            raise ApiError(21611, sender=message.line)
        self._exchange.messages.add(message)
        queue.put(message)

    def auto_reply(self, line: str, handset: str, body: str) -> None:
        """One of Twilio's own sentences about STOP, START and HELP; no opt-out holds it back."""
        message = self._reply(line, handset, Reply(body))
        message.past_opt_out = True
        self._exchange.messages.add(message)
        self._queue(line).put(message)

    def reply(self, line: str, handset: str, reply: Reply) -> None:
        """A `<Message>` of the service's answer."""
        line = reply.line if reply.line in self._exchange.lines else line
        message = self._reply(line, reply.to or handset, reply)
        self._exchange.messages.add(message)
        if self._loops(message):
            self._end(message, "failed", 14107)
        else:
            self._queue(line).put(message)

    def _reply(self, line: str, handset: str, reply: Reply) -> Message:
        return Message(
            sid=new_sid("SM"),
            direction="outbound-reply",
            line=line,
            handset=handset,
            body=reply.body,
            created_at=self._exchange.now(),
            segments=segments(reply.body),
            status_callback=reply.status_callback,
        )

    def _loops(self, message: Message) -> bool:
        """Counts replies that follow each other within 30 seconds (error 14107)."""
        limit = self._exchange.knobs.loop_guard
        pair = (message.line, message.handset)
        with self._lock:
            count, last = self._replies.get(pair, (0, message.created_at))
            count = count + 1 if message.created_at - last < _LOOP_GAP else 1
            self._replies[pair] = (count, message.created_at)
        return 0 < limit < count

    def _queue(self, line: str) -> SenderQueue:
        with self._lock:
            queue = self._queues.get(line)
            if queue is None:
                rate = partial(self._rate_of, line)
                queue = self._queues[line] = SenderQueue(self._exchange.timer, rate, self._hand_over)
            return queue

    def _rate_of(self, line: str) -> float:
        return self._exchange.knobs.rate_of(line)

    def _hand_over(self, message: Message) -> None:
        """The message's turn in the queue has come."""
        code = self._fate(message)
        if code in FAILS_UNSENT:
            self._end(message, "failed", code)
            return
        message.sent_at = self._exchange.now()
        self._move(message, "sent")
        seconds = self._exchange.knobs.latency_ms / 1000
        status: Status = "delivered" if code is None else "undelivered"
        self._exchange.timer.after(seconds, partial(self._end, message, status, code))

    def _fate(self, message: Message) -> int | None:
        """The error it will end with, or None."""
        knobs = self._exchange.knobs
        if self._exchange.now() - message.created_at > timedelta(seconds=message.validity_s):
            return 30036
        if (message.line, message.handset) in self._exchange.opt_outs and not message.past_opt_out:
            return 21610
        if message.handset in knobs.undeliverable:
            return knobs.undeliverable[message.handset]
        if message.handset in knobs.unreachable:
            return 30003
        return 30008 if self._exchange.chance(knobs.p_undelivered) else None

    def _end(self, message: Message, status: Status, code: int | None) -> None:
        message.error_code = code
        self._move(message, status)
        self._exchange.tell_truth(message)

    def _move(self, message: Message, status: Status) -> None:
        message.updated_at = self._exchange.now()
        message.status = status
        self._callbacks.report(message)
