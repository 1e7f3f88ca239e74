"""New keys without a pause: every process knows a key before the first row needs it (docs/runbook.md, Keys).

1. New keys are made and stand last: they open and find, nothing is sealed or filed by them.
2. After a restart everywhere they stand first: what is written from now on is theirs.
3. After a restart everywhere the rows are sealed and filed anew, a few at a time, while the service runs.
4. A later pass that finds nothing under the old keys says that they may go.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.fernet import Fernet
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from sms_service import home
from sms_service.services.backup import Told
from sms_service.settings import Settings
from sms_service.store.database import Database, clashed
from sms_service.store.filed import FILED, file_anew, keys_in_use
from sms_service.store.marks import read_mark, set_mark
from sms_service.store.reseal import Found, reseal, sealed_tables
from sms_service.store.sealing import Keyring
from sms_service.store.seals import Seals

MARK = "keys_rotating"
_TRIES = 20
AGAIN = "Restart every process of the service (one after the other is fine), then run `sms-service keys rotate` again."


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in their order: the first seals and files, all open and find."""

    data: tuple[str, ...]
    lookup: tuple[tuple[int, str], ...]

    def settings(self) -> dict[str, str]:
        """As they are written in the settings."""
        return {
            "DATA_KEYS": ",".join(self.data),
            "LOOKUP_KEYS": ",".join(f"{number}:{key}" for number, key in self.lookup),
        }


def rotate(settings: Settings, told: Told) -> list[str]:
    """One step, or in a home whose service is stopped all of them; sentences that say what to do next."""
    keys = Keys(tuple(settings.data_keys), tuple(settings.lookup_keys.items()))
    at_home = _kept_at_home(settings, keys)
    with home.owned(settings.home) as ours:
        stopped = at_home and ours
        said: list[str] = []
        while True:
            wanted, words = _step(settings, keys, told)
            said += words
            if wanted is None:
                return said
            if not at_home:
                return said + [f"{name}={value}" for name, value in wanted.settings().items()] + [AGAIN]
            home.change_secrets(settings.home, wanted.settings())
            keys = wanted
            if not stopped:
                return [*said, f"They are kept in {settings.home}/secrets.json.", AGAIN]


def _kept_at_home(settings: Settings, keys: Keys) -> bool:
    """Whether the keys in use are those of the home's own file, so that it may be changed."""
    if settings.env == "production":
        return False
    kept = home.secrets_of(settings.home)
    return all(_same(name, kept[name], value) for name, value in keys.settings().items())


def _same(name: str, kept: str, given: str) -> bool:
    if name == "LOOKUP_KEYS" and kept[:1].isdigit() and ":" not in kept:
        kept = f"1:{kept}"
    return [one.strip() for one in kept.split(",")] == given.split(",")


def _step(settings: Settings, keys: Keys, told: Told) -> tuple[Keys | None, list[str]]:
    """What this run does, the keys that are wanted next (None: nothing), and what is to be said."""
    db = Database(settings.database_url, Keyring(keys.data, dict(keys.lookup)), 2)
    try:
        with db.read() as conn:
            mark = read_mark(conn, MARK) or ""
        name, _, number = mark.partition(" ")
        new = next((key for key in keys.data if _name_of(key) == name), None)
        new_lookup = next((one for one in keys.lookup if str(one[0]) == number), None)
        if new is None or new_lookup is None:
            return _begin(db, keys)
        if keys.data[0] != new or keys.lookup[0] != new_lookup:
            return _to_the_front(keys, new, new_lookup), ["Every process knows the new keys now; put them first:"]
        return _finish(db, keys, told)
    finally:
        db.close()


def _begin(db: Database, keys: Keys) -> tuple[Keys, list[str]]:
    data, number = Fernet.generate_key().decode(), max(number for number, _ in keys.lookup) + 1
    with db.write() as conn:
        set_mark(conn, MARK, f"{_name_of(data)} {number}")
    wanted = Keys((*keys.data, data), (*keys.lookup, (number, secrets.token_hex(32))))
    return wanted, ["New keys, behind the present ones; nothing is sealed by them yet:"]


def _to_the_front(keys: Keys, data: str, lookup: tuple[int, str]) -> Keys:
    return Keys(
        (data, *(one for one in keys.data if one != data)),
        (lookup, *(one for one in keys.lookup if one != lookup)),
    )


def _finish(db: Database, keys: Keys, told: Told) -> tuple[Keys | None, list[str]]:
    """Seals and files everything anew; the old keys may go once a pass found nothing under them."""
    if len(keys.data) == len(keys.lookup) == 1:
        with db.write() as conn:
            set_mark(conn, MARK, "")
        return None, ["The rotation is finished: one data key and one look-up key are left."]
    found, filed = _pass(db, keys, told)
    with db.read() as conn:
        in_use = keys_in_use(conn)
    words = [f"Sealed anew: {found.moved} values. Filed anew: {filed} numbers.", *_counts(keys, found, in_use)]
    left = sum(count for number, count in in_use.items() if number != keys.lookup[0][0])
    if left:
        return None, [*words, f"{left} numbers could not be filed anew; keep the old keys."]
    if found.moved or filed:
        return None, [*words, "Run it once more: when it finds nothing under the old keys, they may go."]
    return Keys(keys.data[:1], keys.lookup[:1]), [*words, "The old keys are in use no more; these are enough:"]


def _pass(db: Database, keys: Keys, told: Told) -> tuple[Found, int]:
    found, seals, filed = Found(), Seals(keys.data), 0
    for table in sealed_tables():
        filed += _through(table, told, lambda one, after: (reseal(db, one, seals, after, found), 0))
    for table in FILED:
        filed += _through(table, told, lambda one, after: file_anew(db, one, after))
    return found, filed


def _through(table: Table, told: Told, act: Callable[[Table, int], tuple[int | None, int]]) -> int:
    """Batch after batch to the table's end; one that clashed with a conversation is done again."""
    after: int | None = 0
    done = 0
    while after is not None:
        before = after
        after, count = _again_when_clashed(act, table, before)
        done += count
        told(table.name, 1)
    return done


def _again_when_clashed(
    act: Callable[[Table, int], tuple[int | None, int]], table: Table, after: int
) -> tuple[int | None, int]:
    for left in reversed(range(_TRIES)):
        try:
            return act(table, after)
        except DBAPIError as error:
            if not left or not clashed(error):
                raise
    raise AssertionError("the last try returns or raises")


def _counts(keys: Keys, found: Found, in_use: dict[int, int]) -> list[str]:
    """How much stood under each data key when it was met, and stands under each look-up key now."""
    words = [f"Found under data key {place + 1}: {found.under[place]} values." for place in range(len(keys.data))]
    words += [f"Now under look-up key {number}: {in_use.get(number, 0)} numbers." for number, _ in keys.lookup]
    if found.under[None]:
        words.append(f"{found.under[None]} values are under no key of these and cannot be read.")
    return words


def _name_of(data_key: str) -> str:
    """Tells a key from others without telling it."""
    return hashlib.sha256(b"sms-service data key " + data_key.encode()).hexdigest()[:16]
