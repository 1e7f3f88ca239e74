"""Twilio's REST API 2010-04-01 for messages and numbers, as twilio-python calls it."""

import time
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any, TypeAlias

from flask import Blueprint, Response, g, json, request

from sms_service.simulator.errors import ApiError
from sms_service.simulator.exchange import Exchange
from sms_service.simulator.faults import Door, NoAnswerError
from sms_service.simulator.http11 import HANG_UP
from sms_service.simulator.lines import Line
from sms_service.simulator.messages import UNFINISHED, Message
from sms_service.simulator.orders import read_order
from sms_service.simulator.outbound import Outbound
from sms_service.simulator.pages import PageWanted, filter_of
from sms_service.simulator.resources import API_VERSION, account_json, line_json, message_json

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
View: TypeAlias = Callable[..., Response]


class Rest:
    """The views; each one runs inside the door."""

    def __init__(self, exchange: Exchange, outbound: Outbound) -> None:
        self._exchange = exchange
        self._outbound = outbound
        self._door = Door(exchange)
        self._account_sid = exchange.config.account_sid

    def blueprint(self) -> Blueprint:
        """All routes below /2010-04-01; unknown ones answer 404 in Twilio's shape."""
        api = Blueprint("rest", __name__, url_prefix=f"/{API_VERSION}/Accounts")
        routes: tuple[tuple[str, str, View], ...] = (
            ("GET", "/<account>.json", self._account),
            ("POST", "/<account>/Messages.json", self._create),
            ("GET", "/<account>/Messages.json", self._list),
            ("GET", "/<account>/Messages/<sid>.json", self._fetch),
            ("POST", "/<account>/Messages/<sid>.json", self._update),
            ("DELETE", "/<account>/Messages/<sid>.json", self._delete),
            ("GET", "/<account>/IncomingPhoneNumbers.json", self._list_lines),
            ("GET", "/<account>/IncomingPhoneNumbers/<sid>.json", self._fetch_line),
            ("POST", "/<account>/IncomingPhoneNumbers/<sid>.json", self._update_line),
        )
        for method, rule, view in routes:
            api.add_url_rule(rule, view.__name__.strip("_"), self._inside(view), methods=[method])
        api.add_url_rule("/<path:account>", "unknown", self._inside(self._unknown), methods=_METHODS)
        return api

    def _inside(self, view: View) -> View:
        def guarded(account: str, **names: str) -> Response:
            g.started, g.code, g.taken = time.monotonic(), None, ""
            try:
                self._door.enter(request.headers.get("Authorization"))
                if account.partition("/")[0] not in (self._account_sid, f"{self._account_sid}.json"):
                    raise _not_found()
                response = view(**names)
                self._door.spoil(g.taken, _peer())
            except ApiError as error:
                g.code = error.code
                response = _json(error.as_json(), error.status)
            except NoAnswerError:
                response = Response(status=504, headers={HANG_UP: "1"})
            finally:
                self._door.leave()
            self._note(response)
            response.headers["Date"] = format_datetime(self._exchange.now(), usegmt=True)
            return response

        return guarded

    def _account(self) -> Response:
        created = next(iter(self._exchange.lines.values())).created_at
        return _json(account_json(self._account_sid, created))

    def _create(self) -> Response:
        message = read_order(request.form, request.form.getlist("MediaUrl"), self._exchange)
        answer = message_json(message, self._account_sid)
        self._outbound.accept(message)
        g.taken = message.sid
        return _json(answer, 201)

    def _list(self) -> Response:
        wanted = PageWanted(request.path, request.args)
        fits = filter_of(request.args, self._exchange.now(), self._exchange.knobs.list_lag_s)
        found, more = self._exchange.messages.page(fits, wanted.size, wanted.older_than)
        items = [message_json(message, self._account_sid) for message in found]
        return _json(wanted.json("messages", items, found[-1].sid if more else None))

    def _fetch(self, sid: str) -> Response:
        return _json(message_json(self._message(sid), self._account_sid))

    def _update(self, sid: str) -> Response:
        """Only redaction (an empty Body); nothing here is scheduled, so nothing can be canceled."""
        message = self._message(sid)
        if "Status" in request.form:
            raise ApiError(30409)
        if request.form.get("Body") != "":
            raise ApiError(20001)
        self._finished(message).body = ""
        message.updated_at = self._exchange.now()
        return _json(message_json(message, self._account_sid))

    def _delete(self, sid: str) -> Response:
        message = self._finished(self._message(sid))
        message.deleted, message.body = True, ""
        return Response(status=204)

    def _list_lines(self) -> Response:
        number = request.args.get("PhoneNumber", "")
        lines = [line for line in self._exchange.lines.values() if number in line.number]
        items = [line_json(line, self._account_sid) for line in lines]
        wanted = PageWanted(request.path, request.args)
        return _json(wanted.json("incoming_phone_numbers", items, None))

    def _fetch_line(self, sid: str) -> Response:
        return _json(line_json(self._line(sid), self._account_sid))

    def _update_line(self, sid: str) -> Response:
        line = self._line(sid)
        line.update(request.form)
        return _json(line_json(line, self._account_sid))

    def _unknown(self) -> Response:
        raise _not_found()

    def _message(self, sid: str) -> Message:
        message = self._exchange.messages.get(sid)
        if message is None:
            raise _not_found()
        return message

    def _finished(self, message: Message) -> Message:
        if message.status in UNFINISHED:
            raise ApiError(20009)
        return message

    def _line(self, sid: str) -> Line:
        for line in self._exchange.lines.values():
            if line.sid == sid:
                return line
        raise _not_found()

    def _note(self, response: Response) -> None:
        """A line in the request log, without what the parameters say."""
        self._exchange.requests.append(
            {
                "at": self._exchange.now().isoformat(timespec="milliseconds"),
                "kind": "api",
                "method": request.method,
                "url": request.path,
                "params": sorted({*request.args, *request.form}),
                "status": None if HANG_UP in response.headers else response.status_code,
                "error_code": g.code,
                "ms": round((time.monotonic() - g.started) * 1000, 1),
                "auth": self._door.verdict(request.headers.get("Authorization")),
            }
        )


def _peer() -> str:
    """The other end of this connection, `address:port`."""
    return f"{request.environ.get('REMOTE_ADDR', '')}:{request.environ.get('REMOTE_PORT', '')}"


def _not_found() -> ApiError:
    return ApiError(20404, path=request.path)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
