"""What tests, the phone page and the terminal phone use: /sim/texts, /sim/log, /sim/knobs and the like."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from sms_service.simulator.exchange import Exchange
from sms_service.simulator.inbound import Inbound, Text
from sms_service.simulator.journal import Journal
from sms_service.simulator.knobs import KnobError

_LONGEST_WAIT_S = 60.0
_MOST_MEDIA = 10


class MistakeError(Exception):
    """What was asked for cannot be read; the message is one sentence naming the field."""


class Control:
    """Plain JSON in, JSON or JSON lines out; a mistake is a 400 with one sentence in `error`."""

    def __init__(self, exchange: Exchange, inbound: Inbound) -> None:
        self._exchange = exchange
        self._inbound = inbound

    def blueprint(self) -> Blueprint:
        """All routes below /sim."""
        sim = Blueprint("sim", __name__, url_prefix="/sim")
        sim.before_request(_same_site)
        sim.add_url_rule("/texts", view_func=self.text, methods=["POST"])
        sim.add_url_rule("/log", view_func=self.log)
        sim.add_url_rule("/requests", view_func=self.requests)
        sim.add_url_rule("/knobs", view_func=self.knobs)
        sim.add_url_rule("/knobs", view_func=self.turn, methods=["PUT", "DELETE"], endpoint="turn")
        sim.add_url_rule("/auth_token", view_func=self.rotate, methods=["PUT"])
        sim.add_url_rule("/opt_outs", view_func=self.opt_outs)
        sim.add_url_rule("/lines", view_func=self.lines)
        return sim

    def text(self) -> tuple[Response, int]:
        """POST {from, to, body, num_media?, media_content_type?, sid?, at_once?, signature?, params?}."""
        try:
            text = _text(_given())
        except MistakeError as error:
            return _refused(str(error))
        if text.line not in self._exchange.lines:
            known = ", ".join(self._exchange.lines)
            return _refused(f"`to` must be one of the lines {known}, not {text.line!r}.")
        return jsonify(sid=self._inbound.receive(text)), 201

    def log(self) -> Response:
        """GET ?after=N&wait=S: what handsets sent and really got, a line per message at its end."""
        return _lines(self._exchange.truth)

    def requests(self) -> Response:
        """GET ?after=N&wait=S: each webhook sent and each API call received."""
        return _lines(self._exchange.requests)

    def knobs(self) -> Response:
        """GET all knobs."""
        return jsonify(self._exchange.knobs.as_json())

    def turn(self) -> tuple[Response, int]:
        """PUT {knob: value}: the others stay. DELETE: all back to where they were at the start."""
        wanted = None if request.method == "DELETE" else request.get_json(silent=True)
        if request.method == "PUT" and not isinstance(wanted, dict):
            return _refused("Knobs are a JSON object.")
        try:
            return jsonify(self._exchange.turn(wanted).as_json()), 200
        except KnobError as error:
            return _refused(str(error))

    def rotate(self) -> tuple[Response, int]:
        """PUT {auth_token}: the account's new token, for the API and for signatures, at once."""
        token = _given().get("auth_token")
        if not isinstance(token, str) or not token:
            return _refused("`auth_token` must be a text.")
        self._exchange.auth_token = token
        return jsonify({}), 200

    def opt_outs(self) -> Response:
        """GET who has stopped which line at Twilio."""
        return jsonify([{"line": line, "handset": who} for line, who in self._exchange.opt_outs.all()])

    def lines(self) -> Response:
        """GET the account's numbers."""
        return jsonify(list(self._exchange.lines))


def _given() -> Mapping[str, Any]:
    """JSON or a form."""
    given = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    return given if isinstance(given, dict) else {}


def _text(given: Mapping[str, Any]) -> Text:
    """MistakeError when a field is missing or of the wrong kind."""
    words = {}
    for name in ("from", "to", "body", "sid", "media_content_type"):
        words[name] = given.get(name, "")
        if not isinstance(words[name], str):
            raise MistakeError(f"`{name}` must be a text.")
    if not words["from"]:
        raise MistakeError("`from` is missing.")
    signature, params = given.get("signature"), given.get("params", {})
    if not isinstance(signature, (str, type(None))):
        raise MistakeError("`signature` must be a text.")
    if not isinstance(params, dict) or not all(isinstance(v, (str, type(None))) for v in params.values()):
        raise MistakeError("`params` must be an object of texts (null leaves one out).")
    kind = words["media_content_type"] or "image/jpeg"
    return Text(
        handset=words["from"],
        line=words["to"],
        body=words["body"],
        media=(kind,) * _media_count(given.get("num_media", 0)),
        sid=words["sid"],
        at_once=bool(given.get("at_once", False)),
        signature=signature or None,
        params=params,
    )


def _media_count(given: object) -> int:
    if isinstance(given, bool) or not str(given).isdecimal() or int(str(given)) > _MOST_MEDIA:
        raise MistakeError(f"`num_media` must be a number from 0 to {_MOST_MEDIA}.")
    return int(str(given))


def _lines(journal: Journal) -> Response:
    try:
        after = int(request.args.get("after", "0"))
        wait = min(_LONGEST_WAIT_S, float(request.args.get("wait", "0")))
    except ValueError:
        abort(400, "after and wait must be numbers.")
    lines = journal.since(max(0, after), wait)
    body = "".join(f"{line}\n" for line in lines)
    response = Response(body, content_type="application/x-ndjson; charset=utf-8")
    response.headers["Journal"] = journal.name
    return response


def _refused(sentence: str) -> tuple[Response, int]:
    return jsonify(error=sentence), 400


def _same_site() -> None:
    """Another site's page in the same browser may not send texts or turn knobs."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        abort(403)
