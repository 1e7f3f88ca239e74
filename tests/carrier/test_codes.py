"""The table of codes: TWILIO.md's rows, and total for whatever else comes."""

from hypothesis import given
from hypothesis import strategies as st

from sms_service.carrier.codes import TABLE, outcome_of, treatment
from sms_service.carrier.outcomes import Later, Refused, Unsure


def test_a_stopped_person_is_never_tried_again() -> None:
    for code in (21610, 30004):
        assert treatment(code).reason == "stopped"
        assert treatment(code).final


def test_a_broken_configuration_is_told_and_what_is_owed_waits_for_its_mending() -> None:
    for code in (20003, 20404, 90010, 30002):
        assert treatment(code).alert
        assert outcome_of(401, code) == Later(code, 60.0)


def test_a_passing_failure_is_tried_at_most_twice_again() -> None:
    for code in (30003, 30008, 30017):
        assert treatment(code).retries == 2
        assert treatment(code).reason == "unreachable"


def test_filtered_and_route_codes_are_told_and_not_retried() -> None:
    for code in (30007, 30034, 30032, 30023, 30027, 30450, 21408, 21215, 13227, 21612, 21606):
        assert treatment(code).alert
        assert treatment(code).final


def test_no_code_stands_in_two_rows() -> None:
    from sms_service.carrier.codes import _ROWS

    assert sum(len(codes) for _, codes in _ROWS) == len(TABLE)


def test_an_unknown_code_is_final_and_told() -> None:
    for code in (None, 0, -1, 123456):
        assert treatment(code).final
        assert treatment(code).alert


@given(status=st.integers(0, 999), code=st.none() | st.integers() | st.sampled_from(sorted(TABLE)))
def test_every_answer_has_an_outcome_and_only_a_certain_no_is_not_unsure(status: int, code: int | None) -> None:
    outcome = outcome_of(status, code)
    assert isinstance(outcome, Refused | Later | Unsure)
    assert isinstance(outcome, Unsure) == (not 400 <= status < 500 or status == 408)
    if status == 429:
        assert isinstance(outcome, Later)
