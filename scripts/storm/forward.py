"""Carries TCP connections on, to each target in turn; one that refuses is passed over.

`forward.py ADDRESS PORT TARGET:PORT ...`. Where it can it leaves by the port that the caller has, so that the
other end still tells the callers apart.
"""

import asyncio
import itertools
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

Target = tuple[str, int]


async def main(address: str, port: int, targets: list[Target]) -> None:
    """Serves until it is killed."""
    turns = itertools.count()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(turns)
        order = (targets[(first + at) % len(targets)] for at in range(len(targets)))
        with suppress(OSError):
            onward = await _connect(order, writer.get_extra_info("peername")[1])
            if onward is not None:
                await asyncio.wait(
                    [asyncio.create_task(_pump(reader, onward[1])), asyncio.create_task(_pump(onward[0], writer))],
                    return_when=asyncio.FIRST_COMPLETED,
                )
                onward[1].transport.abort()
        writer.transport.abort() if writer.is_closing() else writer.close()

    server = await asyncio.start_server(carry, address, port)
    async with server:
        await server.serve_forever()


async def _connect(targets: Iterator[Target], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    for target in targets:
        for leave_by in (port, 0):
            line = socket.socket()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            line.setblocking(False)
            try:
                line.bind((_own_address(target), leave_by))
                await asyncio.wait_for(asyncio.get_running_loop().sock_connect(line, target), 3)
                return await asyncio.open_connection(sock=line)
            except (OSError, TimeoutError) as error:
                line.close()
                if isinstance(error, ConnectionRefusedError):
                    break
    return None


def _own_address(target: Target) -> str:
    """By which address of ours that target is reached: the caller's port is free there, it is taken on loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(target)
        return str(asking.getsockname()[0])


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while words := await source.read(65536):
            sink.write(words)
            await sink.drain()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), [(h, int(p)) for h, p in (t.split(":") for t in sys.argv[3:])]))
