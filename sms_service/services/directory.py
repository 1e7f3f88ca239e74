"""The packaged helpline directory, read once."""

import json
from functools import cache
from importlib.resources import files

from sms_service.domain.helplines import Helpline, parse_directory


@cache
def helplines() -> tuple[Helpline, ...]:
    """Every helpline of data/helplines.json."""
    return parse_directory(json.loads(files("sms_service.data").joinpath("helplines.json").read_text("utf-8")))
