"""The backup's file: lines in, one compressed and sealed stream out, and back (docs/adr/0010).

    SMSBACKUP\\n · header's length · header (JSON in the clear) · chunks, each: its length · AES-256-GCM

The file's key is derived (HKDF, a salt of its own) from a data key. Each chunk is bound to the header, to its place and
to whether it is the last: what was changed, swapped or cut off is noticed.
"""

import base64
import hashlib
import json
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"SMSBACKUP\n"
FORMAT = 1
CHUNK = 256 * 1024
"""Bytes sealed at once: what both sides hold in memory."""
_LENGTH = struct.Struct(">I")
_MOST_HEADER = 64 * 1024


class BackupError(Exception):
    """Why a backup cannot be made or used; one sentence."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says in the clear: nothing about anybody."""

    format: int
    schema: str
    made_at: str
    programs: int
    salt: str
    key: str

    @property
    def made(self) -> datetime:
        """When the snapshot was taken, aware UTC."""
        return datetime.fromisoformat(self.made_at)


class BackupWriter:
    """Takes lines; the file has its name only once it is whole. Used as a context."""

    def __init__(self, file: Path, data_key: str, schema: str, made_at: datetime, programs: int) -> None:
        if file.exists():
            raise BackupError(f"{file} is there already; a backup overwrites nothing.")
        salt = os.urandom(32)
        header = Header(FORMAT, schema, made_at.isoformat(), programs, salt.hex(), _key_id(data_key, salt))
        head = json.dumps(asdict(header)).encode()
        self._file, self._draft = file, file.with_name(f".{file.name}.{os.getpid()}.part")
        self._stream = _Sealed(_file_key(data_key, salt), head)
        self._zip = zlib.compressobj(1)
        self._held = bytearray()
        self._out = os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._out.write(MAGIC + _LENGTH.pack(len(head)) + head)

    def write(self, line: bytes) -> None:
        """One line, its end included."""
        self._held += self._zip.compress(line)
        while len(self._held) > CHUNK:
            self._seal(CHUNK, last=False)

    def _seal(self, size: int, *, last: bool) -> None:
        chunk = self._stream.seal(bytes(self._held[:size]), last=last)
        del self._held[:size]
        self._out.write(_LENGTH.pack(len(chunk)) + chunk)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        """Whole: on the disk under its name. Not whole: gone."""
        try:
            if kind is None:
                self._held += self._zip.flush()
                while len(self._held) > CHUNK:
                    self._seal(CHUNK, last=False)
                self._seal(len(self._held), last=True)
                self._out.flush()
                os.fsync(self._out.fileno())
                self._name()
        finally:
            try:
                self._out.close()
            finally:
                self._draft.unlink(missing_ok=True)

    def _name(self) -> None:
        try:
            os.link(self._draft, self._file)
        except FileExistsError:
            raise BackupError(f"{self._file} appeared meanwhile; a backup overwrites nothing.") from None
        except OSError:  # a file system without links
            self._draft.rename(self._file)


class BackupReader:
    """Gives the lines back. Used as a context; BackupError says what is wrong with the file or the keys."""

    def __init__(self, file: Path, data_keys: Sequence[str]) -> None:
        self._file = file
        self._in = file.open("rb")
        try:
            head = self._head()
            self.header = _read_header(file, head)
            self._stream = _Sealed(_key_of(file, self.header, data_keys), head)
        except BaseException:
            self._in.close()
            raise

    def _head(self) -> bytes:
        if self._in.read(len(MAGIC)) != MAGIC:
            raise BackupError(f"{self._file} is no backup of sms-service.")
        size = _LENGTH.unpack(_exactly(self._in, self._file, _LENGTH.size))[0]
        if size > _MOST_HEADER:
            raise BackupError(f"{self._file} is damaged in its header.")
        return _exactly(self._in, self._file, size)

    def lines(self) -> Iterator[bytes]:
        """Every line, in order; BackupError as soon as something is amiss."""
        rest, unzip = b"", zlib.decompressobj()
        for chunk in self._chunks():
            data = unzip.decompress(chunk, CHUNK)
            while data:
                *whole, rest = (rest + data).split(b"\n")
                yield from whole
                data = unzip.decompress(unzip.unconsumed_tail, CHUNK)

    def _chunks(self) -> Iterator[bytes]:
        number, last = 0, False
        while not last:
            size = _LENGTH.unpack(_exactly(self._in, self._file, _LENGTH.size))[0]
            if size > CHUNK + 16:
                raise BackupError(f"{self._file} is damaged in part {number + 1}.")
            sealed = _exactly(self._in, self._file, size)
            try:
                chunk, last = self._stream.open(sealed)
            except InvalidTag:
                raise BackupError(f"{self._file} is damaged in part {number + 1}.") from None
            number += 1
            yield chunk
        if self._in.read(1):
            raise BackupError(f"{self._file} is damaged: something follows its end.")

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the file."""
        self._in.close()


class _Sealed:
    """One direction of one file: counts the chunks."""

    def __init__(self, key: bytes, head: bytes) -> None:
        self._aead = AESGCM(key)
        self._bound = hashlib.sha256(MAGIC + head).digest()
        self._number = 0

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        """The next chunk."""
        return self._aead.encrypt(self._nonce(last=last), plain, self._bound)

    def open(self, sealed: bytes) -> tuple[bytes, bool]:
        """The next chunk and whether it is the last; InvalidTag when it is not what was written there."""
        before = self._number
        try:
            return self._aead.decrypt(self._nonce(last=False), sealed, self._bound), False
        except InvalidTag:
            self._number = before
            return self._aead.decrypt(self._nonce(last=True), sealed, self._bound), True

    def _nonce(self, *, last: bool) -> bytes:
        self._number += 1
        return self._number.to_bytes(11, "big") + bytes([last])


def _file_key(data_key: str, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, b"sms-service backup").derive(base64.urlsafe_b64decode(data_key))


def _key_of(file: Path, header: Header, data_keys: Sequence[str]) -> bytes:
    salt = bytes.fromhex(header.salt)
    key = next((one for one in data_keys if _key_id(one, salt) == header.key), None)
    if key is None:
        raise BackupError(f"No key in DATA_KEYS opens {file}: it was made with another one.")
    return _file_key(key, salt)


def _key_id(data_key: str, salt: bytes) -> str:
    """Tells which key is meant without telling anything about it."""
    return HKDF(SHA256(), 8, salt, b"sms-service backup key id").derive(base64.urlsafe_b64decode(data_key)).hex()


def _read_header(file: Path, head: bytes) -> Header:
    try:
        known = json.loads(head)
        number = known["format"]
        if number > FORMAT:
            raise BackupError(f"{file} was written by a newer sms-service (format {number}): restore it with that.")
        header = Header(**known)
        _ = header.made, bytes.fromhex(header.salt)
    except (ValueError, TypeError, KeyError):
        raise BackupError(f"{file} is damaged in its header.") from None
    return header


def _exactly(stream: BinaryIO, file: Path, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise BackupError(f"{file} is cut short.")
    return data
