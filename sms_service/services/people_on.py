"""Who may be asked about a case at this moment, and in which order."""

from collections.abc import Iterable

from sms_service.domain.ladder import Whom
from sms_service.domain.words import Lang, PersonId
from sms_service.services.desk import Work
from sms_service.store.cases import Case, asked_about, load_of
from sms_service.store.rota import OnRota, on_now, rota_of

MOST_TALKS = 2
"""Open talks a volunteer has at once (SAFETY.md)."""


def next_on(work: Work, case: Case, whom: Whom) -> list[OnRota]:
    """The people a rung means, language first, never the member themself; empty: skip the rung."""
    rota = [one for one in rota_of(work.conn, case.program_id) if one.person_id != case.member_id]
    asked = asked_about(work.conn, case)
    match whom:
        case "volunteer":
            load = load_of(work.conn, case.program_id)
            fresh = [
                one
                for one in by_language(on_now(rota, "volunteer", work.now), case.member_lang)
                if one.person_id not in asked and load.get(one.person_id, 0) < MOST_TALKS
            ]
            return fresh[:1]
        case "supervisor":
            return [one for one in on_now(rota, "supervisor", work.now) if one.person_id not in asked][:1]
        case "supervisors":
            return unique(one for one in rota if one.role == "supervisor")
        case "everybody":
            supervisors = [one for one in rota if one.role == "supervisor"]
            return unique([*on_now(rota, "volunteer", work.now), *supervisors])


def by_language(rota: list[OnRota], language: Lang) -> list[OnRota]:
    """Those who speak the member's language first, otherwise in the rota's order."""
    return sorted(rota, key=lambda one: language not in one.speaks.split(","))


def unique(rota: Iterable[OnRota]) -> list[OnRota]:
    """Each person once."""
    seen: dict[PersonId, OnRota] = {}
    for one in rota:
        seen.setdefault(one.person_id, one)
    return list(seen.values())
