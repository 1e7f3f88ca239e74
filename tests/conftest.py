"""What every test may use: the servers of tests/servers.py and the house of tests/house.py."""

import sys
from pathlib import Path

# `tests.servers` and `tests.house` are found however pytest is called
sys.path.insert(0, str(Path(__file__).parents[1]))

pytest_plugins = ["tests.servers", "tests.house"]
