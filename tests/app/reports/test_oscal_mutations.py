"""Which of three judges finds what is wrong with OSCAL: NIST's schema, trestle, our own checks.

The last two lists of cases are why the third judge exists.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.reports.oscal import assessment_results
from app.reports.oscal_checks import problems
from tests.app.reports.samples import assessment
from tests.servers import trestle
from tests.servers.schemas import Schema, validator

Change = Callable[[dict[str, Any]], None]

SCHEMA, TRESTLE, OWN = "schema", "trestle", "own"
NO_UUID = "c0ffee00-0000-4000-8000-000000000000"


def first(document: dict[str, Any], *steps: str) -> dict[str, Any]:
    """The first object below some keys of the result."""
    content: Any = document["assessment-results"]["results"][0]
    for step in steps:
        content = content[step]
        content = content[0] if isinstance(content, list) else content
    found: dict[str, Any] = content
    return found


def without(*steps: str) -> Change:
    return lambda document: first(document, *steps[:-1]).__delitem__(steps[-1])


def saying(value: Any, *steps: str) -> Change:
    return lambda document: first(document, *steps[:-1]).__setitem__(steps[-1], value)


def no_plan(document: dict[str, Any]) -> None:
    del document["assessment-results"]["import-ap"]


def metadata(key: str, value: Any) -> Change:
    return lambda document: document["assessment-results"]["metadata"].__setitem__(key, value)


def no_such_role(document: dict[str, Any]) -> None:
    document["assessment-results"]["metadata"]["responsible-parties"][0]["role-id"] = "nobody"


def no_such_party(document: dict[str, Any]) -> None:
    parties = document["assessment-results"]["metadata"]["responsible-parties"]
    parties[0]["party-uuids"] = [NO_UUID]


def same_id(document: dict[str, Any]) -> None:
    observations = document["assessment-results"]["results"][0]["observations"]
    observations[1]["uuid"] = observations[0]["uuid"]


def logged_by_nobody(document: dict[str, Any]) -> None:
    entry = first(document, "risks", "risk-log", "entries")
    entry["logged-by"] = [{"party-uuid": NO_UUID}]


PROP = ("observations", "props")
STATUS = ("findings", "target", "status")
CONTROLS = ("reviewed-controls", "control-selections", "include-controls")

CASES: dict[str, tuple[Change, set[str]]] = {
    # the shape: both judges of the format
    "no plan": (no_plan, {SCHEMA, TRESTLE}),
    "no start": (without("start"), {SCHEMA, TRESTLE}),
    "no reviewed controls": (without("reviewed-controls"), {SCHEMA, TRESTLE, OWN}),
    "a state there is not": (saying("met", *STATUS, "state"), {SCHEMA, TRESTLE}),
    "a field there is not": (saying("x", "findings", "colour"), {SCHEMA, TRESTLE}),
    "an empty list": (saying([], "risks"), {SCHEMA, TRESTLE, OWN}),
    "an id of version 1": (
        saying("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "uuid"),
        {SCHEMA, TRESTLE},
    ),
    "a control's id that is no token": (
        saying("8.32", *CONTROLS, "control-id"),
        {SCHEMA, TRESTLE, OWN},
    ),
    "an empty property": (saying("", *PROP, "value"), {SCHEMA, TRESTLE}),
    "a property with spaces around": (saying(" x ", *PROP, "value"), {SCHEMA, TRESTLE}),
    "a time without a zone": (saying("2026-07-01T00:00:00", "start"), {SCHEMA, TRESTLE, OWN}),
    # one of the two
    "a time with a space": (saying("2026-07-01 00:00:00Z", "start"), {SCHEMA, OWN}),
    "an id twice": (same_id, {TRESTLE, OWN}),
    "a role there is not": (no_such_role, {TRESTLE, OWN}),
    # neither
    "an observation there is not": (
        saying(NO_UUID, "findings", "related-observations", "observation-uuid"),
        {OWN},
    ),
    "a risk there is not": (saying([{"risk-uuid": NO_UUID}], "findings", "related-risks"), {OWN}),
    "a party there is not": (no_such_party, {OWN}),
    "logged by nobody": (logged_by_nobody, {OWN}),
    "a tool there is not": (
        saying(NO_UUID, "observations", "origins", "actors", "actor-uuid"),
        {OWN},
    ),
    "a resource there is not": (
        saying([{"href": f"#{NO_UUID}", "description": "x"}], "observations", "relevant-evidence"),
        {OWN},
    ),
    "an old version": (metadata("oscal-version", "1.0.4"), {OWN}),
    "a version to come": (metadata("oscal-version", "1.9.0"), {OWN}),
    "an end before the start": (saying("2026-06-30T00:00:00Z", "end"), {OWN}),
    "a clause that was not reviewed": (saying("CC1.1", "findings", "target", "target-id"), {OWN}),
    "a reason of our own": (saying("waived", *STATUS, "reason"), {OWN}),
}


def good() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(assessment_results(assessment()))
    return read


def changed(case: str) -> dict[str, Any]:
    document = copy.deepcopy(good())
    CASES[case][0](document)
    assert document != good()
    return document


@pytest.fixture(scope="module")
def taken_by_trestle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    documents = {f"case-{index}": changed(case) for index, case in enumerate(CASES)}
    written = {name: json.dumps(document).encode() for name, document in documents.items()}
    verdicts = trestle.accepted(tmp_path_factory.mktemp("trestle"), {**written, "good": _good()})
    by_case = {case: verdicts[f"case-{index}"] for index, case in enumerate(CASES)}
    return {**by_case, "good": verdicts["good"]}


def _good() -> bytes:
    return assessment_results(assessment())


@pytest.mark.parametrize("case", CASES)
def test_the_schema_finds_wrong_shapes(case: str) -> None:
    assert validator(Schema.OSCAL).is_valid(changed(case)) == (SCHEMA not in CASES[case][1])


@pytest.mark.parametrize("case", CASES)
def test_trestle_finds_some(case: str, taken_by_trestle: dict[str, bool]) -> None:
    assert taken_by_trestle[case] == (TRESTLE not in CASES[case][1])


@pytest.mark.parametrize("case", CASES)
def test_own_checks_find_what_the_others_let_pass(case: str) -> None:
    assert bool(problems(changed(case))) == (OWN in CASES[case][1])


def test_each_case_is_found_by_one_of_them() -> None:
    assert all(found for _, found in CASES.values())


def test_all_three_take_what_is_written(taken_by_trestle: dict[str, bool]) -> None:
    assert [error.message for error in validator(Schema.OSCAL).iter_errors(good())] == []
    assert taken_by_trestle["good"]
    assert problems(good()) == []
