"""What phones and the world outside really send: odd numbers, odd words, everything twice and at once."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from threading import Barrier, Thread

import pytest

from tests.outside.behind import number_in, rows
from tests.outside.test_trust import genuine
from tests.outside.world import LINE, SAM, World

pytestmark = pytest.mark.outside
FRESH = count(1)


def form(sender: str, body: str, **more: str) -> dict[str, str]:
    """One text as Twilio posts it."""
    return {"MessageSid": f"SMb{next(FRESH):031x}", "From": sender, "To": LINE, "Body": body, "NumMedia": "0"} | more


ODD_SENDERS = (
    "12345", "88788", "+266696687", "+7378742833", "+2562533", "+86282452253", "anonymous", "Restricted",
    "unknown", "+1202555", "+120255512345678901", "2025550", "HOPE", "whatsapp:+12025550177", "+1 (202) 555-01",
    "'; --", "+", "٠١٢٣",
)  # fmt: skip


def test_senders_that_cannot_be_answered_are_heard_politely_and_never_texted(world: World) -> None:
    """Short codes, anonymous callers, names and malformed numbers: 200, no reply, no person, no error."""
    people = rows(world, "SELECT count(*) FROM people")
    after = world.mark()
    for sender in ODD_SENDERS:
        answer = genuine(world, "/webhooks/sms", form(sender, "STOP"))
        assert (sender, answer.status_code) == (sender, 200)
        assert answer.text.endswith("<Response/>")
    world.quiet(SAM, after)
    assert [line for line in world.log(after) if line["direction"].startswith("outbound")] == []
    assert rows(world, "SELECT count(*) FROM people") == people


def test_a_text_for_a_number_that_is_no_line_of_ours_is_left(world: World) -> None:
    """A misconfigured webhook must not make Twilio try again and again."""
    before = rows(world, "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM inbounds)")
    for line in ("+12025559999", "garbage", "+12025550111"):
        assert genuine(world, "/webhooks/sms", form(world.phone(), "TALK", To=line)).status_code == 200
    assert rows(world, "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM inbounds)") == before


@pytest.mark.parametrize(
    "words",
    [
        "😀", "👨‍👩‍👧‍👦🏳️‍🌈", "…", "?", " ", "\t\r\n", "\u200b", "0", "٧", "مرحبا كيف حالك", "\u202eolleh\u202c",
        "שלום", "e\u0301\u0301\u0301",
        "x" * 1600, "😀" * 800, "' OR 1=1; --", "<b>hi</b> {name} %s", "{", "%(no)s", "a\u0000b",
        "\ud7ff", "ﷺ" * 100, "-1", "1e9", "NaN",
    ],
)  # fmt: skip
def test_odd_words_of_a_member_are_answered_with_988_or_help(world: World, words: str) -> None:
    """Emoji, right to left, 1,600 characters, nothing at all, marks that mean something to machines."""
    world.move(minutes=6)
    member = _member(world)
    after = world.mark()
    answer = genuine(world, "/webhooks/sms", form(member, words))
    assert answer.status_code == 200, answer.text
    first = world.expect(member, "", after=after)
    assert first.strip()
    assert "{" not in first.replace(words.strip() or "{", "")
    world.say(member, "MENU", "what would you like")


MEMBER: list[str] = []


def _member(world: World) -> str:
    """One member for all odd words."""
    if not MEMBER:
        MEMBER.append(world.phone())
        world.join(MEMBER[0])
    return MEMBER[0]


def test_only_a_picture_and_only_nothing_are_answered(world: World) -> None:
    """Media without words, ten pictures, a count that is no number."""
    member = world.phone()
    world.join(member)
    world.say(member, "", "can't open pictures", "988", num_media=1)
    world.say(member, "", "can't open pictures", num_media=10)
    after = world.mark()
    assert genuine(world, "/webhooks/sms", form(member, "", NumMedia="many")).status_code == 200
    world.expect(member, "are you OK", after=after)


def test_long_words_reach_the_volunteer_whole_and_in_texts_twilio_takes(world: World) -> None:
    """1,600 characters plus a name and a number are more than one text."""
    member = world.phone()
    number = world.open_case(member)
    world.say(SAM, f"TAKE {number}", "you have case")
    after = world.mark()
    words = " ".join(f"word{n}" for n in range(200))
    world.text(member, words[:1600])
    world.expect(SAM, "word0 ", after=after)
    whole = world.until(lambda: _joined(world.got(SAM, after), number) == words[:1600].strip())
    assert whole, world.got(SAM, after)
    assert all(len(body) <= 1600 for body in world.got(SAM, after))
    world.close_case(number)


def _joined(texts: list[str], number: int) -> str:
    return " ".join(text.partition(f" {number}: ")[2] for text in texts)


def test_one_sid_delivered_five_times_at_once_is_one_text(world: World) -> None:
    """Twilio's retry may meet the first try half way."""
    stranger = world.phone()
    after, same = world.mark(), form(stranger, "TALK")
    statuses = _at_once([partial(_status, world, same)] * 5)
    assert statuses == [200] * 5
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.expect(stranger, "asking a volunteer", after=after)
    world.say(SAM, f"TAKE {number}", "you have case")
    world.close_case(number)
    assert len([body for body in world.got(stranger, after) if "asking" in body]) == 1
    assert len([body for body in world.got(SAM, after) if "Reply TAKE" in body]) == 1


