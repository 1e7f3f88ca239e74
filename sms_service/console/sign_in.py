"""Signing in: Flask-Security with what it needs and nothing more, and a lock after ten bad tries."""

import hashlib
import hmac
from typing import Any

from flask import Flask, current_app, session
from flask_bootstrap import Bootstrap5
from flask_security import LoginForm, Security, user_authenticated
from flask_wtf.csrf import CSRFError, CSRFProtect
from wtforms.validators import Length

from sms_service import clock
from sms_service.console.access import (
    PREFIX,
    SIGNED_IN_AT,
    SIGNED_IN_FOR,
    dress,
    guard,
    only_here,
    public,
    refuse_stale_form,
)
from sms_service.console.accounts import Accounts
from sms_service.settings import Settings
from sms_service.store import audit
from sms_service.store.database import Database
from sms_service.store.users import (
    ARGON2,
    LOCKED_FOR,
    LONGEST_PASSWORD,
    User,
    count_try,
    forget_tries,
    plain_email,
)

LOCKED = f"Too many tries with this e-mail address. Please wait {LOCKED_FOR.seconds // 60} minutes, then try again."
WRONG = "That e-mail address and password do not match."
OPENED = "opened"
"""In the session once the board was opened since this sign-in."""


def secure(app: Flask, settings: Settings, database: Database) -> None:
    """Puts sign-in, the guard over /console and the look of its pages on the app. Once for each app."""
    app.config.update(_config(settings))
    csrf = CSRFProtect(app)
    accounts = Accounts(database)
    security = Security(app, accounts, login_form=SignInForm)
    security.want_json(lambda _request: False)  # pages only: no tokens are ever given out
    app.extensions["sms_service_sign_in"] = database
    app.static_url_path = app.static_url_path or "/static"  # Bootstrap's own files follow it
    Bootstrap5(app)
    app.before_request_funcs[None] = [only_here(hook) for hook in app.before_request_funcs.get(None, [])]
    login = app.view_functions["security.login"]
    app.view_functions["security.login"] = public("signing in comes before being signed in")(login)
    app.before_request(guard(csrf))
    app.after_request(dress)
    app.register_error_handler(CSRFError, refuse_stale_form)
    app.teardown_appcontext(accounts.forget)
    user_authenticated.connect(_welcome, sender=app, weak=False)


class SignInForm(LoginForm):
    """Counts a try before the password is looked at; what it answers is the same for every address."""

    def validate(self, **kwargs: Any) -> bool:
        """True when address and password are right and the address is not locked."""
        self.remember.data = False
        self.password.validators = [*self.password.validators, Length(max=LONGEST_PASSWORD)]
        if not (isinstance(self.email.data, str) and self.email.data and self.password.data):
            return bool(super().validate(**kwargs))
        self.email.data = self.email.data.strip()
        with _database().write() as conn:
            may_try = count_try(conn, _key_of(self.email.data), clock.now())
        if not may_try:
            self.form_errors.append(LOCKED)
            return False
        return bool(super().validate(**kwargs))


def _welcome(sender: Flask, user: User, **_: Any) -> None:
    """Signed in: the count starts over, and one line says so."""
    del sender
    now = clock.now()
    with _database().write() as conn:
        forget_tries(conn, _key_of(user.email))
        audit.note(conn, user.program_id, f"user:{user.id}", "signed_in", f"user:{user.id}", now)
    session.pop(OPENED, None)
    session[SIGNED_IN_AT] = now.timestamp()


def _database() -> Database:
    found: Database = current_app.extensions["sms_service_sign_in"]
    return found


def _key_of(email: str) -> str:
    """What tries for this address are counted under, however it was spelt."""
    address = plain_email(email) or email.lower()
    return _derived(current_app.config["SECRET_KEY"], f"try:{address}")


def _derived(secret: str, label: str) -> str:
    return hmac.new(secret.encode(), label.encode(), hashlib.sha256).hexdigest()


def _config(settings: Settings) -> dict[str, Any]:
    over_https = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "console",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": over_https,
        "SESSION_PROTECTION": "strong",  # bound to browser and network; only a session cookie is held to it
        "SESSION_REFRESH_EACH_REQUEST": False,  # polling must not keep a sign-in alive
        "PERMANENT_SESSION_LIFETIME": SIGNED_IN_FOR,
        "WTF_CSRF_CHECK_DEFAULT": False,  # the guard asks, under /console alone: Twilio has no token
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session
        "BOOTSTRAP_SERVE_LOCAL": True,
        "SECURITY_URL_PREFIX": PREFIX,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_POST_LOGIN_VIEW": f"{PREFIX}/",
        "SECURITY_POST_LOGOUT_VIEW": f"{PREFIX}/login",
        "SECURITY_LOGIN_USER_TEMPLATE": "console/sign_in.html",
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_FRESHNESS": -SIGNED_IN_FOR,  # below zero: off, with its page
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
        "SECURITY_TRACKABLE": False,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (WRONG, "error"),
        "SECURITY_DATETIME_FACTORY": clock.now,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # no pepper: a new SECRET_KEY must not lock everybody out
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {f"argon2__{name}": value for name, value in ARGON2.items()},
        "SECURITY_TOTP_SECRETS": {"1": _derived(settings.secret_key, "totp")},
        "SECURITY_TOTP_ISSUER": "sms_service",
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    }
