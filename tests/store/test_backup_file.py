"""The backup's file: what goes in comes out; what was changed, cut or opened with another key does not."""

import json
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from sms_service.store import backup_file
from sms_service.store.backup_file import BackupError, BackupReader, BackupWriter

KEY, OTHER = (Fernet.generate_key().decode() for _ in range(2))
AT = datetime(2026, 3, 4, 17, tzinfo=UTC)
SMALL = 1024


def write(file: Path, lines: list[bytes]) -> None:
    with BackupWriter(file, KEY, "0001", AT, 2) as out:
        for line in lines:
            out.write(line + b"\n")


def read(file: Path, *keys: str) -> list[bytes]:
    with BackupReader(file, keys or (KEY,)) as backup:
        return list(backup.lines())


@pytest.fixture
def long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One of several parts."""
    monkeypatch.setattr(backup_file, "CHUNK", SMALL)
    file = tmp_path / "it.backup"
    write(file, [Fernet.generate_key() for _ in range(200)])
    return file


@given(st.lists(st.binary(max_size=200).map(lambda line: line.replace(b"\n", b"")), max_size=50))
def test_what_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    file = tmp_path_factory.mktemp("backup") / "it.backup"
    write(file, lines)
    assert read(file) == lines


def test_much_that_is_alike_comes_out_in_small_pieces(tmp_path: Path) -> None:
    """It is unpacked as it is read: what packs well does not fill the memory."""
    file = tmp_path / "it.backup"
    write(file, [b"the same words again and again"] * 200_000)
    assert file.stat().st_size < 100_000
    assert sum(1 for line in read(file) if line == b"the same words again and again") == 200_000


def test_the_words_of_the_lines_do_not_stand_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "it.backup"
    write(file, [b"The evening group at St. Mary"])
    assert b"evening" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def test_any_of_the_data_keys_opens_it(tmp_path: Path) -> None:
    file = tmp_path / "it.backup"
    write(file, [b"a"])
    assert read(file, OTHER, KEY) == [b"a"]
    with pytest.raises(BackupError, match="No key in DATA_KEYS"):
        read(file, OTHER)


def test_a_file_cut_anywhere_is_refused(long_file: Path) -> None:
    whole = long_file.read_bytes()
    for size in range(0, len(whole), 97):
        long_file.write_bytes(whole[:size])
        with pytest.raises(BackupError, match=r"cut short|no backup"):
            read(long_file)


def test_a_file_cut_between_two_parts_is_refused(long_file: Path) -> None:
    """Each part is whole and its own: that the last one is missing is noticed."""
    whole = long_file.read_bytes()
    at = len(backup_file.MAGIC)
    at += 4 + struct.unpack(">I", whole[at : at + 4])[0]
    while (after := at + 4 + struct.unpack(">I", whole[at : at + 4])[0]) < len(whole):
        long_file.write_bytes(whole[:after])
        with pytest.raises(BackupError, match="cut short"):
            read(long_file)
        at = after


def test_a_byte_changed_anywhere_is_noticed(long_file: Path) -> None:
    whole = bytearray(long_file.read_bytes())
    for place in range(0, len(whole), 61):
        changed = bytearray(whole)
        changed[place] ^= 1
        long_file.write_bytes(changed)
        with pytest.raises(BackupError):
            read(long_file)


def test_something_after_the_end_is_noticed(long_file: Path) -> None:
    with long_file.open("ab") as more:
        more.write(b"x")
    with pytest.raises(BackupError, match="follows its end"):
        read(long_file)


def test_two_parts_that_changed_places_are_noticed(long_file: Path) -> None:
    whole = long_file.read_bytes()
    start = len(backup_file.MAGIC)
    start += 4 + struct.unpack(">I", whole[start : start + 4])[0]
    size = 4 + struct.unpack(">I", whole[start : start + 4])[0]
    first, second = whole[start : start + size], whole[start + size : start + 2 * size]
    long_file.write_bytes(whole[:start] + second + first + whole[start + 2 * size :])
    with pytest.raises(BackupError, match="damaged in part 1"):
        read(long_file)


def test_a_newer_format_is_named(tmp_path: Path) -> None:
    head = json.dumps({"format": backup_file.FORMAT + 1, "and": "what we cannot know"}).encode()
    file = tmp_path / "it.backup"
    file.write_bytes(backup_file.MAGIC + struct.pack(">I", len(head)) + head)
    with pytest.raises(BackupError, match="newer sms-service"):
        read(file)


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    file = tmp_path / "it.backup"
    file.write_bytes(b"SQLite format 3\0" * 10)
    with pytest.raises(BackupError, match="no backup of sms-service"):
        read(file)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "it.backup"
    file.write_text("mine")
    with pytest.raises(BackupError, match="is there already"):
        write(file, [b"a"])
    assert file.read_text() == "mine"


def test_a_file_that_appears_meanwhile_is_not_overwritten_either(tmp_path: Path) -> None:
    file = tmp_path / "it.backup"
    with pytest.raises(BackupError, match="appeared meanwhile"), BackupWriter(file, KEY, "0001", AT, 2):
        file.write_text("mine")
    assert file.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [file]


def test_work_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), BackupWriter(tmp_path / "it.backup", KEY, "0001", AT, 2) as out:
        out.write(b"half\n" * (1 // 0))
    assert list(tmp_path.iterdir()) == []
