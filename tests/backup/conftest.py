"""A place to restore to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.elsewhere import Elsewhere
from tests.house import House


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, house: House, tmp_path: Path, redis_url: str) -> Iterator[Elsewhere]:
    """A new installation whose database is of the other kind than the house's."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    url = request.getfixturevalue("empty_pg_url") if house.db.is_sqlite else f"sqlite:///{home}/other.db"
    one = Elsewhere(house, home, url, redis_url)
    yield one
    one.close()
