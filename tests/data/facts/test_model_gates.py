"""Whether gate and approval stood before a promotion, and by whom."""

from __future__ import annotations

import pytest

from data.configuration import Configuration, Registry
from tests.data.facts.registry import CHURN, alias, gate, run, tag, version
from tests.data.facts.story import Facts, Row, Story

TWO = [CHURN, version(1, created_by="bo"), version(2, created_by="bo")]
MOVED = [alias(1, "2026-05-01"), alias(2, "2026-05-10", "2026-05-09")]
REVIEWED = Configuration(registry=(Registry(approval="tag:review=ok"),))


def promotion(facts: Facts) -> Row:
    """That of version 2."""
    (row,) = facts.snapshot.rows("select * from model_promotion where version = '2'")
    return row


@pytest.mark.parametrize("later", ["pass", "fail"])
def test_what_a_gate_says_after_the_promotion_changes_nothing(story: Story, later: str) -> None:
    facts = story(TWO, MOVED, gate(2, "pass", "2026-05-02"), gate(2, later, "2026-06-01"))
    assert promotion(facts)["is_gated"] is True


def test_a_gate_that_failed_between_the_two_readings_may_have_done_so_before(story: Story) -> None:
    facts = story(TWO, MOVED, gate(2, "pass", "2026-05-02"), gate(2, "fail", "2026-05-09 12:00"))
    assert promotion(facts)["is_gated"] is None


def test_a_gate_that_no_source_tells_of_is_unknown(story: Story) -> None:
    assert promotion(story(TWO, MOVED))["is_gated"] is None


def test_an_approval_that_is_withdrawn_later_was_one_when_it_counted(story: Story) -> None:
    approved = tag(2, "review", "ok", "2026-05-08", "2026-05-07", actor="ada")
    withdrawn = tag(2, "review", None, "2026-06-08", "2026-06-07", actor="ada")
    row = promotion(story(TWO, MOVED, approved, withdrawn, by=REVIEWED))
    assert (row["is_approved"], row["approved_by"], row["is_segregated"]) == (True, "ada", True)


def test_an_approval_that_was_withdrawn_before_is_none(story: Story) -> None:
    approved = tag(2, "review", "ok", "2026-05-06", "2026-05-05")
    withdrawn = tag(2, "review", None, "2026-05-08", "2026-05-07")
    assert promotion(story(TWO, MOVED, approved, withdrawn, by=REVIEWED))["is_approved"] is False


@pytest.mark.parametrize(
    ("approver", "is_segregated"), [("bo", False), ("cy", False), ("ada", True)]
)
def test_neither_who_trained_nor_who_registered_a_version_may_approve_it(
    story: Story, approver: str, is_segregated: bool
) -> None:
    approved = tag(2, "review", "ok", "2026-05-08", "2026-05-07", actor=approver)
    facts = story(TWO, MOVED, run(2, started_by="cy"), approved, by=REVIEWED)
    assert promotion(facts)["is_segregated"] is is_segregated


def test_an_approver_that_the_newest_approval_does_not_name_is_unknown(story: Story) -> None:
    first = tag(2, "review", "ok", "2026-05-04", "2026-05-03", actor="ada")
    again = tag(2, "review", "ok", "2026-05-08", "2026-05-07")
    row = promotion(story(TWO, MOVED, first, again, by=REVIEWED))
    assert (row["is_approved"], row["approved_by"], row["is_segregated"]) == (True, None, None)


def test_a_promotion_names_what_it_lacks(story: Story) -> None:
    own = tag(2, "review", "ok", "2026-05-08", "2026-05-07", actor="bo")
    failed = gate(2, "fail", "2026-05-02")
    assert promotion(story(TWO, MOVED, failed, own, by=REVIEWED))["gate_lacks"] == (
        "gate, separation of duties"
    )
    assert promotion(story(TWO, MOVED, failed, by=REVIEWED))["gate_lacks"] == "gate, approval"
    assert promotion(story(TWO, MOVED))["gate_lacks"] is None
    assert promotion(story(TWO, MOVED))["gate_not_told"] == "gate, approval, separation of duties"


def test_a_version_that_cannot_be_made_again_names_what_it_lacks(story: Story) -> None:
    facts = story(TWO, MOVED, run(2, datasets=(), has_seed=False, has_environment=None))
    assert promotion(facts)["proof_lacks"] == "dataset, seed"
    assert promotion(facts)["proof_not_told"] == "commit, packages"
