"""One storm from its beginning to its verdict."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from storm.books import Books
from storm.crowd import Crowd, Life, Phone
from storm.faults import Faults, Weather
from storm.ledger import Owed
from storm.lives import Lives
from storm.model import Replay
from storm.needs import Needs
from storm.stage import ZONE, Stage, people

SETTLE_WITHIN, LOOK_FOR = 120.0, 300.0
"""Seconds in which all must be done after the last fault, and after which nobody looks any more."""
QUICK = 5.0
"""Both replies to two texts sent at once, on the handset within so many seconds, come in the order of the texts."""


@dataclass(frozen=True)
class Asked:
    """What the command line asked for."""

    database: str
    hosts: int
    seed: int
    members: int
    weather: Weather
    think: float
    volunteers: int
    most_cases: int
    hurry: int = 1
    """So many times faster the test clock runs while all is waited for at the end."""
    tell: Callable[[str], None] = field(repr=False, default=print)


def starts_at(asked: Asked) -> datetime:
    """So that the first prompts, at seven in the evening, fall due when a third of the storm is over."""
    return datetime(2026, 3, 4, 19, 0, tzinfo=ZONE) - timedelta(seconds=5 + asked.weather.seconds / 3)


def storm(stage: Stage, asked: Asked) -> dict[str, Any]:
    """The crowd talks while things go wrong; then all is waited for and compared."""
    dice = random.Random(asked.seed)  # noqa: S311 - nothing is kept secret by it
    books = Books(stage.settings)
    crowd = Crowd(stage, dice)
    sleepers, others, joiners = _cast(asked.members)
    team = [Phone(f"+1202555{9000 + at}", f"V{at:02d}") for at in range(asked.volunteers)]
    minutes = {phone.name: 19 * 60 + at % 2 for at, phone in enumerate(sleepers)}
    people(
        stage, [(one.number, one.name, minutes.get(one.name)) for one in [*sleepers, *others]],
        [(one.number, one.name) for one in team],
    )  # fmt: skip
    team += [Phone("+12025550111", "Sam"), Phone("+12025550112", "Carmen"), Phone("+12025550119", "Ruth")]
    crowd.phones = {phone.number for phone in [*sleepers, *others, *joiners, *team]}
    lives = Lives(crowd, books, asked.think)
    needs = Needs(crowd, lives, [*sleepers, *others], team)
    for phone in sleepers:
        owed = [crowd.owe(phone, words, what="prompt") for words in phone.replay.prompted(stage.now())]
        crowd.begin(_goes_on(phone, lives.prompted(phone, owed[0]), lives, needs, asked))
    for phone in others:
        crowd.begin(_goes_on(phone, lives.chat(phone), lives, needs, asked), within=2 * asked.think)
    for phone in joiners:
        crowd.begin(lives.join(phone), within=asked.weather.seconds / 2)
    faults = Faults(stage, dice, asked.weather)
    faults.begin()
    _watch(crowd, needs, faults, asked)
    crowd.over = True
    faults.end()
    settled = _settle(crowd, books, needs, faults, asked)
    return _verdict(stage, crowd, books, needs, faults, asked, settled)


def _cast(members: int) -> tuple[list[Phone], list[Phone], list[Phone]]:
    """A tenth waits for the evening's question, a twentieth joins, the others talk."""
    phones = [Phone(f"+1202555{4000 + at}", f"M{at:04d}") for at in range(members)]
    sleepers, joiners = members // 10, members // 20
    for phone in phones[-joiners:]:
        phone.replay = Replay(state="stranger", is_member=False)
    return phones[:sleepers], phones[sleepers:-joiners], phones[-joiners:]


def _goes_on(phone: Phone, first: Life, lives: Lives, needs: Needs, asked: Asked) -> Life:
    """A member's doings, one after the other, until nobody sends texts any more."""
    yield from first
    while True:
        yield lives.pause()
        wanted = needs.open < asked.most_cases and lives.chance(0.15)
        yield from needs.need(phone) if wanted else lives.chat(phone)


def _watch(crowd: Crowd, needs: Needs, faults: Faults, asked: Asked) -> None:
    began = told = time.monotonic()
    while (gone := time.monotonic() - began) < asked.weather.seconds:
        crowd.step()
        if time.monotonic() - told > 10:
            told = time.monotonic()
            asked.tell(_progress(crowd, needs, faults, gone))


