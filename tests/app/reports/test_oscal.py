"""OSCAL assessment results say of each control what it came to, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.assessment import Assessment, ReportRefused
from app.reports.oscal import assessment_results
from app.reports.oscal_checks import problems
from data.controls.framework import frameworks
from data.controls.outcome import Outcome
from data.controls.state import Reason, State
from data.decisions.attestation import NO_ATTESTATIONS
from data.decisions.waiver import NO_WAIVERS, Waivers
from data.period import Window
from tests.app.reports.samples import WAIVER, assessment, control, outcome, outcomes, result
from tests.servers.schemas import Schema, validator


def document(of: Assessment) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(assessment_results(of))["assessment-results"]
    return read


def answer(*of: Outcome, **others: Any) -> dict[str, Any]:
    """The only result of a document."""
    (only,) = document(assessment(of or None, **others))["results"]
    found: dict[str, Any] = only
    return found


def finding(of: dict[str, Any], control_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in of["findings"] if control_id in each["title"])
    return found


def props(of: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in of["props"]}


# --- states -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("control_id", "status", "state"),
    [
        ("CM-03", {"state": "satisfied", "reason": "pass"}, "pass"),
        ("CM-02", {"state": "not-satisfied", "reason": "fail"}, "fail"),
        ("VM-04", {"state": "not-satisfied", "reason": "other"}, "error"),
        ("BP-01", {"state": "not-satisfied", "reason": "other"}, "unknown"),
        ("DP-03", {"state": "satisfied", "reason": "other"}, "not_applicable"),
        ("AC-02", {"state": "satisfied", "reason": "other"}, "manual"),
    ],
)
def test_each_state_has_its_status(control_id: str, status: dict[str, str], state: str) -> None:
    found = finding(answer(), control_id)
    assert found["target"]["status"] == status
    assert props(found)["result-state"] == state


def test_only_what_does_not_apply_is_said_not_to() -> None:
    said = {
        props(each)["control"]: each["target"].get("implementation-status")
        for each in answer()["findings"]
    }
    assert {name for name, status in said.items() if status} == {"DP-03"}
    assert said["DP-03"] == {"state": "not-applicable"}


def test_a_control_that_is_waived_throughout_still_fails() -> None:
    waived = outcome(control("CM-02", "CC8.1"), result("3", State.FAIL, waiver="w1"))
    found = finding(answer(waived), "CM-02")
    assert found["target"]["status"] == {"state": "not-satisfied", "reason": "fail"}
    assert props(found)["pass-rate"] == "0"
    assert "pass-rate-with-waivers" not in props(found), "nothing is left to be judged"


def test_both_rates_stand_side_by_side_with_coverage() -> None:
    said = props(finding(answer(), "CM-02"))
    assert (said["pass-rate"], said["pass-rate-with-waivers"]) == ("0.333333", "0.5")
    assert said["coverage"] == "0.75"


def test_what_is_unknown_has_no_rate_rather_than_zero() -> None:
    said = props(finding(answer(), "BP-01"))
    assert "pass-rate" not in said
    assert said["coverage"] == "0"


# --- clauses ------------------------------------------------------------------------------------


def test_the_clauses_that_have_controls_are_reviewed_in_their_order() -> None:
    (selection,) = answer()["reviewed-controls"]["control-selections"]
    ids = [each["control-id"] for each in selection["include-controls"]]
    assert ids == ["CC6.1", "CC6.2", "CC6.3", "CC6.8", "CC7.1", "CC8.1"]


def test_a_control_answers_each_of_its_clauses() -> None:
    found = [each for each in answer()["findings"] if props(each)["control"] == "CM-03"]
    assert [each["target"]["target-id"] for each in found] == ["CC6.3", "CC8.1"]
    assert found[0]["related-observations"] == found[1]["related-observations"]


def test_a_control_of_another_framework_is_left_out() -> None:
    assert "IN-01" not in json.dumps(answer())
    other = answer(framework=frameworks()["iso27001"])
    assert [each["target"]["target-id"] for each in other["findings"]] == ["A.8.9"]


def test_a_clause_that_is_not_yet_in_effect_says_from_when_it_is() -> None:
    clauses = {"ai_act": ("Art-12", "Art-72")}
    said = answer(
        outcome(control("ML-11", clauses=clauses), result("1", State.PASS)),
        framework=frameworks()["ai_act"],
    )
    found = {each["target"]["target-id"]: props(each) for each in said["findings"]}
    assert found["Art-12"]["clause-takes-effect"] == "2027-12-02"
    assert "clause-takes-effect" not in found["Art-72"]


def test_a_clause_that_does_not_exist_is_refused() -> None:
    wrong = outcome(control("CM-02", "CC8.9"), result("1", State.PASS))
    with pytest.raises(ReportRefused, match=r"CM-02: `soc2` has no clause `CC8\.9`"):
        assessment_results(assessment([wrong]))


def test_a_framework_without_a_control_is_refused() -> None:
    with pytest.raises(ReportRefused, match="no control is mapped to a clause of GDPR"):
        assessment_results(assessment(framework=frameworks()["gdpr"]))


def test_no_framework_is_refused() -> None:
    with pytest.raises(ReportRefused, match="answers the clauses of a framework"):
        assessment_results(assessment(framework=None))


# --- what was seen ------------------------------------------------------------------------------


def test_members_that_fail_have_an_observation_each() -> None:
    said = answer(outcomes()[0])
    of_control, *of_members = said["observations"]
    assert [props(each)["result-state"] for each in of_members] == ["fail", "fail", "unknown"]
    counts = {name: value for name, value in props(of_control).items() if "members" in name}
    assert counts == {
        "members-pass": "1",
        "members-fail": "2",
        "members-error": "0",
        "members-unknown": "1",
        "members-not-applicable": "1",
        "members-manual": "0",
        "members-waived": "1",
        "members-unknown-no-permission": "1",
        "members-excluded": "12 bots",
    }
    assert "5 changes: 1 pass, 2 fail, 1 unknown, 1 not applicable." in of_control["description"]


def test_what_nobody_can_tell_is_told_together_by_source_and_reason() -> None:
    refused = {"reason": Reason.NO_PERMISSION, "detail": "Reviews are refused."}
    members = (
        result("1", State.UNKNOWN, **refused),
        result("2", State.UNKNOWN, **refused),
        result("3", State.UNKNOWN, reason=Reason.STALE),
        result("4", State.UNKNOWN, **refused, source=None),
    )
    said = answer(outcome(control("CM-02", "CC8.1"), *members))
    _, *unknown = said["observations"]
    assert [each["title"] for each in unknown] == [
        "unknown: 2 changes of host, no permission",
        "unknown: 1 change of host, stale",
        "unknown: 1 change of no source, no permission",
    ]
    assert unknown[0]["description"] == "Such as Change 1: Reviews are refused."
    assert [props(each)["members"] for each in unknown] == ["2", "1", "1"]
    related = said["findings"][0]["related-observations"]
    assert len(related) == len(said["observations"])


def test_a_member_is_told_with_its_place_and_what_is_shown_of_it() -> None:
    member = answer(outcomes()[0])["observations"][1]
    assert member["relevant-evidence"][0]["href"] == "https://host.example/acme/web/pull/2"
    assert member["description"] == "Nobody but its author approved it."
    assert props(member) == {
        "member": "host:acme/web#pull/2",
        "result-state": "fail",
        "source": "host",
        "team": "payments",
        "happened-at": "2026-08-17T13:30:00Z",
        "author": "m.alder",
        "labels": "a, b",
    }
    assert [each["name"] for each in member["props"] if each.get("class") == "column"] == [
        "author",
        "labels",
    ]


def test_a_control_is_told_with_its_definition_and_what_was_run() -> None:
    said = props(answer(outcomes()[0])["observations"][0])
    assert (said["control"], said["control-version"]) == ("CM-02", "3")
    assert (said["parameter-days"], said["parameter-branches"]) == ("7", "main, release")
    assert len(said["control-sha256"]) == len(said["statement-sha256"]) == 64


def test_another_parameter_of_the_statement_is_another_hash() -> None:
    of = outcomes()[0]
    other = replace(of, statement=replace(of.statement, parameters={"start": date(2026, 7, 2)}))
    hashes = {props(answer(each)["observations"][0])["statement-sha256"] for each in (of, other)}
    assert len(hashes) == 2


def test_what_a_person_answered_was_examined_and_the_rest_tested() -> None:
    by_title = {each["title"]: each["methods"] for each in answer()["observations"]}
    assert by_title["AC-02: Title of AC-02"] == ["EXAMINE"]
    assert by_title["CM-02: Title of CM-02"] == ["TEST"]


def test_evidence_has_its_hash_and_hangs_on_its_control() -> None:
    whole = document(assessment())
    files = [each for each in whole["back-matter"]["resources"] if "rlinks" in each]
    assert [each["rlinks"][0]["href"] for each in files] == [
        "results/CM-02.csv",
        "ledger%20log.note",
    ]
    assert files[1]["rlinks"][0]["hashes"] == [{"algorithm": "SHA-256", "value": "00" * 32}]
    (result_,) = whole["results"]
    seen = next(each for each in result_["observations"] if each["title"].startswith("CM-02"))
    assert [each["href"] for each in seen["relevant-evidence"]] == [f"#{files[0]['uuid']}"]


def test_the_ledger_is_told_with_its_root_and_size() -> None:
    said = props(answer())
    assert said["ledger-size"] == "1234"
    assert said["ledger-root-sha256"] == bytes(range(32)).hex()
    assert "ledger-size" not in props(answer(checkpoint=None))


# --- waivers ------------------------------------------------------------------------------------


def test_a_waiver_is_a_risk_with_end_and_approver() -> None:
    whole = document(assessment())
    (risk,) = whole["results"][0]["risks"]
    assert risk["status"] == "deviation-approved"
    assert risk["deadline"] == "2026-10-31T23:59:59Z"
    assert risk["mitigating-factors"][0]["description"] == "Weekly look at what was merged."
    assert props(risk) == {"waiver": "w1", "waiver-reason": "risk_accepted", "ticket": "RISK-7"}
    names = {each["uuid"]: each["name"] for each in whole["metadata"]["parties"]}
    log = [
        (each["status-change"], each["start"], names[each["logged-by"][0]["party-uuid"]])
        for each in risk["risk-log"]["entries"]
    ]
    assert log == [
        ("deviation-requested", "2026-08-20T09:00:00Z", "m.alder"),
        ("deviation-approved", "2026-08-21T10:00:00Z", "r.birch"),
    ]


def test_a_waiver_names_the_members_it_covers_and_findings_name_it() -> None:
    said = answer()
    (risk,) = said["risks"]
    (covered,) = risk["related-observations"]
    member = next(
        each for each in said["observations"] if each["uuid"] == covered["observation-uuid"]
    )
    assert props(member)["member"] == "host:acme/web#pull/3"
    assert finding(said, "CM-02")["related-risks"] == [{"risk-uuid": risk["uuid"]}]
    assert "related-risks" not in finding(said, "CM-03")


def test_a_waiver_over_what_passes_is_no_risk() -> None:
    passing = outcome(control("CM-02", "CC8.1"), result("1", State.PASS, waiver="w1"))
    assert "risks" not in answer(passing)


@pytest.mark.parametrize("waivers", [NO_WAIVERS, Waivers((replace(WAIVER, approved=None),))])
def test_a_waiver_whose_approval_is_not_told_is_refused(waivers: Waivers) -> None:
    with pytest.raises(ReportRefused, match="names the waiver w1, of which no approval is told"):
        assessment_results(assessment(waivers=waivers))


# --- attestations -------------------------------------------------------------------------------


def test_an_attestation_is_told_with_who_until_when_and_by_what() -> None:
    whole = document(assessment())
    seen = whole["results"][0]["observations"]
    (member,) = [each for each in seen if props(each).get("attestation") == "t1"]
    assert member["description"] == "All 42 members were looked at."
    assert member["collected"] == "2026-10-02T00:00:00Z", "when the person answered"
    assert member["expires"] == "2027-01-31T23:59:59Z"
    names = {each["uuid"]: each["name"] for each in whole["metadata"]["parties"]}
    actors = member["origins"][0]["actors"]
    assert [(names[each["actor-uuid"]], each["role-id"]) for each in actors] == [
        ("l.cedar", "attester"),
        ("r.birch", "reviewer"),
    ]
    link, file = member["relevant-evidence"]
    assert link["href"] == "https://wiki.example/access/2026-Q3"
    assert "href" not in file, "a path on a disk leads nowhere from the document"
    assert props(file) == {"sha256": "ab" * 32}


def test_an_attestation_may_have_expired_since_the_period() -> None:
    late = replace(outcomes()[4], as_of=datetime(2028, 1, 1, tzinfo=UTC))
    assert answer(late)["observations"][1]["expires"] == "2027-01-31T23:59:59Z"


def test_an_attestation_that_is_not_told_is_refused() -> None:
    with pytest.raises(ReportRefused, match="names the attestation t1, which is not there"):
        assessment_results(assessment(attestations=NO_ATTESTATIONS))


def test_nobody_is_named_who_decided_nothing() -> None:
    parties = document(assessment([outcomes()[1]]))["metadata"]["parties"]
    assert [each["name"] for each in parties] == ["Example Works"]


# --- the same again -----------------------------------------------------------------------------


def test_the_same_outcomes_give_the_same_bytes() -> None:
    assert assessment_results(assessment()) == assessment_results(assessment())


def test_nothing_is_told_of_the_clock() -> None:
    of = replace(outcomes()[0], as_of=datetime(2031, 1, 1, tzinfo=UTC))
    assert document(assessment([of]))["metadata"]["last-modified"] == "2031-01-01T00:00:00Z"


def test_ids_stay_while_the_answer_changes() -> None:
    before = answer(outcome(control("CM-02", "CC8.1"), result("1", State.PASS)))
    other = outcome(control("CM-02", "CC8.1"), result("1", State.FAIL), snapshot="20261004T000000")
    after = answer(other)
    assert before["uuid"] == after["uuid"]
    assert before["findings"][0]["uuid"] == after["findings"][0]["uuid"]
    assert before["observations"][0]["uuid"] == after["observations"][0]["uuid"]


def test_another_document_has_another_id() -> None:
    ids = {
        document(assessment())["uuid"],
        document(assessment(checkpoint=None))["uuid"],
        document(assessment(waivers=Waivers((replace(WAIVER, until=date(2026, 11, 1)),))))["uuid"],
    }
    assert len(ids) == 3


def test_ids_differ_between_teams_periods_and_clauses() -> None:
    of = outcomes()[0]
    later = Window(date(2026, 10, 1), date(2027, 1, 1))
    for other in (replace(of, team="payments"), replace(of, window=later)):
        ids = [answer(each)["observations"][0]["uuid"] for each in (of, other)]
        assert ids[0] != ids[1]


def test_one_control_of_several_teams_is_told_of_each() -> None:
    of = outcomes()[0]
    said = answer(of, replace(of, team="payments"))
    titles = [each["title"] for each in said["findings"]]
    assert titles == [
        "CC8.1, CM-02: Title of CM-02 (Example Works)",
        "CC8.1, CM-02: Title of CM-02 (payments)",
    ]


def test_two_members_of_one_name_have_ids_of_their_own() -> None:
    twins = outcome(control("CM-02", "CC8.1"), result("1", State.FAIL), result("1", State.FAIL))
    ids = [each["uuid"] for each in answer(twins)["observations"]]
    assert len(set(ids)) == 3


def test_a_period_that_is_not_over_ends_where_the_sources_were_read() -> None:
    early = datetime(2026, 8, 1, 12, tzinfo=UTC)
    assert answer(replace(outcomes()[0], as_of=early))["end"] == "2026-08-01T12:00:00Z"
    before = datetime(2026, 6, 1, tzinfo=UTC)
    assert "end" not in answer(replace(outcomes()[0], as_of=before))
    assert answer()["end"] == "2026-10-01T00:00:00Z"


# --- whatever sources say -----------------------------------------------------------------------


def test_words_of_others_are_no_markup() -> None:
    title = "Merge <script>alert(1)</script> [x](javascript:y) `z`\nand\x1b[31m more"
    said = answer(outcome(control("CM-02", "CC8.1"), result("1", State.FAIL, title=title)))
    assert said["observations"][1]["title"] == (
        r"fail: Merge \<script\>alert(1)\</script\> \[x\](javascript:y) \`z\` and \[31m more"
    )


def test_what_is_no_page_is_no_link() -> None:
    for url in ("javascript:alert(1)", "file:///etc/passwd", "pull/7", ""):
        member = result("1", State.FAIL, url=url)
        said = answer(outcome(control("CM-02", "CC8.1"), member))
        assert "relevant-evidence" not in said["observations"][1]


ANY = st.text(st.characters(exclude_categories=()), max_size=20)
ADDRESSES = ANY | ANY.map("https://host.example".__add__) | ANY.map("http://".__add__)
MEMBERS = st.builds(
    result,
    ANY,
    st.sampled_from(State),
    title=ANY,
    detail=st.none() | ANY,
    url=st.none() | ADDRESSES,
    source=st.none() | ANY,
    team=st.none() | ANY,
    reason=st.none() | st.sampled_from(Reason),
    waiver=st.none() | st.just("w1"),
    columns=st.dictionaries(
        ANY,
        ANY
        | st.none()
        | st.integers()
        | st.booleans()
        | st.datetimes()
        | st.lists(ANY, max_size=2),
        max_size=2,
    ),
)


OUTCOMES = st.builds(
    lambda members, **others: outcome(control("CM-02", "CC8.1", "CC6.1"), *members, **others),
    st.lists(MEMBERS, max_size=4),
    excluded=st.dictionaries(ANY, st.integers(0, 9), max_size=2),
    parameters=st.dictionaries(ANY, ANY | st.integers(), max_size=2),
    error=st.none() | ANY,
)


@settings(max_examples=60)
@given(of=OUTCOMES, organisation=ANY)
def test_whatever_sources_say_the_document_is_consistent(of: Outcome, organisation: str) -> None:
    said = json.loads(assessment_results(assessment([of], organisation=organisation)))
    assert problems(said) == []


@settings(max_examples=60)
@given(of=OUTCOMES, organisation=ANY)
def test_whatever_sources_say_the_document_is_valid(of: Outcome, organisation: str) -> None:
    said = json.loads(assessment_results(assessment([of], organisation=organisation)))
    assert [error.message for error in validator(Schema.OSCAL).iter_errors(said)] == []
