"""Who is let in, and what stays inside (SCENARIOS.md 28, 30)."""

import base64
import hashlib
import hmac
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import redis
import requests

from tests.outside.behind import change, number_in, rows, secret
from tests.outside.world import LINE, SAM, World

pytestmark = pytest.mark.outside
FRESH = count(1)
FOREIGN = "0123456789abcdef0123456789abcdef"
ROUTES: Mapping[str, Mapping[str, str]] = {
    "/webhooks/sms": {"MessageSid": "SM", "From": "+12025554001", "To": LINE, "Body": "hi"},
    "/webhooks/sms/status/999999": {"MessageSid": "SM9", "MessageStatus": "delivered"},
    "/webhooks/sms/fallback": {"MessageSid": "SM", "From": "+12025554002", "To": LINE, "Body": "hi"},
    "/webhooks/voice/fallback": {"CallSid": "CA1", "From": "+12025554003", "To": LINE},
}
"""Every webhook and a form it takes; tests/rules walks the application's own list."""
NEEDED = [(path, field) for path in ("/webhooks/sms", "/webhooks/sms/status/1") for field in ("MessageSid",)] + [
    ("/webhooks/sms", "From"), ("/webhooks/sms", "To"), ("/webhooks/sms/status/1", "MessageStatus"),
]  # fmt: skip


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Twilio's signature."""
    text = url + "".join(key + form[key] for key in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def post(
    world: World, path: str, form: Mapping[str, str], signature: str | None, host: str | None = None
) -> requests.Response:
    """A webhook as somebody might send it; the path goes over the wire byte for byte."""
    given = {"X-Twilio-Signature": signature, "Host": host}
    headers = {name: value for name, value in given.items() if value is not None}
    request = requests.Request("POST", world.web, data=dict(form), headers=headers).prepare()
    request.url = world.web + path
    with requests.Session() as session:
        return session.send(request, timeout=10)


def genuine(world: World, path: str, form: Mapping[str, str], host: str | None = None) -> requests.Response:
    """As Twilio sends it."""
    return post(world, path, form, sign(secret(world, "TWILIO_AUTH_TOKEN"), world.web + path, form), host)


def form_of(path: str, **more: str) -> dict[str, str]:
    """A form this route takes, under a SID nobody has used."""
    return {**ROUTES[path], "MessageSid": f"SM{next(FRESH):032x}", **more}


@pytest.mark.parametrize("path", ROUTES)
def test_every_webhook_refuses_whoever_is_not_twilio(world: World, path: str) -> None:
    """28: no signature, a wrong, foreign or borrowed one, other words, another address: 403; Twilio's own: taken."""
    token, url, form = secret(world, "TWILIO_AUTH_TOKEN"), world.web + path, form_of(path)
    other = "/webhooks/sms" if path != "/webhooks/sms" else "/webhooks/sms/fallback"
    evil = f"http://evil.example{path}"
    refused = {
        "none": post(world, path, form, None),
        "empty": post(world, path, form, ""),
        "wrong": post(world, path, form, "A" * 27 + "="),
        "no base64": post(world, path, form, "ñ".encode().decode("latin-1")),
        "foreign account": post(world, path, form, sign(FOREIGN, url, form)),
        "another route's": post(world, path, form, sign(token, world.web + other, form)),
        "other words": post(world, path, {**form, "Body": "changed"}, sign(token, url, form)),
        "one field more": post(world, path, {**form, "More": ""}, sign(token, url, form)),
        "one field less": post(world, path, {"MessageSid": form["MessageSid"]}, sign(token, url, form)),
        "query added": post(world, f"{path}?a=b", form, sign(token, url, form)),
        "wrong host": post(world, path, form, sign(token, evil, form), host="evil.example"),
        "https": post(world, path, form, sign(token, url.replace("http:", "https:"), form)),
    }
    assert {what: answer.status_code for what, answer in refused.items()} == dict.fromkeys(refused, 403)
    assert not any("<Message>" in answer.text for answer in refused.values())
    assert genuine(world, path, form).status_code in (200, 204)


@pytest.mark.parametrize("path", ROUTES)
def test_no_webhook_answers_a_get(world: World, path: str) -> None:
    """28: what a browser or a crawler does has no effect."""
    assert requests.get(world.web + path, timeout=10).status_code in (403, 405)


def test_a_refused_text_leaves_no_trace(world: World) -> None:
    """28: not a person, not a row."""
    before = rows(world, "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM inbounds)")
    form = form_of("/webhooks/sms", From=world.phone(), Body="i want to die")
    assert post(world, "/webhooks/sms", form, "A" * 27 + "=").status_code == 403
    assert rows(world, "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM inbounds)") == before


def test_a_replayed_webhook_is_answered_again_and_changes_nothing_twice(world: World) -> None:
    """28: a signature does not stop replay; the SID does."""
    ana = world.phone()
    after, form = world.mark(), form_of("/webhooks/sms", From=ana, Body="TALK")
    answers = [genuine(world, "/webhooks/sms", form) for _ in range(3)]
    assert [(a.status_code, a.text.endswith("<Response/>")) for a in answers] == [(200, True)] * 3
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.expect(ana, "asking a volunteer", after=after)
    world.say(SAM, f"TAKE {number}", "you have case")
    world.close_case(number)
    again = genuine(world, "/webhooks/sms", form)
    assert again.status_code == 200
    told = [body for body in world.got(ana, after) if "asking" in body]
    assert len(told) == 1
    assert len([body for body in world.got(SAM, after) if "Reply TAKE" in body]) == 1


def test_an_escaped_query_is_checked_as_it_came_over_the_wire(world: World) -> None:
    """28: what a framework un-escapes is not what Twilio signed."""
    path = "/webhooks/sms?who=O%27Hara&said=%C3%B1%40&to=%3A%2F"
    form = form_of("/webhooks/sms", From=world.phone())
    token = secret(world, "TWILIO_AUTH_TOKEN")
    assert post(world, path, form, sign(token, world.web + unquote(path), form)).status_code == 403
    assert genuine(world, path, form).status_code == 200


def test_behind_a_proxy_the_host_header_does_not_matter_to_twilios_own_requests(world: World) -> None:
    """28: the address that counts is PUBLIC_URL, never what a request says of itself."""
    bea = world.phone()
    assert genuine(world, "/webhooks/sms", form_of("/webhooks/sms", From=bea), host="10.0.0.7:80").status_code == 200
    world.expect(bea, "988")


@pytest.mark.parametrize(("path", "field"), NEEDED)
@pytest.mark.parametrize("how", ["missing", "blank"])
def test_a_signed_webhook_without_its_fields_is_a_400(world: World, path: str, field: str, how: str) -> None:
    """The request is Twilio's but says nothing that could be acted on."""
    form = {**ROUTES["/webhooks/sms"], "MessageStatus": "sent"}
    form = {**form, field: ""} if how == "blank" else {key: form[key] for key in form if key != field}
    answer = genuine(world, path, form)
    assert (answer.status_code, field in answer.text) == (400, True)


NUMBER = "+12027391846"
SPELLINGS = ("2027391846", "7391846", "739-1846", "739 1846", "739.1846", "(202) 739", "202-739", "202 739")
SAID = ("purple herons in my kitchen", "nobody feeds the copper giraffe", "i want to die under the walnut tree")
ANSWERED = "the seventh lighthouse is awake"
RARE = ("herons", "kitchen", "giraffe", "walnut", "lighthouse")
PLANTED = (*SPELLINGS, *SAID, *RARE, ANSWERED)


def test_no_number_and_no_word_of_a_member_is_found_in_what_is_kept_or_said_aloud(world: World) -> None:
    """30: after a conversation with every kind of mishap, in database, WAL, Redis, logs, metrics and tracebacks."""
    _a_whole_conversation(world)
    _mishaps(world)
    kept = [(where, said.lower()) for where, said in _everything_kept(world)]
    found = {f"{where}: {words}" for where, said in kept for words in PLANTED if words.encode() in said}
    assert found == set()
    assert rows(world, "SELECT count(*) FROM audit")[0][0] > 0
    holders = {word: [where for where, said in kept if word in said] for word in (b"america/new_york", b"invalidtoken")}
    assert "sms_service.db" in holders[b"america/new_york"], "what is in the clear can be found"
    assert "web.log" in holders[b"invalidtoken"], "no traceback was provoked"
    assert any(where.startswith("redis") for where in holders[b"invalidtoken"]), "RQ keeps tracebacks"


def _a_whole_conversation(world: World) -> None:
    world.join(NUMBER)
    world.say(NUMBER, "MOOD 2", "mood 2 saved")
    world.say(NUMBER, "2")
    after = world.mark()
    world.text(NUMBER, SAID[2])
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.say(SAM, f"TAKE {number}", "you have case", "walnut")
    after = world.mark()
    world.text(SAM, ANSWERED)
    world.expect(NUMBER, "lighthouse", after=after)
    world.text(NUMBER, f"{SAID[0]}, call me at (202) 739-1846")
    world.expect(SAM, "herons", after=after)
    world.text(NUMBER, f"+1 202 739 1846 {SAID[1]}", num_media=1)
    world.expect(SAM, "giraffe", after=after)
    world.close_case(number)
    assert "Sam" in world.board()


def _mishaps(world: World) -> None:
    """Refused, late, lost and broken sends; a text for no line; a row nobody can read, met by web and worker."""
    world.knobs(undeliverable={NUMBER: 30007})
    world.text(NUMBER, f"MENU {SAID[0]}")
    world.knobs(undeliverable={}, p_500=1.0)
    world.text(NUMBER, SAID[1])
    world.until(lambda: rows(world, "SELECT id FROM outbox WHERE state IN ('due', 'unsure') AND tries > 0"))
    world.knobs(p_500=0, p_429=1.0)
    world.text(NUMBER, "MENU")
    assert world.until(lambda: rows(world, "SELECT id FROM outbox WHERE state = 'due'"))
    genuine(world, "/webhooks/sms", form_of("/webhooks/sms", From=NUMBER, To="+12025559999", Body=SAID[1]))
    lines = rows(world, "SELECT id, number FROM lines")
    change(world, "UPDATE lines SET number = 'broken'")
    world.knobs(p_429=0)
    worked = world.until(lambda: b"InvalidToken" in _logs(world, "worker"))
    world.move(seconds=10)  # what is known of the lines is read again
    form = form_of("/webhooks/sms", From=NUMBER, Body=SAID[0])
    refused = genuine(world, "/webhooks/sms", form).status_code
    for line_id, number in lines:
        change(world, "UPDATE lines SET number = ? WHERE id = ?", number, line_id)
    assert worked, "no job failed over a line it cannot read"
    assert refused >= 500


def _logs(world: World, name: str) -> bytes:
    return b"".join(file.read_bytes() for file in (world.home / "var" / "logs").glob(f"*{name}*"))


def _everything_kept(world: World) -> Iterator[tuple[str, bytes]]:
    for file in sorted(Path(world.home).rglob("*")):
        if file.is_file():
            yield file.name, file.read_bytes()
    bearer = {"Authorization": f"Bearer {secret(world, 'METRICS_TOKEN')}"}
    metrics = requests.get(f"{world.web}/metrics", headers=bearer, timeout=10)
    assert metrics.ok
    yield "metrics", metrics.content
    with redis.Redis(unix_socket_path=str((world.home / "var" / "redis.sock").resolve())) as client:
        keys = list(client.scan_iter())
        assert keys, "Redis holds nothing at all"
        for key in keys:
            yield f"redis {key!r}", b"\n".join(_unpacked(value) for value in (key, *_values(client, key)))


def _values(client: Any, key: bytes) -> list[bytes]:
    match client.type(key):
        case b"string":
            return [client.get(key) or b""]
        case b"hash":
            return [part for pair in client.hgetall(key).items() for part in pair]
        case b"list":
            return list(client.lrange(key, 0, -1))
        case b"set":
            return list(client.smembers(key))
        case b"zset":
            return list(client.zrange(key, 0, -1))
        case b"stream":
            return [part for _id, fields in client.xrange(key) for pair in fields.items() for part in pair]
        case kind:
            raise AssertionError(f"a kind of key this test cannot read: {kind!r}")


def _unpacked(value: bytes) -> bytes:
    """RQ keeps jobs compressed, and tracebacks compressed and in base64."""
    opened = [value]
    with suppress(zlib.error):
        opened.append(zlib.decompress(value))
    with suppress(zlib.error, ValueError):
        opened.append(zlib.decompress(base64.b64decode(value, validate=True)))
    return b"\n".join(opened)
