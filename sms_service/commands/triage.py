"""The command `triage`: texts in, verdicts out, line by line. Nothing is stored."""

import json
import sys
from collections.abc import Iterable, Iterator

import click


@click.command()
@click.option("--jsonl", is_flag=True, help='Each line is {"text": "..."} rather than the text itself.')
def triage(jsonl: bool) -> None:
    """Judge each line of stdin: one JSON object out per line, in order.

    A line that cannot be read is answered by its number in place of a verdict and on stderr; the exit code
    is 1 then.
    """
    bad = False
    for answer in verdicts(sys.stdin.buffer, jsonl=jsonl):
        if "error" in answer:
            bad = True
            click.echo(f"Line {answer['line']}: {answer['error']}.", err=True)
        click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(1 if bad else 0)


def verdicts(lines: Iterable[bytes], *, jsonl: bool) -> Iterator[dict[str, str | int]]:
    """A verdict, or an error, for each line."""
    from sms_service.triage import assess

    for number, raw in enumerate(lines, start=1):
        try:
            text = _text(raw, jsonl=jsonl)
        except ValueError as error:
            yield {"line": number, "error": str(error)}
            continue
        verdict = assess(text)
        yield {
            "level": verdict.level,
            "family": verdict.family,
            "rule": verdict.rule,
            "lang": verdict.lang,
        }


def _text(raw: bytes, *, jsonl: bool) -> str:
    """The text of a line; ValueError says why there is none, without repeating it."""
    try:
        line = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    if not jsonl:
        return line
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    match found:
        case {"text": str(text)}:
            return text
        case _:
            raise ValueError('not an object with a "text"')
