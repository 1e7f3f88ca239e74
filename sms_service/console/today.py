"""The first page, Today: what a coordinator must know now. Polled with an ETag; works without a script."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory, session
from flask.typing import ResponseReturnValue
from flask_security import current_user

from sms_service import clock
from sms_service.console import times, wording
from sms_service.console.access import PREFIX, public
from sms_service.console.sign_in import OPENED
from sms_service.services.hold import held
from sms_service.settings import Settings
from sms_service.store import audit
from sms_service.store.board import MOST, read_board
from sms_service.store.database import AWAY, Database
from sms_service.store.programs import program_by_id

STATIC = Path(__file__).parent / "static"
AWAY_WORDS = "The service cannot read its records just now. Texts are still taken in. This page will try again."


def create_console(settings: Settings, database: Database) -> Blueprint:
    """The pages under /console/. `secure` must have been called on the app that they are put on."""
    del settings  # what the pages need of it, `secure` has put on the app
    console = Blueprint("console", __name__, url_prefix=PREFIX, template_folder="templates", static_folder=None)

    @console.get("/")
    def today() -> ResponseReturnValue:
        """The board of the coordinator's own program."""
        html = _board_of_mine(database)
        etag = hashlib.sha256(html.encode()).hexdigest()[:32]
        if not (request.if_none_match and session.get(OPENED)):
            _note_opened(database)
        if request.if_none_match.contains_weak(etag):
            response = Response(status=304)
        else:
            response = Response(render_template("console/today.html", board_html=html, etag=etag))
        response.set_etag(etag, weak=True)  # weak: the page around the board carries a form's token
        return response

    @console.get("/static/<path:filename>")
    @public("style and script, the same for everybody")
    def static(filename: str) -> ResponseReturnValue:
        """The stylesheet and the two small scripts."""
        return send_from_directory(STATIC, filename)

    for error in AWAY:
        console.app_errorhandler(error)(_away)  # signing in meets it too
    return console


def _board_of_mine(database: Database) -> str:
    now = clock.now()
    with database.read() as conn:
        program = program_by_id(conn, current_user.program_id)
        board, on_hold = read_board(conn, program.id, now), held(conn)
    return render_template(
        "console/_board.html", board=board, program=program, now=now, most=MOST, times=times, wording=wording,
        on_hold=on_hold,
    )  # fmt: skip


def _note_opened(database: Database) -> None:
    """One line for each time the page is opened; a poll of an open page writes none."""
    with database.write() as conn:
        actor, subject = f"user:{current_user.id}", f"program:{current_user.program_id}"
        audit.note(conn, current_user.program_id, actor, "opened_today", subject, clock.now())
    session[OPENED] = True


def _away(error: Exception) -> ResponseReturnValue:
    """Rendered without asking who is signed in: that, too, is in the database."""
    del error
    page = current_app.jinja_env.get_template("console/problem.html")
    return page.render(heading="One moment", words=AWAY_WORDS), 503
