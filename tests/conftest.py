"""What every test may use: the servers of tests/servers.py and the house of tests/house.py."""

import sys
from collections.abc import Iterable
from itertools import groupby, zip_longest
from pathlib import Path

import pytest

# `tests.servers` and `tests.house` are found however pytest is called
sys.path.insert(0, str(Path(__file__).parents[1]))

pytest_plugins = ["tests.servers", "tests.house"]


WAITING = ("outside", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for whole processes and files that compute take turns, so that neither is left for the end."""
    files = [list(tests) for _path, tests in groupby(items, key=lambda test: test.path)]
    waiting = [tests for tests in files if any(test.get_closest_marker(name) for test in tests for name in WAITING)]
    others = [tests for tests in files if tests not in waiting]
    turns: Iterable[tuple[list[pytest.Item], ...]] = zip_longest(waiting, others, fillvalue=[])
    items[:] = [test for turn in turns for tests in turn for test in tests]
