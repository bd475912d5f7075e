"""Sources that answer nonsense: it is told, nothing is lost, and what comes later is still read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data.model import Gap, Record
from tests.connectors.api_binding import ApiBinding
from tests.connectors.argocd.test_conformance import ArgoCdBinding
from tests.connectors.house import House, RowKey
from tests.connectors.jenkins.test_conformance import JenkinsBinding
from tests.connectors.kubeflow.test_conformance import KubeflowBinding
from tests.connectors.loopback import Answer, Broken, Garbage, Said
from tests.connectors.pagerduty.test_conformance import PagerDutyBinding
from tests.connectors.wandb.test_conformance import WandbBinding

SOURCES: Mapping[str, type[ApiBinding]] = {
    "argocd": ArgoCdBinding,
    "jenkins": JenkinsBinding,
    "kubeflow": KubeflowBinding,
    "pagerduty": PagerDutyBinding,
    "wandb": WandbBinding,
}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ApiBinding]:
    with ExitStack() as running:
        yield SOURCES[request.param](tmp_path, running)


def says(body: bytes, kind: str = "application/json") -> Callable[[Answer], Said]:
    return lambda answer: replace(answer, body=body, headers={"Content-Type": kind})


def half(answer: Answer) -> Said:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


NONSENSE: Mapping[str, Callable[[Answer], Said]] = {
    "a login page": says(b"<!doctype html><title>Sign in</title>", "text/html"),
    "half of it": half,
    "nothing": says(b""),
    "null": says(b"null"),
    "a list": says(b"[]"),
    "a number": says(b"7"),
    "a text": says(b'"ok"'),
    "an empty object": says(b"{}"),
    "nested without end": says(b"[" * 100_000),
    "no UTF-8": says(b'{"items": "\xff\xfe"}'),
    "a body that breaks off": lambda _: Broken(),
    "no HTTP": lambda _: Garbage(),
}


def test_an_answer_that_is_none_is_told_and_loses_nothing(source: ApiBinding) -> None:
    house = source.synced()
    before = _things(source, house)
    for name, nonsense in NONSENSE.items():
        source.double.spoil("", nonsense)
        told = source.sync(house)
        assert told.errors or house.gaps(), name
        assert all(error.fix for error in told.errors), name
        source.double.allow()
    assert _things(source, house) == before
    _recovers(source, house)


def test_refusals_at_the_first_reading_are_told_and_no_end(source: ApiBinding) -> None:
    house = source.house()
    for status in (401, 403, 404, 429, 500):
        source.double.refuse("", status)
        told = source.sync(house)
        assert told.errors or house.gaps(), status
        assert not _things(source, house), status
        source.double.allow()
    _recovers(source, house)


# --- one kind of value in all answers is not what it should be ----------------------------------

Change = Callable[[Any], Any]


def everywhere(meant: Callable[[Any], bool], put: Change) -> Change:
    """Puts something else in place of each value that is meant; but for the answer itself."""

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(item) for item in value]
        if isinstance(value, dict):
            return {name: changed(item) for name, item in value.items()}
        return value

    def changed(value: Any) -> Any:
        return put(value) if meant(value) else walk(value)

    return walk


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_time(value: Any) -> bool:
    """A date as text, or milliseconds since 1970."""
    if isinstance(value, str):
        return bool(re.match(r"20\d\d-|17\d{11}$", value))
    return _is_number(value) and value > 10**11


def _later(value: Any) -> Any:
    """The same time, a thousand years ahead."""
    ahead = 31_556_952_000_000
    if isinstance(value, str):
        return f"30{value[2:]}" if "-" in value else str(int(value) + ahead)
    return value + ahead


def _beyond(value: Any) -> Any:
    """A time beyond all times."""
    if isinstance(value, str):
        return "99999-01-01T00:00:00Z" if "-" in value else "9" * 30
    return 10**30


DAMAGE: Mapping[str, Change] = {
    "lists are null": everywhere(lambda value: isinstance(value, list), lambda _: None),
    "objects in lists are numbers": everywhere(
        lambda value: isinstance(value, list) and any(isinstance(item, dict) for item in value),
        lambda value: list(range(len(value))),
    ),
    "numbers are texts": everywhere(_is_number, str),
    "numbers are infinite": everywhere(_is_number, lambda _: float("inf")),
    "numbers are huge": everywhere(_is_number, lambda value: value + 10**25),
    "texts are numbers": everywhere(lambda value: isinstance(value, str), len),
    "texts are null": everywhere(lambda value: isinstance(value, str), lambda _: None),
    "texts are huge": everywhere(
        lambda value: isinstance(value, str), lambda value: value + "😀/'\"\\ \0\ud800" * 3_000
    ),
    "times lie ahead": everywhere(_is_time, _later),
    "times are none": everywhere(_is_time, _beyond),
    "yes is no": everywhere(lambda value: isinstance(value, bool), lambda value: not value),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_values_that_are_nonsense_are_told_and_do_not_deafen(
    source: ApiBinding, damage: str
) -> None:
    house = source.house()
    source.double.damage("", DAMAGE[damage])
    told = source.sync(house)
    assert all(error.fix for error in told.errors)
    _recovers(source, house)


def test_a_list_without_end_is_given_up(source: ApiBinding) -> None:
    """Each page of a list is the first one again, however it is asked for."""
    first: dict[str, bytes] = {}

    def again(answer: Answer) -> Said:
        body = json.loads(answer.body) if answer.body else None
        shape = repr(_shape(body))
        return replace(answer, body=first.setdefault(shape, answer.body))

    house = source.house()
    source.double.spoil("", again)
    source.sync(house)
    assert len(source.double.asked) < 500
    _recovers(source, house)


def _shape(value: Any) -> Any:
    return sorted(value) if isinstance(value, dict) else type(value).__name__


def _recovers(source: ApiBinding, house: House) -> None:
    """What happens once the answers are right again is read as by one who knew nothing else."""
    source.double.allow()
    source.wait(minutes=5)
    began_at = source.time.at
    source.change()
    source.wait(minutes=5)
    again = source.sync(house)
    assert not again.errors, again.errors
    known, fresh = _things(source, house), _things(source, source.synced())
    news = {key: row for key, row in fresh.items() if _is_since(began_at, row)}
    assert news
    assert {key: known.get(key) for key in news} == news


def _is_since(began_at: datetime, row: Record) -> bool:
    told = (getattr(row, field.name) for field in fields(row))
    return any(isinstance(value, datetime) and value >= began_at for value in told)


def _things(source: ApiBinding, house: House) -> dict[RowKey, Record]:
    """What is known, but for gaps and for what is named by when it was read."""
    rows = house.records(without=source.untimed)
    return {key: row for key, row in rows.items() if not isinstance(row, Gap)}
