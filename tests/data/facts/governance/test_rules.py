"""Which rules held when, what made them weaker, and what they barred for a tag."""

from __future__ import annotations

from typing import Any

import pytest

from tests.data.facts.governance.told import event, rows, rules
from tests.data.facts.story import Facts, Story, version
from tests.data.published import at, repository

STRICT: dict[str, Any] = {
    "is_request_required": True,
    "required_approvals": 1,
    "is_stale_approval_dismissed": True,
    "is_last_push_approval_required": True,
    "is_code_owner_required": True,
    "is_conversation_resolution_required": True,
    "required_checks": ("lint", "test"),
    "is_up_to_date_required": True,
    "is_merge_queue_required": False,
    "is_force_push_allowed": False,
    "is_deletion_allowed": False,
    "is_signature_required": True,
    "is_linear_required": True,
    "is_admin_bound": True,
    "bypass_actors": (),
    "push_actors": ("ada",),
}
WEB = repository("web")


def strict(changed_before_at: str, **fields: Any) -> Any:
    return rules(changed_before_at, **{**STRICT, **fields})


def changed(facts: Facts) -> list[tuple[bool | None, str]]:
    return rows(facts.snapshot, "rule_change", "is_weaker", "what_changed")


# --- stretches ----------------------------------------------------------------------------------


def test_rules_hold_until_the_first_reading_that_showed_others(story: Story) -> None:
    facts = story(
        WEB,
        strict("2026-05-01"),
        strict("2026-05-10", changed_after_at="2026-05-09", is_protected=False),
        strict("2026-05-11", changed_after_at="2026-05-10"),
        rules("2026-05-05", target="next"),
    )
    found = facts.snapshot.rows("select * from mainline_rule order by began_at", ())
    assert [(r["began_after_at"], r["began_at"], r["ended_at"]) for r in found] == [
        (None, at("2026-05-01"), at("2026-05-10")),
        (at("2026-05-09"), at("2026-05-10"), at("2026-05-11")),
        (at("2026-05-10"), at("2026-05-11"), None),
    ]
    assert [r["is_protected"] for r in found] == [True, False, True]


def test_a_tag_called_like_the_default_branch_is_no_mainline(story: Story) -> None:
    facts = story(WEB, rules("2026-05-01", kind="tag", target="main"))
    assert rows(facts.snapshot, "rule_stretch", "is_default_branch") == [False]
    assert rows(facts.snapshot, "mainline_rule", "is_told") == [False]


def test_a_repository_whose_rules_nobody_tells_is_there_and_says_nothing(story: Story) -> None:
    facts = story(
        repository("web", created_at=at("2026-02-01")),
        repository("api", id="test:api"),
        strict("2026-05-01", repository="api"),
    )
    assert rows(
        facts.snapshot,
        "mainline_rule",
        "repository",
        "is_told",
        "is_protected",
        "began_after_at",
        "began_at",
    ) == [
        ("api", True, True, None, at("2026-05-01")),
        ("web", False, None, at("2026-02-01"), at("2026-02-01")),
    ]


def test_a_repository_that_a_clone_tells_too_has_the_rules_of_its_host_and_is_there_once(
    story: Story,
) -> None:
    cloned = repository("web", id="clone:web", source="clone")
    facts = story(cloned, WEB, strict("2026-05-01"))
    assert rows(facts.snapshot, "mainline_rule", "source", "is_told") == [("test", True)]


# --- what made them weaker ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ({"is_protected": False}, "protected: true → false"),
        ({"is_request_required": False}, "request required: true → false"),
        ({"required_approvals": 0}, "approvals: 1 → 0"),
        ({"is_stale_approval_dismissed": False}, "push takes approvals back: true → false"),
        ({"is_code_owner_required": False}, "code owners must approve: true → false"),
        ({"is_conversation_resolution_required": False}, "conversations resolved: true → false"),
        ({"required_checks": ("test",)}, "checks: [lint, test] → [test]"),
        ({"required_checks": ("easy", "test")}, "checks: [lint, test] → [easy, test]"),
        ({"is_up_to_date_required": False}, "checked on the newest mainline: true → false"),
        ({"is_force_push_allowed": True}, "forced push: false → true"),
        ({"is_deletion_allowed": True}, "deletion: false → true"),
        ({"is_signature_required": False}, "signature required: true → false"),
        ({"is_admin_bound": False}, "administrators bound: true → false"),
        ({"bypass_actors": ("bo",)}, "may pass by: 0 → 1"),
        ({"push_actors": ("ada", "bo")}, "may push: 1 → 2"),
    ],
)
def test_what_is_demanded_no_more_makes_rules_weaker_and_the_other_way_round_does_not(
    story: Story, then: dict[str, Any], words: str
) -> None:
    facts = story(WEB, strict("2026-05-01"), strict("2026-05-02", **then), strict("2026-05-03"))
    weaker, back = changed(facts)
    assert weaker == (True, words)
    assert back[0] is (then.get("required_checks") == ("easy", "test"))


@pytest.mark.parametrize(
    "then",
    [
        {"required_approvals": 2},
        {"required_checks": ("lint", "scan", "test")},
        {"is_up_to_date_required": False, "is_merge_queue_required": True},
        {"push_actors": ()},
        {"is_linear_required": False},
    ],
)
def test_what_demands_more_or_the_same_in_another_way_is_not_weaker(
    story: Story, then: dict[str, Any]
) -> None:
    ((is_weaker, _),) = changed(story(WEB, strict("2026-05-01"), strict("2026-05-02", **then)))
    assert is_weaker is False


