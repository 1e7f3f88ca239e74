"""Every table, so that the metadata is whole wherever it is looked at."""

from sms_service.store import (
    audit,
    cases,
    checkins,
    consents,
    conversations,
    groups,
    inbounds,
    marks,
    outbox,
    people,
    programs,
    referrals,
    rota,
    users,
    wakes,
    wordings,
)
from sms_service.store.types import metadata

__all__ = [
    "audit", "cases", "checkins", "consents", "conversations", "groups", "inbounds", "marks", "metadata",
    "outbox", "people", "programs", "referrals", "rota", "users", "wakes", "wordings",
]  # fmt: skip
