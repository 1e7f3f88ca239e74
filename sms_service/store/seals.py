"""Which data key sealed a value, told by its signature alone: nothing is opened (Fernet's specification)."""

import base64
import hmac
from collections.abc import Sequence


class Seals:
    """The data keys in their order."""

    def __init__(self, data_keys: Sequence[str]) -> None:
        self._signing = [base64.urlsafe_b64decode(key)[:16] for key in data_keys]

    def under(self, token: str) -> int | None:
        """The place of the key that sealed this, 0 being the first; None when none did."""
        try:
            raw = base64.urlsafe_b64decode(token)
        except ValueError:
            return None
        for place, key in enumerate(self._signing):
            if hmac.compare_digest(hmac.digest(key, raw[:-32], "sha256"), raw[-32:]):
                return place
        return None