@pytest.mark.parametrize(
    "then",
    [
        {"is_signature_required": None},
        {"required_approvals": None},
        {"required_checks": None},
        {"bypass_actors": None},
        {"push_actors": None},
    ],
)
def test_what_is_told_no_more_may_have_become_weaker(story: Story, then: dict[str, Any]) -> None:
    ((is_weaker, words),) = changed(story(WEB, strict("2026-05-01"), strict("2026-05-02", **then)))
    assert is_weaker is None
    assert words.endswith("→ unknown")


def test_what_is_surely_weaker_is_so_whatever_else_is_not_told(story: Story) -> None:
    then = strict("2026-05-02", is_signature_required=None, required_approvals=0)
    ((is_weaker, _),) = changed(story(WEB, strict("2026-05-01"), then))
    assert is_weaker is True


def test_where_no_rule_was_in_force_nothing_was_let_go(story: Story) -> None:
    off = rules("2026-05-01", is_protected=False, is_force_push_allowed=True, bypass_actors=())
    on = strict("2026-05-02", bypass_actors=("bo",))
    assert [is_weaker for is_weaker, _ in changed(story(WEB, off, on))] == [False]


def test_what_holds_for_every_merge_can_be_let_go_on_a_branch_without_rules(story: Story) -> None:
    off = rules("2026-05-01", is_protected=False, required_checks=("pipeline",))
    then = rules("2026-05-02", is_protected=False, required_checks=())
    assert [is_weaker for is_weaker, _ in changed(story(WEB, off, then))] == [True]


def test_the_first_rules_that_are_known_changed_nothing(story: Story) -> None:
    assert changed(story(WEB, strict("2026-05-01"))) == []


# --- tags ---------------------------------------------------------------------------------------


def tag_rules(changed_before_at: str, target: str, *, barred: bool | None, **fields: Any) -> Any:
    allowed = None if barred is None else not barred
    return rules(
        changed_before_at,
        kind="tag",
        target=target,
        is_protected=barred,
        is_force_push_allowed=allowed,
        is_deletion_allowed=allowed,
        **fields,
    )


def tagged(name: str = "v1.0", day: str = "2026-05-10", **fields: Any) -> Any:
    return version(name, 2, tagged_at=at(day), **fields)


def barred(facts: Facts) -> list[tuple[bool | None, bool | None]]:
    return rows(facts.snapshot, "release_tag", "is_move_barred", "is_deletion_barred")


EVERY = tag_rules("2026-05-01", "*", barred=False)


@pytest.mark.parametrize(
    ("pattern", "is_barred"),
    [
        ("v*", True),
        ("v1.0", True),
        ("rel-*", False),
        ("v", False),
        ("v* except v0.*, *-rc", True),
        ("v* except v1.*, *-rc", False),
    ],
)
def test_rules_guard_the_tags_that_their_pattern_fits(
    story: Story, pattern: str, is_barred: bool
) -> None:
    facts = story(WEB, EVERY, tag_rules("2026-05-01", pattern, barred=True), tagged())
    assert barred(facts) == [(is_barred, is_barred)]


def test_what_one_rule_forbids_is_forbidden_though_another_is_hidden(story: Story) -> None:
    hidden = tag_rules("2026-05-01", "*", barred=None)
    assert barred(story(WEB, hidden, tagged())) == [(None, None)]
    facts = story(WEB, hidden, tag_rules("2026-05-01", "v*", barred=True), tagged())
    assert barred(facts) == [(True, True)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-04-30", (None, None)),
        ("2026-05-01", (True, True)),
        ("2026-05-09", (True, True)),
        ("2026-05-10", (False, False)),
    ],
)
def test_the_rules_of_the_day_count_on_which_it_was_made(
    story: Story, day: str, expected: tuple[bool | None, bool | None]
) -> None:
    facts = story(
        WEB,
        tag_rules("2026-05-01", "*", barred=True),
        tag_rules("2026-05-10", "*", barred=False),
        tagged(day=day),
    )
    assert barred(facts) == [expected]


def test_a_tag_its_release_and_what_a_clone_tells_of_it_are_one(story: Story) -> None:
    facts = story(
        WEB,
        tag_rules("2026-05-01", "*", barred=True),
        tagged(id="clone:web#tag/v1.0", source="clone"),
        tagged(id="test:web#release/v1.0", day="2026-05-12"),
        tagged(),
        tagged("v1.1"),
        version("v0.9", 1),
    )
    assert rows(facts.snapshot, "release_tag", "source", "name", "tagged_at") == [
        ("test", "v1.0", at("2026-05-10")),
        ("test", "v1.1", at("2026-05-10")),
    ]


# --- events -------------------------------------------------------------------------------------


def test_an_event_belongs_to_the_team_of_its_repository_and_without_one_to_the_organisation(
    story: Story,
) -> None:
    facts = story(
        WEB,
        event(1, "2026-05-10", "protected_branch.update"),
        event(2, "2026-05-11", "org.update_member", repository=None, subject="bo"),
    )
    assert rows(facts.snapshot, "recorded_event", "title", "team", "repository") == [
        ("protected_branch.update", "unowned", "web"),
        ("org.update_member bo", None, None),
    ]
