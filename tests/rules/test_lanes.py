"""What is queued is worked off, and what is queued is only a lane's name."""

import ast
from typing import get_args

from sms_service.commands.run import lanes_of, worker
from sms_service.domain.words import LANE_OF, LANES, Lane, Why
from sms_service.jobs import drain
from sms_service.store.bell import DRAIN, Bell
from sms_service.up.supervise import _PARTS
from tests.rules.code import Source, called, package, where

JOB_ARGUMENTS = {"lane", "row_id", "outbox_id", "case_id", "wake_id", "program_id", "person_id"}
"""What a job may be handed: a lane or the id of a row."""


def lanes_of_part(words: tuple[str, ...]) -> tuple[Lane, ...]:
    """The lanes that a worker started with these words drains."""
    with worker.make_context("worker", list(words[1:])) as context:
        return tuple(context.params["lanes"])


def test_every_lane_is_drained_by_a_worker_of_up() -> None:
    workers = [words for _name, *words in _PARTS if words[0] == "worker"]
    drained = [lanes_of_part(tuple(words)) for words in workers]
    assert {lane for lanes in drained for lane in lanes} == set(LANES)
    assert ("urgent", "reply") in drained, "one worker is for those who wait"
    assert len(workers) >= 2


def test_every_queue_named_is_a_lane_and_every_lane_is_a_queue() -> None:
    assert set(LANES) == set(get_args(Lane)) == set(LANE_OF.values())
    assert set(get_args(Why)) == set(LANE_OF)
    assert set(Bell.at("redis://127.0.0.1:1/0")._keys) == set(LANES)
    assert lanes_of is not None


def test_the_job_that_the_bell_names_is_there_and_takes_a_lane() -> None:
    module, _, name = DRAIN.rpartition(".")
    assert module == drain.__name__
    assert list(getattr(drain, name).__annotations__) == ["lane", "return"]


def queued() -> list[tuple[Source, ast.Call]]:
    """Every place that makes a job."""
    return [
        (source, call)
        for source in package()
        for call in source.calls()
        if called(call) == "Job.create"
        or called(call).rpartition(".")[2] in {"enqueue", "enqueue_call", "enqueue_many"}
    ]


def test_a_job_is_handed_lanes_and_ids_only() -> None:
    """Names, numbers and words never reach Redis (DESIGN.md §7)."""
    made = queued()
    assert [source.path for source, _call in made] == ["sms_service/store/bell.py"], "the bell alone makes jobs"
    for source, call in made:
        handed = next(word.value for word in call.keywords if word.arg == "args")
        assert isinstance(handed, ast.List), where(source, call)
        assert {ast.unparse(one) for one in handed.elts} <= JOB_ARGUMENTS, where(source, call)
        assert not {word.arg for word in call.keywords} & {"kwargs", "meta", "description"}, where(source, call)


def test_every_job_function_takes_lanes_and_ids_only() -> None:
    entries = [
        (name, function)
        for source in package()
        if source.path.startswith("sms_service/jobs/") and source.path.endswith("drain.py")
        for name, function in source.functions()
        if function.name == "drain"
    ]
    assert entries
    for name, function in entries:
        assert {one.arg for one in function.args.args} <= JOB_ARGUMENTS, name


def test_jobs_are_json() -> None:
    """RQ's own default is pickle."""
    for source in package():
        for call in source.calls():
            if called(call).rpartition(".")[2] in {"Queue", "SimpleWorker", "Worker"} or called(call) == "Job.create":
                named = {word.arg: ast.unparse(word.value) for word in call.keywords}
                assert named.get("serializer") == "JSONSerializer", where(source, call)
