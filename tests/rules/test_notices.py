"""Every notice of the catalogue is said by somebody."""

import ast

from sms_service.flows.notices import NOTICES
from tests.rules.code import package

UNSAID = {"drill": "an operator's command will send it; its answer, TAKE 0, is understood already"}


def test_every_notice_is_said_somewhere() -> None:
    """Its name stands as a constant outside of the catalogue itself."""
    named = {
        node.value for source in package() if not source.path.startswith("sms_service/flows/notices")
        for node in ast.walk(source.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip
    assert {name for name in NOTICES if name not in named} == set(UNSAID)
