"""Flask-Security's view of the users: reads hold no lock, writes go through the write section."""

from typing import Any

from flask_security import SQLAlchemySessionUserDatastore
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, scoped_session, sessionmaker

from sms_service.store.database import Database
from sms_service.store.users import Role, User, WebAuthn


class Accounts(SQLAlchemySessionUserDatastore):
    """A session on the writing engine would hold SQLite's write lock for each look at who is signed in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._session = scoped_session(sessionmaker(expire_on_commit=False))
        super().__init__(self._session, User, Role, WebAuthn)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """The user whose one attribute has this value, with roles, detached; one statement."""
        ((attribute, value),) = kwargs.items()
        wanted = str(value).lower() if attribute == "email" or case_insensitive else value
        found = select(User).options(joinedload(User.roles)).where(getattr(User, attribute) == wanted)
        with self._database.read() as conn, Session(conn, expire_on_commit=False) as session:
            user = session.scalars(found).unique().one_or_none()
            session.expunge_all()
        return user

    def commit(self) -> None:
        """Writes what was `put`; without anything to write it takes no lock."""
        session = self._session()
        if session.new or session.deleted or session.dirty:
            with self._database.write() as conn:
                session.bind = conn
                session.commit()
        self._session.remove()

    def forget(self, error: BaseException | None = None) -> None:
        """At the end of a request: what was not committed is gone."""
        del error
        self._session.remove()
