"""No phone number, no word of a person and no exception's message can reach a log."""

import ast
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from sms_service import logs
from tests.rules.code import Source, called, package, where

LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
SECRET = "Ana +12025550121 i want to die"
MAY_PRINT = ("sms_service/commands/", "sms_service/cli.py", "sms_service/simulator/", "sms_service/up/")
"""What a person at a terminal sees; everything else has the log."""


def logged() -> Iterator[tuple[Source, ast.Call]]:
    """Every call that writes a log record."""
    for source in package():
        for call in source.calls():
            owner, _, level = called(call).rpartition(".")
            if level in LEVELS and owner in {"log", "logger", "logging", "current_app.logger", "app.logger"}:
                yield source, call


def test_there_are_log_records_to_look_at() -> None:
    assert len(list(logged())) >= 8


def test_every_field_of_a_record_is_one_that_may_be_kept() -> None:
    for source, call in logged():
        for word in call.keywords:
            if word.arg == "extra":
                assert isinstance(word.value, ast.Dict), where(source, call)
                keys = {one.value for one in word.value.keys if isinstance(one, ast.Constant)}
                assert len(keys) == len(word.value.keys), f"{where(source, call)}: a key that is not written out"
                assert keys <= logs.FIELDS, where(source, call)


def test_every_field_that_may_be_kept_is_used_or_a_library_could_slip_in_under_it() -> None:
    used = {
        str(key.value)
        for _source, call in logged() for word in call.keywords
        if word.arg == "extra" and isinstance(word.value, ast.Dict)
        for key in word.value.keys if isinstance(key, ast.Constant)
    }  # fmt: skip
    assert used <= logs.FIELDS
    assert not logs.FIELDS & {"body", "number", "name", "text", "to", "from", "message", "words", "phone", "email"}


def test_a_record_is_one_fixed_sentence() -> None:
    """Values go into fields by name: no f-string, no %, no second argument."""
    for source, call in logged():
        if called(call).startswith("logging.") and not call.args:
            continue
        (message,) = call.args
        assert isinstance(message, ast.Constant), where(source, call)
        assert isinstance(message.value, str), where(source, call)
        assert "%" not in message.value, where(source, call)
        assert "{" not in message.value, where(source, call)


def test_an_exception_is_never_a_value_of_a_record() -> None:
    for source in package():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ExceptHandler) and node.name:
                for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
                    if called(call).partition(".")[0] in {"log", "logging"}:
                        values = [word.value for word in call.keywords if word.arg == "extra"]
                        bare = [
                            value for value in values if isinstance(value, ast.Dict)
                            for one in value.values if isinstance(one, ast.Name) and one.id == node.name
                        ]  # fmt: skip
                        assert bare == [], where(source, call)


def test_nothing_is_printed_outside_commands_and_the_local_twilio() -> None:
    for source in package():
        if not source.path.startswith(MAY_PRINT):
            printing = {"print", "pprint", "click.echo", "sys.stdout.write", "sys.stderr.write", "traceback.print_exc"}
            found = [where(source, call) for call in source.calls() if called(call) in printing]
            assert found == []


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process that has configured its logs writes to stderr; the test run's own logging is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure(logging.DEBUG)
    yield stream
    root.handlers[:], root.level = handlers, level


def fail() -> None:
    """Something outside fails and says too much, as does what lay beneath it."""
    try:
        int(SECRET)
    except ValueError as cause:
        raise ValueError(f"cannot send to {SECRET}") from cause


def lines(written: io.StringIO) -> list[dict[str, object]]:
    """Each line is one JSON object."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def clean(written: io.StringIO) -> bool:
    """Nothing of the secret is there, whole or in part."""
    text = written.getvalue()
    return not any(part in text for part in ("Ana", "5550121", "want to die"))


def test_an_exceptions_message_is_left_out_and_its_place_kept(written: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("sms_service.jobs.drain").exception("a drain failed", extra={"lane": "urgent"})
    (line,) = lines(written)
    assert clean(written), written.getvalue()
    assert (line["event"], line["lane"], line["error"], line["level"]) == (
        "a drain failed", "urgent", "ValueError", "error",
    )  # fmt: skip
    assert any("test_logs.py" in str(place) for place in line["at"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    ["twilio.http_client", "sqlalchemy.engine", "rq.worker", "werkzeug", "urllib3", "redis", "asyncio",
     "flask_wtf.csrf", "concurrent.futures", "sms_service", "somebody.else", "root", "sms_services.fake"],
)  # fmt: skip
def test_a_librarys_words_are_left_out(written: io.StringIO, name: str) -> None:
    """Flask's own logger has the application's name and names the address that failed."""
    logger = logging.getLogger(None if name == "root" else name)
    logger.error("POST to %s failed", SECRET, extra={"To": SECRET, "body": SECRET})
    logger.warning(SECRET)
    try:
        fail()
    except ValueError as error:
        logger.exception("failed: %s", error, stack_info=True)  # noqa: TRY401
    assert clean(written), written.getvalue()
    assert [line["event"] for line in lines(written)] == ["said by a library"] * 3


def test_a_field_that_is_not_on_the_list_is_left_out(written: io.StringIO) -> None:
    logging.getLogger("sms_service.services.receive").warning("heard", extra={"body": SECRET, "sid": "SM1"})
    assert clean(written)
    assert lines(written)[0]["sid"] == "SM1"


def test_a_field_holds_ids_and_numbers_only(written: io.StringIO) -> None:
    """An object, whose repr may hold anything, becomes the name of its type."""
    logging.getLogger("sms_service.services.wake").error("failed", extra={"error": ValueError(SECRET), "case": 7})
    (line,) = lines(written)
    assert clean(written), written.getvalue()
    assert (line["error"], line["case"]) == ("ValueError", 7)


def test_a_warning_of_python_itself_says_no_words(written: io.StringIO) -> None:
    logging.captureWarnings(True)
    try:
        logging.getLogger("py.warnings").warning("%s", SECRET)
    finally:
        logging.captureWarnings(False)
    assert clean(written)
