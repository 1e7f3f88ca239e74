"""A load generator, a process of its own: signed requests made beforehand, one epoll loop, kept-alive sockets.

Reads one JSON order from stdin, writes one JSON answer to stdout. Each connection plays one member after the other,
each member's texts in order, and sends the next one when the last was answered (or, with `rate`, when its time comes:
then the wait for a free connection counts as latency).
"""

import json
import secrets
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from scripts.benches.numbers import number_of
from sms_service.carrier.signature import sign

OK = b"HTTP/1.1 200"


@dataclass(frozen=True)
class Order:
    """What to send: all `words` of each member of `who` (places in the row of numbers), one after the other."""

    port: int
    url: str
    token: str
    line: str
    words: list[str]
    who: list[int]
    seconds: float
    connections: int = 8
    rate: float = 0.0
    salt: int = field(default_factory=lambda: secrets.randbits(64))


@dataclass(frozen=True)
class Answer:
    """What came of it: latencies in ms, and how much of one core the generator itself used."""

    requests: int
    seconds: float
    bad: int
    cpu: float
    ran_out: bool
    latencies: list[float]

    @property
    def per_second(self) -> float:
        """Answered requests per second."""
        return self.requests / self.seconds


def send(order: Order) -> Answer:
    """Runs an order in a process of its own; SystemExit when an answer was not 200 or the members ran out."""
    command = [sys.executable, "-m", "scripts.benches.load"]
    done = subprocess.run(command, input=json.dumps(asdict(order)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The load generator failed: {done.stderr[-800:]}")
    answer = Answer(**json.loads(done.stdout))
    if answer.bad or answer.ran_out:
        why = f"{answer.bad} answers were not 200" if answer.bad else "too few members were prepared"
        raise SystemExit(f"The load of {order.url} does not count: {why}.")
    return answer


def requests_of(order: Order) -> list[list[bytes]]:
    """Each member's requests, whole, signed, in order."""
    each = len(order.words)
    return [
        [raw(order, member, place * each + at, body) for at, body in enumerate(order.words)]
        for place, member in enumerate(order.who)
    ]


def raw(order: Order, member: int, at: int, body: str) -> bytes:
    """One inbound text as Twilio sends it; `at` is its place in this order, so that each has a SID of its own."""
    number, sid = number_of(member), f"SM{order.salt:016x}{at:016x}"
    form = {
        "ToCountry": "US", "SmsMessageSid": sid, "NumMedia": "0", "SmsSid": sid, "SmsStatus": "received", "Body": body,
        "To": order.line, "NumSegments": "1", "MessageSid": sid, "AccountSid": "AC" + "0" * 32, "From": number,
        "FromCountry": "US", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    signature = sign(order.url, {name: [value] for name, value in form.items()}, order.token)
    content = urlencode(form).encode()
    head = (
        f"POST /webhooks/sms HTTP/1.1\r\nHost: 127.0.0.1:{order.port}\r\nUser-Agent: TwilioProxy/1.1\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nAccept: */*\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


@dataclass
class Client:
    """One connection and the texts of the member it plays."""

    port: int
    texts: deque[bytes] = field(default_factory=deque)
    due: float = 0.0
    got: bytes = b""
    sock: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        """A new connection to the server."""
        self.sock = socket.create_connection(("127.0.0.1", self.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def whole(self) -> bool:
        """Whether the answer has come completely."""
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return False
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
        return len(body) >= int(length.partition(b":")[2])


class Generator:
    """The loop."""

    def __init__(self, order: Order) -> None:
        self.order, self.ran_out, self.bad = order, False, 0
        self.members: Iterator[list[bytes]] = iter(requests_of(order))
        self.latencies: list[float] = []
        self.selector = selectors.DefaultSelector()
        self.clients = [Client(order.port) for _ in range(order.connections)]
        self.idle = deque(self.clients)
        self.sent, self.began = 0, 0.0

    def run(self) -> Answer:
        """Until the time is over or the members are."""
        for client in self.clients:
            self.selector.register(client.sock, selectors.EVENT_READ, client)
        self.began = time.perf_counter()
        cpu, end = time.process_time(), self.began + self.order.seconds
        while (now := time.perf_counter()) < end and not self.ran_out:
            self.send_due(now)
            for key, _ in self.selector.select(self.patience(end)):
                self.read(key.data)
        took = time.perf_counter() - self.began
        cpu = (time.process_time() - cpu) / took
        return Answer(len(self.latencies), took, self.bad, cpu, self.ran_out, self.latencies)

    def patience(self, end: float) -> float:
        """Seconds to wait for an answer before something else is due."""
        due = self.began + self.sent / self.order.rate if self.order.rate and self.idle else end
        return max(0.0, min(due, end) - time.perf_counter())

    def send_due(self, now: float) -> None:
        """Every idle connection sends what it may."""
        while self.idle:
            due = self.began + self.sent / self.order.rate if self.order.rate else now
            if due > now:
                return
            client = self.idle.popleft()
            if not client.texts:
                client.texts = deque(next(self.members, ()))
            if not client.texts:
                self.ran_out = True
                return
            client.due, client.got = due if self.order.rate else time.perf_counter(), b""
            client.sock.sendall(client.texts.popleft())
            self.sent += 1

    def read(self, client: Client) -> None:
        """A piece of an answer."""
        piece = client.sock.recv(65536)
        client.got += piece
        if piece and not client.whole():
            return
        self.latencies.append((time.perf_counter() - client.due) * 1000)
        self.bad += not client.got.startswith(OK)
        if not piece or b"\r\nconnection: close" in client.got.lower():
            self.selector.unregister(client.sock)
            client.sock.close()
            client.connect()
            self.selector.register(client.sock, selectors.EVENT_READ, client)
        self.idle.append(client)


def main() -> int:
    """The order from stdin, the answer to stdout."""
    answer = Generator(Order(**json.loads(sys.stdin.read()))).run()
    print(json.dumps(asdict(answer)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
