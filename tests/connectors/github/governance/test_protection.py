"""Rules in force for branches and tags, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.github.governance.protection import Protections
from data.model import Gap, GapReason
from data.model import Protection as Row
from tests.connectors.github.one_stream import TOKEN, OneStream
from tests.doubles.github import story
from tests.doubles.github.world import BypassActor, Protection, Rule, Ruleset

HOUR = timedelta(hours=1)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    made = OneStream(tmp_path, Protections)
    story.push(made.world, made.repository, made.dev, made.time.at - 90 * HOUR, "Begin")
    yield made
    made.close()


def ruleset(
    host: OneStream, *rules: Rule, is_of_organisation: bool = False, **settings: Any
) -> Ruleset:
    """A ruleset of the repository, or of the organisation."""
    number, at = host.world.new_id(), host.time.at
    name, kind = ("acme", "Organization") if is_of_organisation else ("acme/web", "Repository")
    made = Ruleset(number, "rules", name, at, at, source_type=kind, rules=list(rules), **settings)
    above = host.world.organisations["acme"].rulesets
    (above if is_of_organisation else host.repository.rulesets).append(made)
    return made


def reviews(approvals: int = 2, **more: bool) -> Rule:
    asked = {
        "required_approving_review_count": approvals,
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
        **more,
    }
    return Rule("pull_request", asked)


def branch(source: OneStream) -> Row:
    """The newest row of the branch."""
    return max(of(source, "branch"), key=lambda row: row.changed_before_at)


def of(source: OneStream, kind: str) -> list[Row]:
    return [row for row in source.rows(Row) if row.kind == kind]


def hidden(source: OneStream) -> set[str]:
    return {gap.id.split("#")[1] for gap in source.house.standing(source.stream)}


def test_a_branch_without_rules_is_known_to_be_unprotected(source: OneStream) -> None:
    assert not source.sync().errors
    row = branch(source)
    assert (row.is_protected, row.is_request_required, row.required_approvals) == (False, False, 0)
    assert (row.required_checks, row.bypass_actors, row.is_admin_bound) == ((), (), False)
    assert row.id == "github:acme/web#protection/branch/main@2026-03-01T12:00:00+00:00"
    assert hidden(source) == set()


def test_a_repository_to_which_nothing_was_pushed_has_nothing_to_protect(
    source: OneStream,
) -> None:
    source.repository.branches.clear()
    assert not source.sync().errors
    assert source.house.gaps() == source.rows(Row) == []


def test_classic_protection_says_all_it_asks_for(source: OneStream) -> None:
    source.repository.protections["main"] = Protection(
        required_approvals=2,
        dismisses_stale=True,
        requires_code_owners=True,
        checks=["test", "lint"],
        is_strict=True,
        enforces_admins=True,
        requires_signatures=True,
        bypass_users=[source.world.account("hurry-1")],
    )
    source.sync()
    row = branch(source)
    assert (row.is_protected, row.is_request_required, row.required_approvals) == (True, True, 2)
    assert (row.is_stale_approval_dismissed, row.is_code_owner_required) == (True, True)
    assert (row.required_checks, row.is_up_to_date_required) == (("lint", "test"), True)
    assert (row.is_force_push_allowed, row.is_deletion_allowed) == (False, False)
    assert (row.is_signature_required, row.is_linear_required) == (True, False)
    assert row.is_merge_queue_required is None  # classic protection does not tell
    assert (row.is_admin_bound, row.bypass_actors) == (True, ("hurry-1",))


def test_rules_of_repository_organisation_and_classic_protection_add_up(source: OneStream) -> None:
    source.repository.protections["main"] = Protection(required_approvals=1, enforces_admins=True)
    ruleset(source, Rule("required_signatures"))
    ruleset(source, reviews(3), is_of_organisation=True)
    source.sync()
    row = branch(source)
    assert (row.required_approvals, row.is_signature_required) == (3, True)
    assert (row.bypass_actors, row.is_admin_bound) == ((), True)


@pytest.mark.parametrize("enforcement", ["evaluate", "disabled"])
def test_a_ruleset_that_is_not_active_protects_nothing(source: OneStream, enforcement: str) -> None:
    ruleset(source, reviews(), enforcement=enforcement)
    source.sync()
    assert branch(source).is_protected is False
    assert branch(source).required_approvals == 0


def test_a_protected_branch_whose_classic_rules_are_hidden_is_unknown_not_unprotected(
    source: OneStream,
) -> None:
    source.repository.protections["main"] = Protection(checks=["test"])
    source.double.add_token(TOKEN, "dev-1", ["metadata:read", "contents:read"])
    source.sync()
    row = branch(source)
    assert row.is_protected is True
    assert (row.is_request_required, row.required_approvals, row.is_admin_bound) == (None,) * 3
    assert row.required_checks == ("test",)
    assert hidden(source) == {
        "gap/protection/classic/no_permission",
        "gap/protection/bypass/no_permission",
    }


def test_to_a_classic_token_without_admin_rights_hidden_rules_look_like_none(
    source: OneStream,
) -> None:
    source.repository.protections["main"] = Protection()
    source.double.add_classic_token(TOKEN, "dev-1", "repo")
    source.sync()
    assert (branch(source).is_protected, branch(source).required_approvals) == (True, None)
    source.world.organisations["acme"].add_member(source.dev, "admin")
    source.time.at += HOUR
    source.sync()
    assert (branch(source).is_protected, branch(source).required_approvals) == (True, 1)
    assert hidden(source) == set()


def test_rules_that_are_hidden_may_be_any_on_a_protected_branch(source: OneStream) -> None:
    ruleset(source, reviews())
    source.double.refuse("/rules/branches", 404)
    source.sync()
    row = branch(source)
    assert (row.is_protected, row.required_approvals, row.is_force_push_allowed) == (
        True,
        None,
        None,
    )
    assert "gap/protection/rules/no_permission" in hidden(source)


def test_a_branch_is_not_called_protected_where_nothing_says_so(source: OneStream) -> None:
    """Servers of old tell no flag; what is hidden then may be there or not."""
    told = ("name", "commit")
    source.double.damage("branches/main$", lambda branch: {name: branch[name] for name in told})
    source.double.refuse("/rules|/protection", 404)
    source.sync()
    assert (branch(source).is_protected, branch(source).required_approvals) == (None, None)


def test_a_plan_without_rules_leaves_the_branch_known_to_be_unprotected(
    source: OneStream,
) -> None:
    words = "Upgrade to GitHub Pro or make this repository public to enable this feature."
    source.double.refuse("/rules|/protection", 403, words)
    source.sync()
    assert (branch(source).is_protected, branch(source).required_approvals) == (False, 0)
    assert {row.is_protected for row in of(source, "tag")} == {False}
    assert hidden(source) == set()


def test_rules_that_are_no_longer_shown_are_unknown_from_then_on(source: OneStream) -> None:
    source.repository.protections["main"] = Protection(enforces_admins=True)
    ruleset(source, Rule("deletion"), target="tag", include=["refs/tags/v*"])
    source.sync()
    source.time.at += HOUR
    source.double.refuse("/protection$|/rulesets", 404)
    source.sync()
    assert (branch(source).is_protected, branch(source).is_admin_bound) == (True, None)
    newest = [row for row in of(source, "tag") if row.changed_before_at == source.time.at]
    assert {row.target: row.is_protected for row in newest} == {"*": None, "v*": None}


def test_rulesets_are_read_without_admin_rights_but_for_who_passes_them_by(
    source: OneStream,
) -> None:
    ruleset(source, reviews(2))
    source.double.add_token(TOKEN, "dev-1", ["metadata:read", "contents:read"])
    source.sync()
    row = branch(source)
    assert (row.is_protected, row.required_approvals) == (True, 2)
    assert (row.bypass_actors, row.is_admin_bound) == (None, None)
    assert hidden(source) == {"gap/protection/bypass/no_permission"}


def test_who_may_pass_a_rule_by_is_named_unless_another_rule_holds_him(source: OneStream) -> None:
    admin = BypassActor("RepositoryRole", 5)
    ruleset(source, reviews(2), bypass_actors=[admin, BypassActor("Team", 77)])
    source.sync()
    assert branch(source).bypass_actors == ("RepositoryRole:admin", "Team:77")
    assert branch(source).is_admin_bound is False
    ruleset(source, reviews(2), is_of_organisation=True)
    source.time.at += HOUR
    source.sync()
    assert (branch(source).bypass_actors, branch(source).is_admin_bound) == ((), True)


def test_administrators_pass_by_classic_rules_that_do_not_include_them(source: OneStream) -> None:
    source.repository.protections["main"] = Protection(enforces_admins=False)
    source.sync()
    assert branch(source).is_admin_bound is False
    assert branch(source).bypass_actors == ("RepositoryRole:admin",)


def test_a_change_lies_between_two_readings(source: OneStream) -> None:
    first = source.time.at
    source.sync()
    source.time.at += HOUR
    source.repository.protections["main"] = Protection()
    source.time.at += HOUR
    source.sync()
    before, after = sorted(of(source, "branch"), key=lambda row: row.changed_before_at)
    assert (before.changed_after_at, before.changed_before_at) == (None, first)
    assert (after.changed_after_at, after.changed_before_at) == (first, first + 2 * HOUR)
    assert (before.is_protected, after.is_protected) == (False, True)
    assert [row.changed_before_at for row in of(source, "tag")] == [first]


def test_what_changed_outlives_a_change_of_settings(source: OneStream) -> None:
    first = source.time.at
    source.sync()
    source.time.at += HOUR
    source.repository.protections["main"] = Protection()
    source.house.sync(source.connector(), source.context, settings="1" * 64)
    before, after = sorted(of(source, "branch"), key=lambda row: row.changed_before_at)
    assert (before.changed_after_at, before.changed_before_at) == (None, first)
    assert (after.changed_after_at, after.changed_before_at) == (first, first + HOUR)


def test_nothing_changed_costs_nothing_and_gives_no_page(source: OneStream) -> None:
    source.repository.protections["main"] = Protection()
    source.repository.files["CODEOWNERS"] = b"* @acme/core\n"
    ruleset(source, Rule("merge_queue", {"merge_method": "SQUASH"}))
    source.sync()
    assert branch(source).is_merge_queue_required is True
    source.time.at += HOUR
    assert source.sync().pages == 0
    assert not source.asked("branches|rules|codeowners")


def test_a_push_changes_no_rules(source: OneStream) -> None:
    source.sync()
    source.time.at += HOUR
    story.push(source.world, source.repository, source.dev, source.time.at, "More")
    assert source.sync().pages == 0


def test_code_owners_are_counted_with_their_errors(source: OneStream) -> None:
    source.sync()
    assert (branch(source).has_code_owners, branch(source).code_owner_errors) == (False, None)
    source.time.at += HOUR
    source.repository.files[".github/CODEOWNERS"] = b"* @nobody\n"
    source.repository.codeowners_errors.append(
        {
            "line": 1,
            "column": 3,
            "kind": "Unknown owner",
            "source": "* @nobody",
            "suggestion": "make sure it exists",
            "message": "Unknown owner on line 1",
            "path": ".github/CODEOWNERS",
        }
    )
    story.push(source.world, source.repository, source.dev, source.time.at, "Name owners")
    source.sync()
    assert (branch(source).has_code_owners, branch(source).code_owner_errors) == (True, 1)


def test_tags_are_protected_by_pattern_and_told_when_they_no_longer_are(source: OneStream) -> None:
    rules = [Rule("deletion"), Rule("update")]
    made = ruleset(source, *rules, target="tag", include=["refs/tags/v*"])
    source.sync()
    told = {row.target: row.is_protected for row in of(source, "tag")}
    assert told == {"*": False, "v*": True}
    (pattern,) = (row for row in of(source, "tag") if row.target == "v*")
    assert (pattern.is_deletion_allowed, pattern.push_actors) == (False, ())
    made.enforcement = "disabled"
    source.time.at += HOUR
    source.sync()
    newest = max((row for row in of(source, "tag") if row.target == "v*"), key=lambda r: r.id)
    assert (newest.is_protected, newest.changed_before_at) == (False, source.time.at)
    source.time.at += HOUR
    assert source.sync().pages == 0


def test_a_renamed_repository_keeps_the_times_of_its_rules(source: OneStream) -> None:
    first = source.time.at
    source.sync()
    source.time.at += HOUR
    source.repository.former_names.append("acme/web")
    source.repository.name = "shop"
    source.sync()
    row = next(row for row in of(source, "branch") if row.repository == "acme/shop")
    assert (row.changed_after_at, row.changed_before_at) == (None, first)


def test_no_mail_address_is_archived(source: OneStream) -> None:
    someone = {"name": "dev-1", "email": "dev-1@example.com"}
    source.double.damage("branches/main$", lambda told: {**told, "author": someone})
    source.sync()
    assert "dev-1@example.com" not in source.house.everything()
    assert '"name":"dev-1"' in source.house.everything()


def test_a_refusal_of_all_is_a_gap_and_the_rules_stay(source: OneStream) -> None:
    source.sync()
    rows = source.rows(Row)
    source.double.refuse("branches/main", 403)
    source.sync()
    assert source.rows(Row) == rows
    (gap,) = source.house.standing(source.stream)
    assert gap.reason == GapReason.NO_PERMISSION
    source.double.allow()
    source.sync()
    assert source.house.standing(source.stream) == []


@pytest.mark.parametrize("path", ["branches/main$", "rules/branches", "rulesets"])
def test_what_is_no_answer_is_told_and_does_not_crash(source: OneStream, path: str) -> None:
    ruleset(source, reviews())
    source.double.damage(path, lambda told: None)
    source.sync()
    assert source.house.gaps()
    assert not source.rows(Gap)
