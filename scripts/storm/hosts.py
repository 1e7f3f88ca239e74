"""One or two hosts: two have a network namespace each where the machine allows it, else they are plain processes."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

FORWARD = Path(__file__).with_name("forward.py")


@dataclass(frozen=True)
class Host:
    """Where its web listens, under which address it reaches database and Redis, how a command gets in."""

    name: str
    address: str
    outside: str
    inside: tuple[str, ...] = ()


@contextmanager
def hosts(count: int) -> Iterator[tuple[list[Host], str]]:
    """The hosts, and a sentence about their networks. Namespaces are gone afterwards."""
    if count == 1:
        yield [Host("a", "127.0.0.1", "127.0.0.1")], "one host"
        return
    net = f"10.{random.SystemRandom().randrange(100, 250)}"
    why = _forbidden()
    if why:
        yield [Host(name, "127.0.0.1", "127.0.0.1") for name in "ab"], f"two hosts without network namespaces ({why})"
        return
    with ExitStack() as stack:
        made = [stack.enter_context(_namespace(name, f"{net}.{at}")) for at, name in enumerate("ab", 1)]
        yield made, "two hosts, each with a network namespace"


def _forbidden() -> str:
    if os.geteuid() != 0:
        return "not root"
    if shutil.which("ip") is None:
        return "no ip command"
    probe = f"smsp{os.getpid()}"
    tried = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True, check=False)
    if tried.returncode:
        return tried.stderr.strip() or "ip netns is refused"
    _ip("netns", "del", probe)
    return ""


@contextmanager
def _namespace(name: str, net: str) -> Iterator[Host]:
    """A namespace with one cable to us."""
    space, ours, theirs = (f"sms{os.getpid()}{end}" for end in (name, f"{name}0", f"{name}1"))
    _ip("netns", "add", space)
    try:
        _ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", space)
        _ip("addr", "add", f"{net}.1/24", "dev", ours)
        _ip("link", "set", ours, "up")
        _ip("-n", space, "addr", "add", f"{net}.2/24", "dev", theirs)
        _ip("-n", space, "link", "set", theirs, "up")
        _ip("-n", space, "link", "set", "lo", "up")
        yield Host(name, f"{net}.2", f"{net}.1", ("ip", "netns", "exec", space))
    finally:
        subprocess.run(["ip", "link", "del", ours], capture_output=True, check=False)
        _ip("netns", "del", space)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def way_out(host: Host, port: int) -> list[str]:
    """The command that carries loopback connections of a namespace to the same port of ours."""
    return [*host.inside, sys.executable, str(FORWARD), "127.0.0.1", str(port), f"{host.outside}:{port}"]


def way_in(port: int, to: list[Host], ports: list[int]) -> list[str]:
    """The command that spreads the connections to one port of ours over the hosts' webs in turn."""
    targets = [f"{host.address}:{their}" for host, their in zip(to, ports, strict=True)]
    return [sys.executable, str(FORWARD), "127.0.0.1", str(port), *targets]
