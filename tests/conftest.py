"""What every test may use: the servers of tests/servers.py."""

import sys
from pathlib import Path

# `tests.servers` is found however pytest is called
sys.path.insert(0, str(Path(__file__).parents[1]))

pytest_plugins = ["tests.servers"]
