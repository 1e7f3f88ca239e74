"""A receiver that speaks Twilio's answer to a text and takes its time: one epoll loop, as many connections as come.

    python -m scripts.benches.receiver PORT DELAY_MS

GET /seen answers {"count", "first", "last"}: how many texts were answered, when the first came and the last was
answered (monotonic seconds); GET /forget begins anew.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Seen:
    """What came since the last /forget."""

    count: int = 0
    first: float = 0.0
    last: float = 0.0


@dataclass
class Receiver:
    """Answers each POST after the delay; the answers of several connections wait side by side."""

    delay: float
    seen: Seen = field(default_factory=Seen)
    total: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it is closed."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = _length(head)
                if length:
                    await reader.readexactly(length)
                came = time.monotonic()
                status, body = await self.answer(head, came)
                kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
                writer.write(f"HTTP/1.1 {status}\r\n{kind}\r\n\r\n".encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, head: bytes, came: float) -> tuple[str, bytes]:
        """What to say, when it is time to."""
        if head.startswith(b"GET /forget"):
            self.seen = Seen()
            return "200 OK", b"{}"
        if head.startswith(b"GET "):
            return "200 OK", json.dumps(vars(self.seen)).encode()
        self.total += 1
        sid = f"SM{self.total:032x}"
        seen = self.seen
        seen.first = seen.first or came
        await asyncio.sleep(came + self.delay - time.monotonic())
        seen.count += 1
        seen.last = time.monotonic()
        return "201 Created", json.dumps({"sid": sid, "status": "queued", "error_code": None}).encode()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def run(port: int, delay: float) -> None:
    """Listens for ever."""
    server = await asyncio.start_server(Receiver(delay).serve, "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), float(sys.argv[2]) / 1000))
