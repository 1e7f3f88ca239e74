"""Who may be asked about a case at this moment, and in which order."""

from collections.abc import Iterable
from datetime import datetime

from sms_service.domain.ladder import SUPERVISOR_FAMILIES, Whom
from sms_service.domain.words import Lang, PersonId
from sms_service.services.desk import Work
from sms_service.store.cases import Case
from sms_service.store.pages import Asked, asked_about
from sms_service.store.rota import OnRota, on_now

MOST_TALKS = 2
"""Open talks a volunteer has at once (SAFETY.md)."""


def next_on(work: Work, case: Case, whom: Whom, so_far: Asked, since: datetime | None = None) -> list[OnRota]:
    """The people a rung means, language first, never the member themself; empty: skip the rung.

    Nobody is asked twice since the ladder rose (or `since`). Who ever passed on the case is left out while
    there is somebody who did not; who passed on this ladder is asked again only when everybody did.
    """
    rota = _others(work, case)
    team = _team(work, case, rota)
    asked = so_far.since(since or case.rose_at)
    out = _out(case, so_far, team)
    match whom:
        case "volunteer":
            on = by_language(on_now(rota, "volunteer", work.now), case.member_lang)
            return [one for one in on if one.person_id not in asked | out and one.talks < MOST_TALKS][:1]
        case "supervisor":
            return [one for one in on_now(rota, "supervisor", work.now) if one.person_id not in asked | out][:1]
        case "supervisors":
            return unique(one for one in rota if one.role == "supervisor" and one.person_id not in out)
        case "everybody":
            return [one for one in team if one.person_id not in out] or team


def anybody_left(work: Work, case: Case) -> bool:
    """Whether somebody may still take it: neither passed on this ladder nor, as far as known, out of reach."""
    so_far = asked_about(work.conn, case)
    refused = so_far.passed_since(case.rose_at) | so_far.beyond_reach(case.rose_at)
    return any(one.person_id not in refused for one in _team(work, case, _others(work, case)))


def _out(case: Case, so_far: Asked, team: list[OnRota]) -> set[PersonId]:
    """Those who are not to be asked: whoever passed, or, when all did, whoever passed since it rose."""
    ever = so_far.passed_since(case.opened_at)
    return so_far.passed_since(case.rose_at) if all(one.person_id in ever for one in team) else ever


def _others(work: Work, case: Case) -> list[OnRota]:
    return [one for one in work.rota(case.program_id) if one.person_id != case.member_id]


def _team(work: Work, case: Case, rota: list[OnRota]) -> list[OnRota]:
    """Whoever is on call and all supervisors; for some families supervisors alone."""
    volunteers = [] if case.family in SUPERVISOR_FAMILIES else on_now(rota, "volunteer", work.now)
    return unique([*volunteers, *(one for one in rota if one.role == "supervisor")])


def by_language(rota: list[OnRota], language: Lang) -> list[OnRota]:
    """Those who speak the member's language first, otherwise in the rota's order."""
    return sorted(rota, key=lambda one: language not in one.speaks.split(","))


def unique(rota: Iterable[OnRota]) -> list[OnRota]:
    """Each person once."""
    seen: dict[PersonId, OnRota] = {}
    for one in rota:
        seen.setdefault(one.person_id, one)
    return list(seen.values())