def test_five_first_texts_of_one_stranger_at_once_make_one_person_and_lose_none(world: World) -> None:
    """Two texts of one person wait for each other; each gets its answer."""
    stranger = world.phone()
    after = world.mark()
    sent = [form(stranger, words) for words in ("MENU", "TALK", "HELPLINE", "JOIN HOPE", "i want to die")]
    before = rows(world, "SELECT count(*) FROM people")[0][0]
    orders = [partial(_status, world, text) for text in sent]
    assert _at_once(orders) == [200] * 5
    assert rows(world, "SELECT count(*) FROM people")[0][0] == before + 1
    assert rows(world, "SELECT count(*) FROM inbounds WHERE person_id = (SELECT max(id) FROM people)") == [(5,)]
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.expect(stranger, "988", "911", after=after)
    assert rows(world, "SELECT kind, count(*) FROM cases WHERE member_id = (SELECT max(id) FROM people)") == [
        ("crisis", 1)
    ]
    world.say(SAM, f"TAKE {number}", "you have case", "i want to die")
    world.close_case(number)


def _status(world: World, text: dict[str, str]) -> int:
    return genuine(world, "/webhooks/sms", text).status_code


def _at_once(orders: Sequence[Callable[[], int]]) -> list[int]:
    start, statuses = Barrier(len(orders)), list[int]()

    def run(order: Callable[[], int]) -> None:
        start.wait(5)
        statuses.append(order())

    threads = [Thread(target=run, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return statuses


def test_a_status_for_nobody_and_a_status_of_nonsense_change_nothing(world: World) -> None:
    """Callbacks that come late, twice, for a purged row or with a word Twilio may invent tomorrow."""
    for path, status, code in (
        ("/webhooks/sms/status/999999999", "delivered", ""),
        ("/webhooks/sms/status/1", "exploded", "abc"),
        ("/webhooks/sms/status/1", "failed", "99999999999999"),
    ):
        given = {"MessageSid": "SMx", "MessageStatus": status, "ErrorCode": code}
        assert genuine(world, path, given).status_code == 204
    assert genuine(world, f"/webhooks/sms/status/{10**30}", given).status_code in (204, 404)


def test_a_flood_of_one_phone_is_stopped_and_nobody_else_waits(world: World) -> None:
    """The 21st text in five minutes gets no more replies, danger excepted; another phone is answered at once."""
    world.move(minutes=6)
    noisy, quiet = world.phone(), world.phone()
    after = world.mark()
    for n in range(30):
        genuine(world, "/webhooks/sms", form(noisy, f"MENU {n}" if n % 2 else "MENU"))
    world.say(quiet, "MENU", "988")
    world.text(noisy, "i want to die")
    world.expect(noisy, "911", after=after)
    assert len(world.got(noisy, after)) <= 21
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.say(SAM, f"TAKE {number}", "you have case")
    world.close_case(number)
