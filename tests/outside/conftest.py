"""One running service for the tests of a file."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside.world import World, start, stop


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """One service for the tests of a file; they use phones of their own and only move time forward."""
    home = Path(tempfile.mkdtemp(prefix="sms-o-", dir="/tmp"))
    running = start(home, at=getattr(request.module, "STARTS_AT", "2026-03-04 12:00"))
    yield running
    stop(running)
    shutil.rmtree(home, ignore_errors=True)
