"""Is this text a crisis, a concern, or neither? Rules per family in English and Spanish; "none" is not "safe"."""

from sms_service.triage.assess import assess
from sms_service.triage.verdict import Verdict

__all__ = ["Verdict", "assess"]
