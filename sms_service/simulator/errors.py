"""Twilio's errors: the API's refusals and what becomes of a message (https://www.twilio.com/docs/api/errors)."""

from typing import Any

_API: dict[int, tuple[int, str]] = {
    20001: (400, "Invalid parameter"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20009: (409, "Resource not complete. Delivery of the message has not been completed."),
    20404: (404, "The requested resource {path} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21211: (400, "Invalid 'To' Phone Number: {to}"),
    21212: (400, "Invalid 'From' Phone Number: {sender}"),
    21266: (400, "'To' and 'From' number cannot be the same: {to}"),
    21408: (
        400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    ),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' or 'MessagingServiceSid' parameter is required to send a message."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number {sender} is not a valid, message-capable Twilio phone number"),
    21609: (400, "The 'StatusCallback' URL is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number {sender} has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number {to} is not currently reachable via SMS"),
    21614: (400, "'To' number {to} is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21624: (400, "Invalid validity period value"),
    30409: (409, "This message cannot be canceled"),
}

_DELIVERY: dict[int, str] = {
    21610: "Attempt to send to unsubscribed recipient",
    14107: "SMS send rate limit exceeded",
    30001: "Queue overflow",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30036: "Validity Period Expired",
}

FAILS_UNSENT = frozenset({21610, 14107, 30001, 30036})
"""These end a message as failed before it leaves; all others are undelivered after sent."""


class ApiError(Exception):
    """One of Twilio's refusals; `facts` fill its sentence."""

    def __init__(self, code: int, **facts: str) -> None:
        self.code = code
        self.status, sentence = _API[code]
        self.sentence = sentence.format(**facts)
        super().__init__(f"{code} {self.sentence}")

    def as_json(self) -> dict[str, Any]:
        """In Twilio's own shape."""
        return {
            "code": self.code,
            "message": self.sentence,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def delivery_message(code: int | None) -> str | None:
    """What the API's `error_message` says of a failed or undelivered message."""
    return None if code is None else _DELIVERY.get(code, "Unknown error")
