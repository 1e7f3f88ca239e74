"""A phone in the terminal: prints what arrives, sends each line that is typed."""

import json
import sys
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any, TextIO

import requests

_WAIT_S = 20
_TIMEOUT_S = 30
_PAUSE_S = 1.0


class NotRunningError(Exception):
    """No local Twilio answers; the message says where it was looked for."""


def phone(number: str, line: str, base_url: str, typed: TextIO | None = None, screen: TextIO | None = None) -> int:
    """Be the handset `number` talking with `line` until end of input (Ctrl-D); the exit code."""
    typed, screen = typed or sys.stdin, screen or sys.stdout
    try:
        last = _newest(base_url)
        _check_line(base_url, line)
    except (NotRunningError, ValueError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    screen.write(f"{number} is talking with {line}. Type a text and press Enter; Ctrl-D ends.\n")
    screen.flush()
    ended = Event()
    listener = Thread(target=_listen, args=(number, line, base_url, last, screen, ended), daemon=True)
    listener.start()
    try:
        return _send_each(number, line, base_url, typed)
    except KeyboardInterrupt:
        return 0
    finally:
        ended.set()


def _send_each(number: str, line: str, base_url: str, typed: TextIO) -> int:
    for words in typed:
        text = words.rstrip("\n")
        if not text.strip():
            continue
        try:
            answer = requests.post(
                f"{base_url}/sim/texts", json={"from": number, "to": line, "body": text}, timeout=_TIMEOUT_S
            )
        except requests.RequestException:
            sys.stderr.write(f"{_gone(base_url)}\n")
            return 1
        if not answer.ok:
            sys.stderr.write(f"Not sent: {answer.text.strip()}\n")
    return 0


def _listen(number: str, line: str, base_url: str, after: int, screen: TextIO, ended: Event) -> None:
    while not ended.is_set():
        try:
            for entry in _entries(base_url, after, _WAIT_S):
                after = int(entry["n"])
                if entry["handset"] == number and entry["line"] == line and not ended.is_set():
                    _show(entry, screen)
        except NotRunningError:
            ended.wait(_PAUSE_S)


def _show(entry: dict[str, Any], screen: TextIO) -> None:
    if entry["direction"] == "inbound":
        return
    if entry["state"] == "delivered":
        screen.write(f"< {entry['body']}\n")
    else:
        screen.write(f"  (a text did not arrive: {entry['state']}, error {entry['error_code']})\n")
    screen.flush()


def _newest(base_url: str) -> int:
    return max((int(entry["n"]) for entry in _entries(base_url, 0, 0)), default=0)


def _check_line(base_url: str, line: str) -> None:
    known = _get(base_url, "/sim/lines", {}).json()
    if line not in known:
        raise ValueError(f"{line} is not a line of the local Twilio; it has {', '.join(known)}.")


def _entries(base_url: str, after: int, wait: int) -> Iterator[dict[str, Any]]:
    answer = _get(base_url, "/sim/log", {"after": str(after), "wait": str(wait)})
    answer.encoding = "utf-8"
    for entry in answer.text.split("\n"):
        if entry:
            yield json.loads(entry)


def _get(base_url: str, path: str, args: dict[str, str]) -> requests.Response:
    """NotRunningError for anything but a 200."""
    try:
        answer = requests.get(f"{base_url}{path}", params=args, timeout=_TIMEOUT_S)
    except requests.RequestException:
        raise NotRunningError(_gone(base_url)) from None
    if answer.status_code != 200:
        raise NotRunningError(_gone(base_url))
    return answer


def _gone(base_url: str) -> str:
    return f"The local Twilio does not answer at {base_url}. Start it with `sms-service up`."
