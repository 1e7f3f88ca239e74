"""Users: coordinators who sign in on the console, what they may do, and tries to sign in that went wrong."""

import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from email_validator import EmailNotValidError, validate_email
from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import DeclarativeBase, relationship

from sms_service.domain.words import ProgramId
from sms_service.store.types import Big, UtcDateTime, identity, metadata
from sms_service.store.upsert import InsertOrSet, InsertOrSkip

COORDINATOR = "coordinator"
ROLES = (COORDINATOR,)
ARGON2: Final = {"time_cost": 2, "memory_cost": 19456, "parallelism": 1}
"""The second of OWASP's recommended argon2id settings (Password Storage Cheat Sheet): about 30 ms a look."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
_HASHER = PasswordHasher(ARGON2["time_cost"], ARGON2["memory_cost"], ARGON2["parallelism"])
TRIES = 10
WITHIN = LOCKED_FOR = timedelta(minutes=15)
_FORGET_AFTER = timedelta(days=1)

users = Table(
    "users",
    metadata,
    identity(),
    Column("program_id", Big, ForeignKey("programs.id"), nullable=False),
    Column("email", String(254), nullable=False, unique=True),  # lower case; tells the program
    Column("password", String(255)),
    Column("active", Boolean, nullable=False),
    Column("fs_uniquifier", String(64), nullable=False, unique=True),  # what the session cookie holds
    Column("fs_webauthn_user_handle", String(64), unique=True),
    Column("tf_primary_method", String(64)),
    Column("tf_totp_secret", Text),  # sealed by Flask-Security under its own keys
    Column("mf_recovery_codes", MutableList.as_mutable(JSON(none_as_null=True))),
    UniqueConstraint("program_id", "id"),
)
roles = Table(
    "roles",
    metadata,
    identity(),
    Column("name", String(40), nullable=False, unique=True),
)
roles_users = Table(
    "roles_users",
    metadata,
    Column("user_id", Big, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Big, ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)
webauthn = Table(
    "webauthn",
    metadata,
    identity(),
    Column("user_id", Big, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential_id", LargeBinary(1024), nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("transports", MutableList.as_mutable(JSON(none_as_null=True))),
    Column("backup_state", Boolean, nullable=False),
    Column("device_type", String(64), nullable=False),
    Column("extensions", String(255)),
    Column("lastuse_datetime", UtcDateTime, nullable=False),
    Column("name", String(64), nullable=False),
    Column("usage", String(64), nullable=False),
)
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("email_key", String(64), primary_key=True),  # keyed hash: a password may be typed there
    Column("tried_at", JSON, nullable=False),  # seconds since 1970, at most TRIES of them
    Column("locked_until", UtcDateTime),
    Column("last_at", UtcDateTime, nullable=False),
    Index("ix_sign_in_tries_last_at", "last_at"),
)


class Base(DeclarativeBase):
    """Classes that Flask-Security wants; the tables are those above."""

    metadata = metadata


class Role(Base, RoleMixin):
    """What a user may do."""

    __table__ = roles


class WebAuthn(Base, WebAuthnMixin):
    """A passkey of a user."""

    __table__ = webauthn


class User(Base, UserMixin):
    """Somebody who signs in, for one program."""

    __table__ = users
    roles = relationship(Role, secondary=roles_users)
    webauthn = relationship(WebAuthn, backref="user", passive_deletes=True)
    if TYPE_CHECKING:
        program_id: ProgramId

    def __repr__(self) -> str:
        """An id only: no address in a traceback."""
        return f"<User {self.id}>"


_ADD = InsertOrSkip(users, ["email"], returning=["id"])
_ADD_ROLE = InsertOrSkip(roles, ["name"])
_GRANT = InsertOrSkip(roles_users, ["user_id", "role_id"])
ROLE_ID = select(roles.c.id).where(roles.c.name == bindparam("name"))
_TRY = InsertOrSet(sign_in_tries, ["email_key"], ["last_at"])
TRIED = select(sign_in_tries.c.tried_at, sign_in_tries.c.locked_until).where(
    sign_in_tries.c.email_key == bindparam("email_key")
)
_COUNT = (
    update(sign_in_tries)
    .where(sign_in_tries.c.email_key == bindparam("b_email_key"))
    .values(tried_at=bindparam("b_tried_at"), locked_until=bindparam("b_locked_until"))
)
_FORGET = delete(sign_in_tries).where(sign_in_tries.c.email_key == bindparam("b_email_key"))
_FORGET_OLD = delete(sign_in_tries).where(sign_in_tries.c.last_at < bindparam("b_before"))


def plain_email(text: str) -> str | None:
    """The one spelling an address is kept and looked up by; None when it is no address."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def add_user(conn: Connection, program_id: ProgramId, email: str, password: str, role: str) -> int | None:
    """A new user's id; None when the address is known already, which changes nothing.

    ValueError, with a sentence for the person at the keyboard: no address, no such role, or a password too
    short or too long.
    """
    address = plain_email(email)
    if address is None:
        raise ValueError(f"{email} is not an e-mail address.")
    if role not in ROLES:
        raise ValueError(f"{role} is not a role; there is: {', '.join(ROLES)}.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ValueError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    row = {
        "program_id": program_id, "email": address, "password": _hashed(password), "active": True,
        "fs_uniquifier": secrets.token_hex(32),
    }  # fmt: skip
    user_id: int | None = _ADD(conn, row).scalar()
    if user_id is not None:
        _ADD_ROLE(conn, {"name": role})
        _GRANT(conn, {"user_id": user_id, "role_id": conn.execute(ROLE_ID, {"name": role}).scalar_one()})
    return user_id


def _hashed(password: str) -> str:
    """As Flask-Security will check it: NFKD, then argon2id."""
    return _HASHER.hash(unicodedata.normalize("NFKD", password))


def count_try(conn: Connection, email_key: str, now: datetime) -> bool:
    """Whether a password may be looked at for this address; the try counts as bad until `forget_tries`.

    1. An address that is locked stays so until its time is over; a try meanwhile does not lengthen it.
    2. The try is written down before the password is looked at: tries made at once can't outrun the count.
    3. The tenth within 15 minutes locks the address for 15 minutes, whether or not anybody has it.
    """
    conn.execute(_FORGET_OLD, {"b_before": now - _FORGET_AFTER})
    _TRY(conn, {"email_key": email_key, "tried_at": [], "locked_until": None, "last_at": now})
    row = conn.execute(TRIED, {"email_key": email_key}).one()
    if row.locked_until and row.locked_until > now:
        return False
    tried_at = [at for at in row.tried_at if at > (now - WITHIN).timestamp()] + [now.timestamp()]
    locked_until = now + LOCKED_FOR if len(tried_at) >= TRIES else None
    conn.execute(_COUNT, {"b_email_key": email_key, "b_tried_at": tried_at[-TRIES:], "b_locked_until": locked_until})
    return True


def forget_tries(conn: Connection, email_key: str) -> None:
    """The password was right: start over."""
    conn.execute(_FORGET, {"b_email_key": email_key})
