"""The process that `sms-service simulator` runs."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from sms_service.simulator import Config, create_simulator
from sms_service.simulator.server import LocalTwilio

ACCOUNT = "AC" + "0" * 32
PROGRAM = (
    "import sys; from sms_service.simulator import Config, run;"
    f"sys.exit(run(Config('{ACCOUNT}', 'token', port=int(sys.argv[1]))))"
)


@contextmanager
def _process(port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    with process:
        yield process
        if process.poll() is None:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_serves_and_ends_cleanly_when_told(number: signal.Signals) -> None:
    with _process(0) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Local Twilio and phones: http://127.0.0.1:")
        assert requests.get(line.split()[-1] + "healthz", timeout=5).ok
        process.send_signal(number)
        _, complaint = process.communicate(timeout=5)
        assert (process.returncode, complaint) == (0, "")


def test_a_taken_port_is_one_clear_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _process(port) as process:
            _, complaint = process.communicate(timeout=10)
    assert process.returncode == 1
    assert complaint.count("\n") == 1
    assert complaint.startswith(f"The local Twilio cannot listen on 127.0.0.1:{port} (")


def test_a_stopped_one_answers_no_more() -> None:
    with LocalTwilio(Config(ACCOUNT, "token", port=0)) as local:
        assert requests.get(f"{local.url}/healthz", timeout=5).ok
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{local.url}/healthz", timeout=5)


def test_the_application_runs_under_any_wsgi_server_too() -> None:
    app = create_simulator(Config(ACCOUNT, "token"))
    assert app.test_client().get("/sim/lines").json == ["+12025550100", "+12025550200"]
    app.extensions["simulator"].stop()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"account_sid": "AC1"}, "account_sid"),
        ({"auth_token": ""}, "auth_token"),
        ({"webhook_base": "localhost:8000"}, "webhook_base"),
        ({"lines": ("2025550100",)}, "2025550100"),
        ({"lines": ()}, "line"),
    ],
)
def test_a_wrong_configuration_is_named(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Config(**{"account_sid": ACCOUNT, "auth_token": "token"} | wrong)  # type: ignore[arg-type]
