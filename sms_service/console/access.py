"""Who may see a console page: nobody but a signed-in coordinator, unless the view says aloud why not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from sms_service import clock
from sms_service.store.users import COORDINATOR

PREFIX = "/console"
SIGNED_IN_FOR = timedelta(hours=12)
"""However busy, a sign-in ends after this long: no shift is longer."""
SIGNED_IN_AT = "signed_in_at"

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # the CSRF check over https looks at the referrer
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

View = TypeVar("View", bound=Callable[..., Any])


def public(reason: str) -> Callable[[View], View]:
    """Opens a view to anybody; `reason` says why that is right, and stays on it as `public_because`."""
    if not reason:
        raise ValueError("say why it may be public")

    def mark(view: View) -> View:
        view.public_because = reason  # type: ignore[attr-defined]  # a function takes attributes
        return view

    return mark


def guard(csrf: CSRFProtect) -> Callable[[], ResponseReturnValue | None]:
    """What is asked before every request: under /console a form needs its token and a page its login."""

    def ask() -> ResponseReturnValue | None:
        if not _ours():
            return None
        csrf.protect()
        view = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, "public_because", None):
            return None
        return None if _signed_in() else _to_sign_in()

    return ask


def only_here(hook: Callable[[], Any]) -> Callable[[], Any]:
    """A library's hook that asks who is there before every request: a webhook need not be asked."""
    return lambda: hook() if _ours() else None


def dress(response: Response) -> Response:
    """Every answer under /console carries the security headers, errors too."""
    if _ours():
        response.headers.update(HEADERS)
    return response


def refuse_stale_form(error: CSRFError) -> ResponseReturnValue:
    """A form without its token: a page left open since before the last sign-in, or somebody else's page."""
    del error
    words = "This page was open for too long. Please open it again; nothing was changed."
    return render_template("console/problem.html", heading="Please try again", words=words), 400


def _ours() -> bool:
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def _signed_in() -> bool:
    if not current_user.is_authenticated or not current_user.has_role(COORDINATOR):
        return False
    age = clock.now().timestamp() - session.get(SIGNED_IN_AT, 0)
    return bool(age < SIGNED_IN_FOR.total_seconds())


def _to_sign_in() -> ResponseReturnValue:
    """The way back is the sign-in's own first page: an address carries nothing."""
    if current_user.is_authenticated:
        logout_user()
    return redirect(url_for("security.login"), 303)
