"""SARIF says which members fail, which nobody can tell of, and what is waived."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.assessment import Assessment, ReportRefused
from app.reports.sarif import sarif
from data.controls.framework import frameworks
from data.controls.outcome import Outcome
from data.controls.state import Reason, State
from data.decisions.waiver import NO_WAIVERS
from data.period import Window
from tests.app.reports.samples import assessment, control, outcome, outcomes, result
from tests.servers.schemas import Schema, validator


def run(*of: Outcome, **others: Any) -> dict[str, Any]:
    """The only run of a log."""
    (only,) = log(assessment(of or None, **others))["runs"]
    found: dict[str, Any] = only
    return found


def log(of: Assessment) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(sarif(of))
    return read


def one(state: State, **others: Any) -> dict[str, Any]:
    """The only result of a control of one member."""
    (found,) = run(outcome(control("CM-02", "CC8.1"), result("1", state, **others)))["results"]
    told: dict[str, Any] = found
    return told


def rule(of: dict[str, Any], control_id: str) -> dict[str, Any]:
    rules = of["tool"]["driver"]["rules"]
    found: dict[str, Any] = next(each for each in rules if each["id"] == control_id)
    return found


# --- results ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "reason", "kind"),
    [
        (State.FAIL, None, "fail"),
        (State.UNKNOWN, Reason.NO_PERMISSION, "open"),
        (State.UNKNOWN, Reason.STALE, "open"),
        (State.UNKNOWN, Reason.NOT_ATTESTED, "review"),
        (State.ERROR, None, "open"),
    ],
)
def test_each_state_has_its_kind(state: State, reason: Reason | None, kind: str) -> None:
    found = one(state, reason=reason)
    assert found["kind"] == kind
    assert found["properties"]["state"] == state.value
    assert found["properties"]["reason"] == (reason.value if reason else None)


@pytest.mark.parametrize("state", [State.PASS, State.NOT_APPLICABLE, State.MANUAL])
def test_what_is_no_trouble_is_counted_and_no_result(state: State) -> None:
    found = run(outcome(control("CM-02", "CC8.1"), result("1", state)))
    assert found["results"] == []
    assert rule(found, "CM-02")["properties"]["members"]["all"][state.value] == 1


@pytest.mark.parametrize(
    ("severity", "level"),
    [("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note")],
)
def test_only_a_failure_has_the_level_of_its_severity(severity: str, level: str) -> None:
    of = control("CM-02", "CC8.1", severity=severity)
    members = (result("1", State.FAIL), result("2", State.UNKNOWN, reason=Reason.NO_DATA))
    found = run(outcome(of, *members))
    assert [each["level"] for each in found["results"]] == [level, "none"]
    assert rule(found, "CM-02")["defaultConfiguration"] == {"level": level}


def test_a_result_says_what_is_wrong_and_where() -> None:
    found = run(outcomes()[0])["results"][0]
    assert found["message"]["text"] == "Change 2: Nobody but its author approved it."
    (location,) = found["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "host:acme/web#pull/2"
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "https://host.example/acme/web/pull/2"
    assert found["properties"]["columns"] == {"author": "m.alder", "labels": "a, b", "no": None}


def test_what_is_no_page_is_no_location() -> None:
    for url in ("javascript:alert(1)", "file:///etc/passwd", None):
        assert "physicalLocation" not in one(State.FAIL, url=url)["locations"][0]


# --- waivers ------------------------------------------------------------------------------------


def test_a_waiver_suppresses_a_result_that_stays() -> None:
    of = outcome(control("CM-02", "CC8.1"), result("3", State.FAIL, waiver="w1"))
    (found,) = run(of)["results"]
    assert (found["kind"], found["level"]) == ("fail", "error")
    (suppression,) = found["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "The old service goes in November."
    told = suppression["properties"]
    assert (told["approvedBy"], told["until"]) == ("r.birch", "2026-10-31")


def test_only_a_failure_is_suppressed() -> None:
    assert one(State.UNKNOWN, reason=Reason.STALE, waiver="w1")["suppressions"] == []


def test_every_result_says_whether_it_is_suppressed() -> None:
    # SARIF 2.1.0, 3.27.23: of all results of a run, or of none.
    assert [len(each["suppressions"]) for each in run()["results"]] == [0, 1, 0, 0, 0]


def test_a_waiver_whose_approval_is_not_told_is_refused() -> None:
    with pytest.raises(ReportRefused, match="names the waiver w1"):
        sarif(assessment(waivers=NO_WAIVERS))


# --- rules --------------------------------------------------------------------------------------


def test_a_rule_says_why_it_is_and_what_to_do() -> None:
    found = rule(run(), "CM-02")
    assert found["fullDescription"]["text"] == "What CM-02 asks for."
    assert found["help"]["text"] == "One person alone can break production. Require a review."
    assert "**What to do.** Require a review." in found["help"]["markdown"]
    assert found["properties"]["tags"] == ["change management", "soc2/CC8.1"]
    assert found["properties"]["version"] == 3


def test_a_result_leads_to_its_rule() -> None:
    found = run()
    rules = found["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == [of.control.id for of in outcomes()]
    for each in found["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]


def test_clauses_are_a_taxonomy_that_rules_refer_to() -> None:
    found = run()
    (taxonomy,) = found["taxonomies"]
    assert taxonomy["name"] == "soc2"
    ids = [each["id"] for each in taxonomy["taxa"]]
    assert ids == ["CC6.1", "CC6.2", "CC6.3", "CC6.8", "CC7.1", "CC8.1"]
    targets = [each["target"]["id"] for each in rule(found, "CM-03")["relationships"]]
    assert targets == ["CC8.1", "CC6.3"]
    assert rule(found, "IN-01")["relationships"] == []


def test_without_a_framework_there_is_no_taxonomy() -> None:
    found = run(framework=None)
    assert "taxonomies" not in found
    assert "relationships" not in rule(found, "CM-03")


# --- the run ------------------------------------------------------------------------------------


def test_a_control_that_could_not_be_evaluated_is_told_and_no_success() -> None:
    (invocation,) = run()["invocations"]
    assert not invocation["executionSuccessful"]
    (told,) = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == "VM-04 could not be evaluated: the column `x` is not there"
    assert told["associatedRule"] == {"id": "VM-04"}
    assert run(outcomes()[0])["invocations"][0]["executionSuccessful"]


def test_a_run_says_what_it_was_made_from() -> None:
    found = run()
    assert found["properties"] == {
        "organisation": "Example Works",
        "snapshot": "20261003T040506",
        "asOf": "2026-10-03T04:05:06Z",
        "from": "2026-07-01",
        "before": "2026-10-01",
    }
    assert found["invocations"][0]["properties"]["asOf"] == "2026-10-03T04:05:06Z"


def test_the_same_question_has_the_same_id_up_to_its_period() -> None:
    assert run()["automationDetails"]["id"] == "cairn/soc2/all+payments/2026-Q3"
    team = replace(outcomes()[0], team="pay/core")
    other = run(team, framework=frameworks()["soc2"])["automationDetails"]["id"]
    assert other == "cairn/soc2/pay-core/2026-Q3"
    assert run(team, framework=None)["automationDetails"]["id"] == "cairn/all/pay-core/2026-Q3"


def test_a_member_is_known_by_the_same_fingerprint_in_another_run() -> None:
    of = outcomes()[0]
    later = replace(of, window=Window(date(2026, 10, 1), date(2027, 1, 1)), team="payments")
    before, after = run(of)["results"], run(later)["results"]
    prints = [each["partialFingerprints"]["cairnMember/v1"] for each in before]
    assert prints == [each["partialFingerprints"]["cairnMember/v1"] for each in after]
    assert len(set(prints)) == len(prints) == 3


def test_two_members_of_one_name_are_two_results() -> None:
    twins = outcome(control("CM-02", "CC8.1"), result("1", State.FAIL), result("1", State.FAIL))
    assert len(run(twins)["results"]) == 2


def test_a_member_is_told_once_where_teams_nest() -> None:
    of = outcomes()[0]
    found = run(of, replace(of, team="payments"))
    assert len(found["results"]) == 3
    assert set(rule(found, "CM-02")["properties"]["members"]) == {"all", "payments"}


def test_the_same_outcomes_give_the_same_bytes() -> None:
    assert sarif(assessment()) == sarif(assessment())


# --- whatever sources say -----------------------------------------------------------------------


def test_words_of_others_are_no_placeholder_and_no_link() -> None:
    found = one(State.FAIL, title="Use {0} in [docs](1)\nand\x1b[31m {x}")
    assert found["message"]["text"].startswith("Use {{0}} in [docs] (1) and [31m {{x}}: ")


def test_what_is_written_is_valid() -> None:
    assert [error.message for error in validator(Schema.SARIF).iter_errors(log(assessment()))] == []


ANY = st.text(st.characters(exclude_categories=()), max_size=20)
MEMBERS = st.builds(
    result,
    ANY,
    st.sampled_from(State),
    title=ANY,
    detail=st.none() | ANY,
    url=st.none() | ANY | ANY.map("https://host.example".__add__),
    source=st.none() | ANY,
    team=st.none() | ANY,
    reason=st.none() | st.sampled_from(Reason),
    waiver=st.none() | st.just("w1"),
    columns=st.dictionaries(ANY, ANY | st.none() | st.lists(ANY, max_size=2), max_size=2),
)


@settings(max_examples=60)
@given(members=st.lists(MEMBERS, max_size=4), organisation=ANY, error=st.none() | ANY)
def test_whatever_sources_say_the_log_is_valid(
    members: list[Any], organisation: str, error: str | None
) -> None:
    of = outcome(control("CM-02", "CC8.1"), *members, error=error)
    said = log(assessment([of], organisation=organisation))
    assert [each.message for each in validator(Schema.SARIF).iter_errors(said)] == []
