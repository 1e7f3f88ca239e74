"""Keys: what is sealed at rest, and how a number is found again without being readable (DESIGN.md §7)."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, MultiFernet

from sms_service.domain.words import ProgramId


class Token(str):
    """Words that are sealed already: a Sealed column keeps them as they are."""

    __slots__ = ()


class Keyring:
    """The process's keys. The first data key seals, all open; the first look-up key files, all find."""

    def __init__(self, data_keys: Sequence[str], lookup_keys: Mapping[int, str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in data_keys])
        self._first = next(iter(lookup_keys))
        self._lookup_keys = {no: key.encode() for no, key in lookup_keys.items()}

    @property
    def first_lookup_key(self) -> int:
        """The number of the look-up key in use."""
        return self._first

    def seal(self, words: str) -> str:
        """Words in, an opaque ASCII token out."""
        return self._fernet.encrypt(words.encode()).decode("ascii")

    def open(self, token: str) -> str:
        """The reverse of `seal`; InvalidToken when no key fits."""
        return self._fernet.decrypt(token.encode("ascii")).decode()

    def rotated(self, token: str) -> str:
        """The same words under the first key."""
        return self._fernet.rotate(token.encode("ascii")).decode("ascii")

    def file_under(self, program_id: ProgramId, number: str) -> tuple[str, int]:
        """What a number is filed under today: its keyed hash and the number of the key."""
        return self._hash(self._lookup_keys[self._first], program_id, number), self._first

    def find_under(self, program_id: ProgramId, number: str) -> list[str]:
        """Every keyed hash a number may be filed under, the key in use first."""
        return [self._hash(key, program_id, number) for key in self._lookup_keys.values()]

    @staticmethod
    def _hash(key: bytes, program_id: ProgramId, number: str) -> str:
        return hmac.new(key, f"{program_id}:{number}".encode(), hashlib.sha256).hexdigest()


class _Hook:
    """The keyring that `Sealed` columns of this process use; set once, when the database is opened."""

    keyring: Keyring | None = None


def use_keyring(keyring: Keyring) -> None:
    """Let this process's sealed columns use these keys."""
    _Hook.keyring = keyring


def keyring() -> Keyring:
    """The process's keys; an error when the database was never opened."""
    if _Hook.keyring is None:
        raise RuntimeError("no keys yet: open the Database first")
    return _Hook.keyring


def sealed_once(words: str) -> Token:
    """Words sealed once for many rows, which then hold the same value: whoever sees the rows sees them equal."""
    return Token(keyring().seal(words))