def _progress(crowd: Crowd, needs: Needs, faults: Faults, gone: float) -> str:
    kills = sum(count for name, count in crowd.stage.parts.kills.items() if name != "redis")
    return (
        f"  {gone:4.0f} s: {crowd.texts} texts in, {len(crowd.ledger.lost)} replies awaited, {needs.opened} cases, "
        f"{kills} kills ({faults.at_commit} at a commit), {crowd.fallbacks} by the fallback"
    )


def _settle(crowd: Crowd, books: Books, needs: Needs, faults: Faults, asked: Asked) -> float | None:
    """Seconds by the service's clock from the last fault until all owed has come and no row is unfinished, or None."""
    told = looked = time.monotonic()
    ended_at, hurried = crowd.stage.now(), faults.last_at
    while (gone := (crowd.stage.now() - ended_at).total_seconds()) < LOOK_FOR:
        crowd.step()
        if asked.hurry > 1 and time.monotonic() - hurried > 0.5:
            crowd.stage.hasten((asked.hurry - 1) * (time.monotonic() - hurried))
            hurried = time.monotonic()
        if time.monotonic() - told > 10:
            told = time.monotonic()
            asked.tell(f"  +{gone:3.0f} s: {len(crowd.ledger.lost)} replies awaited, rows {books.unfinished()}")
        if not crowd.ledger.lost and time.monotonic() - looked > 0.5:
            looked = time.monotonic()
            if len(needs.paged) >= needs.opened and not books.unfinished():
                break
    else:
        return None
    calm = time.monotonic() + 5 / asked.hurry
    while time.monotonic() < calm:  # what comes twice comes now
        crowd.step()
    return gone


def _crossed(paid: Iterable[Owed]) -> int:
    """Pairs of quick replies to one person that came in another order than their texts were sent."""
    quick = [one for one in paid if one.arrived_at is not None and one.arrived_at - one.since < QUICK]
    quick.sort(key=lambda one: one.since)
    return sum(1 for first, then in pairwise(quick) if (first.arrived_at or 0) > (then.arrived_at or 0))


def _verdict(
    stage: Stage, crowd: Crowd, books: Books, needs: Needs, faults: Faults, asked: Asked, settled: float | None
) -> dict[str, Any]:
    lost = crowd.ledger.lost
    twice, licensed, wrong = crowd.ledger.surplus()
    twice += needs.paged_twice
    wrong += needs.wrong
    missing = max(0, needs.opened - len(needs.paged))
    crossed = sum(_crossed(paid) for paid in crowd.ledger.paid.values())
    for handset in sorted({one.handset for one in lost} | {who for who, _ in [*twice, *wrong]})[:12]:
        asked.tell(f"  {handset}: lost {[one.what[:50] for one in lost if one.handset == handset]}")
        asked.tell(f"    twice {[words[:50] for who, words in twice if who == handset]}")
        asked.tell(f"    wrong {[words[:50] for who, words in wrong if who == handset]}")
        asked.tell("".join(f"    {line}\n" for line in books.story(handset)))
    waits = sorted(crowd.slow)
    kills = Counter(stage.parts.kills)
    return {
        "seed": asked.seed, "database": asked.database, "hosts": asked.hosts, "network": stage.network,
        "members": asked.members, "texts": crowd.texts, "owed": crowd.ledger.owed + len(needs.pages),
        "lost": len(lost) + missing, "duplicate": len(twice), "licensed": len(licensed), "wrong": len(wrong),
        "crossed": crossed, "settled_s": None if settled is None else round(settled, 1), "cases": needs.opened,
        "pages": len(needs.pages), "comforts": needs.comforts, "fallbacks": crowd.fallbacks,
        "kills": dict(sorted(kills.items())), "kills_at_commit": faults.at_commit,
        "faults": dict(Counter(what for what in faults.done if not what.startswith("kill"))),
        "faults_not_made": faults.failed, "own_deaths": dict(stage.parts.own_deaths),
        "undelivered": len(crowd.undelivered), "rows": books.ends(),
        "reply_s": {"p50": _at(waits, 0.5), "p99": _at(waits, 0.99), "max": _at(waits, 1)},
    }  # fmt: skip


def _at(waits: list[float], share: float) -> float | None:
    return round(waits[min(len(waits) - 1, int(share * len(waits)))], 2) if waits else None
