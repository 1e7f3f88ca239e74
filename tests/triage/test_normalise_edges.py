"""How typed words become plain ones: short forms, signs, digits and stars in place of letters."""

import pytest

from sms_service.triage.assess import BOOK
from sms_service.triage.normalise import plain
from sms_service.triage.pieces import BREAK, LAUGH


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I'm", "i am"),
        ("i’m ok", "i am ok"),
        ("you're", "you are"),
        ("they've", "they have"),
        ("i'd go", "i would go"),
        ("i'll", "i will"),
        ("don't", "do not"),
        ("can't", "can not"),
        ("cant", "can not"),
        ("cannot", "can not"),
        ("won't", "will not"),
        ("wont", "will not"),
        ("od'd", "overdosed"),
        ("hurt my self", "hurt myself"),
        ("that's it", "that is it"),
        ("mom's", "mom s"),
        ("used 2 be", "used to be"),
        ("ill just kill", "i will just kill"),
        ("ill be ok", "i will be ok"),
        ("im ill and tired", "im ill and tired"),
        ("k.i.l.l", "kill"),
        ("k i l l", "kill"),
        ("a b c", "a b c"),
        ("d\u200bie", "die"),
        ("a\0b", "a b"),
        ("ＡÑＯ", "ano"),
        ("¿qué?", ".que?"),
    ],
)
def test_short_forms_are_written_out(typed: str, read: str) -> None:
    assert plain(typed) == read


@pytest.mark.parametrize("sign", ["🔫 gun", "🔪 knife", "💊 pills", "😂 lol", "🤣 lol", "😆 lol", "😹 lol", "💀 lol"])
def test_a_picture_of_a_means_or_a_laugh_is_its_word(sign: str) -> None:
    drawn, word = sign.split()
    assert plain(f"a{drawn}b").split() == ["a", word, "b"]


@pytest.mark.parametrize("quote", "’‘ʼ`´")
def test_every_apostrophe_is_one(quote: str) -> None:
    assert plain(f"i{quote}m") == "i am"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("dieeee", "die"),
        ("killl", "kill"),
        ("d1e", "die"),
        ("k1ll", "kill"),
        ("k!ll", "kill"),
        ("k|ll", "kill"),
        ("k*ll", "kill"),
        ("d**d", "dead"),
        ("c*t", "cut"),
        ("su1c1d3", "suicide"),
        ("suuiicciiidee", "suicide"),
        ("diie", "die"),
        ("d*e", "die"),
        ("k*****g", "killing"),
        ("s*****e", "suicide"),
        ("r***d", "raped"),
        ("c**s", "cuts"),
        ("5elf", "self"),
        ("$elf", "self"),
        ("h4te", "hate"),
        ("h@te", "hate"),
        ("g0ne", "gone"),
        ("a7e", "ate"),
        ("__die__", "die"),
        ("u", "you"),
        ("2nite", "tonight"),
        ("xq", "porque"),
        ("kiero", "quiero"),
    ],
)
def test_digits_stars_and_stretching_hide_no_word(typed: str, word: str) -> None:
    assert BOOK.speller.words(typed).tokens == (word,)


@pytest.mark.parametrize(
    "laugh", ["lol", "loool", "lolz", "lmfao", "rofl", "hahaha", "jajaja", "jejeje", "kidding", "xd"]
)
def test_every_laugh_is_the_same(laugh: str) -> None:
    assert BOOK.speller.words(laugh).tokens == (LAUGH,)


@pytest.mark.parametrize(
    ("typed", "tokens", "commas"),
    [
        ("you, me", ("you", "me"), {1}),
        ("you: me", ("you", "me"), {1}),
        ("you\nme", ("you", "me"), {1}),
        ("you... me", ("you", "me"), {1}),
        ("you. me", ("you", BREAK, "me"), set()),
        ("you!? me", ("you", BREAK, "me"), set()),
        ("you; me", ("you", BREAK, "me"), set()),
        (". you", ("you",), set()),
        ("you . . me", ("you", BREAK, "me"), set()),
        ("(you)", ("you",), {0, 1}),
        ("7.5 mg", ("7.5", "mg"), set()),
        ("at 10:30", ("at", "10:30"), set()),
        ("you|me", ("you", "me"), set()),
        ("++", (), set()),
        ("1304", ("1304",), set()),
    ],
)
def test_sentences_end_at_stops_and_clauses_at_commas(typed: str, tokens: tuple[str, ...], commas: set[int]) -> None:
    read = BOOK.speller.words(typed)
    assert (read.tokens, set(read.commas)) == (tokens, commas)
