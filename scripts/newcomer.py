"""Starts a clean clone twice, as a newcomer would, and measures: ready after how long, what is left after Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, env: dict[str, str]) -> tuple["subprocess.Popen[bytes]", float]:
    """./scripts/start until it says that it is ready; the process and the seconds it took."""
    said = folder / "said.txt"
    began = time.monotonic()
    with said.open("wb") as out:
        process = subprocess.Popen(
            ["./scripts/start"], cwd=folder, env=env, stdout=out, stderr=out, start_new_session=True
        )
    while "Phones" not in said.read_text("utf-8"):
        if process.poll() is not None or time.monotonic() - began > 300:
            raise SystemExit(f"not ready: {said.read_text('utf-8')}")
        time.sleep(0.1)
    return process, time.monotonic() - began


def left_over(folder: Path) -> list[str]:
    """Processes that still run out of this folder or its home."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                cwd = os.readlink(entry / "cwd")  # noqa: PTH115  # a vanished process raises either way
            except OSError:
                continue
            if (str(folder) in command or str(folder) in cwd) and "newcomer" not in command:
                found.append(command)
    return found


def main() -> None:
    """Twice, with a second start beside the first."""
    folder = Path(sys.argv[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMS_SERVICE_", "TWILIO_"))}
    env = kept | {"PORT": str(free_port()), "SIMULATOR_PORT": str(free_port())}
    for which in ("first", "second"):
        process, seconds = start(folder, env)
        print(f"{which} start ready after {seconds:.1f} s")
        if which == "second":
            beside = subprocess.run(
                ["./scripts/start"], cwd=folder, env=env, capture_output=True, text=True, check=False
            )
            words = (beside.stdout + beside.stderr).strip().splitlines()[-1]
            print(f"started beside it: exit {beside.returncode}: {words}")
            print(f"sentences said when started twice: {int(beside.returncode != 0 and 'already running' in words)}")
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)
        time.sleep(0.5)
        print(f"processes left after Ctrl-C: {len(left_over(folder))}")


if __name__ == "__main__":
    main()
