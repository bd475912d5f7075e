"""Our own checks of OSCAL say what is wrong and where, and never fall over what they check."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.oscal_checks import problems
from tests.app.reports.test_oscal_mutations import CASES, NO_UUID, OWN, changed

RESULT = "/assessment-results/results/0"


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("a time with a space", f"{RESULT}/start: 2026-07-01 00:00:00Z is no time with `T`"),
        ("an id twice", f"{RESULT}/observations/1/uuid: "),
        (
            "a role there is not",
            "/assessment-results/metadata/responsible-parties/0/role-id: nobody is not among roles",
        ),
        (
            "a party there is not",
            f"/assessment-results/metadata/responsible-parties/0/party-uuids/0: {NO_UUID} is not",
        ),
        ("a tool there is not", f"{RESULT}/observations/0/origins/0/actors/0/actor-uuid: "),
        ("a resource there is not", f"{RESULT}/observations/0/relevant-evidence/0/href: {NO_UUID}"),
        ("an old version", "/assessment-results/metadata/oscal-version: 1.0.4 is not version"),
        ("an end before the start", f"{RESULT}/end: 2026-06-30 00:00:00+00:00 is before start"),
        (
            "a clause that was not reviewed",
            f"{RESULT}/findings/0/target/target-id: CC1.1 was not reviewed",
        ),
        ("a reason of our own", f"{RESULT}/findings/0/target/status/reason: waived is none of"),
    ],
)
def test_a_problem_is_told_with_its_place(case: str, told: str) -> None:
    assert str(problems(changed(case))[0]).startswith(told)


@pytest.mark.parametrize("case", [name for name, (_, found) in CASES.items() if found == {OWN}])
def test_what_only_we_find_is_one_problem(case: str) -> None:
    assert len(problems(changed(case))) == 1


def test_another_version_is_taken_where_it_is_asked_for() -> None:
    assert problems(changed("an old version"), "1.0.4") == []


def test_a_result_that_reviewed_everything_may_speak_of_everything() -> None:
    document = changed("a clause that was not reviewed")
    (selection,) = document["assessment-results"]["results"][0]["reviewed-controls"][
        "control-selections"
    ]
    del selection["include-controls"]
    selection["include-all"] = {}
    assert problems(document) == []


KEYS = st.sampled_from(
    [
        *("uuid", "type", "reason", "start", "end", "collected", "href", "role-id", "actor-uuid"),
        *("results", "findings", "target", "target-id", "status", "observations", "party-uuids"),
        *("reviewed-controls", "include-controls", "statement-ids", "observation-uuid"),
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("#x"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=4),
    max_leaves=12,
)


@given(document=st.dictionaries(KEYS, JSON, max_size=4))
def test_any_document_is_checked_to_its_end(document: dict[str, Any]) -> None:
    assert all(problem.path.startswith("/") for problem in problems(document))
