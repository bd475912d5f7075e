"""Tells the story of the cases, one part after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.doubles.github import story
from tests.doubles.github.world import (
    Account,
    Approval,
    AuditEvent,
    CodeAlert,
    Collaborator,
    DependencyAlert,
    DeployKey,
    Deployment,
    Hook,
    Issue,
    Plan,
    Protection,
    Pull,
    Repository,
    Rule,
    Ruleset,
    RuleSuite,
    Run,
    SecretAlert,
    World,
)

BEGUN_AT = datetime(2026, 2, 2, 9, tzinfo=UTC)


def hour(number: float) -> datetime:
    """So many hours into the story."""
    return BEGUN_AT + timedelta(hours=number)


class Teller:
    """Tells the story, one part after the other."""

    def __init__(self) -> None:
        self.world = World()
        self.organisation = self.world.organisation("acme", Plan.ENTERPRISE)
        self.web = self.world.add_repository("acme/web", hour(-100))
        self.dev, self.reviewer = self.account("dev-1"), self.account("reviewer-2")
        self.owner, self.bot = self.account("owner-3"), self.world.bot("release-bot")
        story.push(self.world, self.web, self.dev, hour(-99), "Begin", files=["README.md"])
        self._now = 0.0

    def account(self, login: str) -> Account:
        """A member of the organisation."""
        account = self.world.account(login)
        role = "admin" if login.startswith("owner") else "member"
        self.organisation.add_member(account, role, has_two_factor=login != "dev-1")
        return account

    def pull(self, title: str, by: Account | None = None, *, is_draft: bool = False) -> Pull:
        """Opens a pull request, five hours after the one before."""
        self._now += 5
        return story.open_pull(
            self.world,
            self.web,
            by or self.dev,
            hour(self._now),
            title,
            is_draft=is_draft,
            committed_at=hour(self._now - 1),
        )

    def approved(self, title: str, by: Account | None = None) -> Pull:
        """Opens a pull request, which is approved after an hour."""
        pull = self.pull(title, by)
        story.approve(self.world, pull, self.reviewer, self.after(1))
        return pull

    def after(self, hours: float) -> datetime:
        """So many hours after the last pull request was opened."""
        return hour(self._now + hours)

    # --- ways to land --------------------------------------------------------------------------

    def squashed(self) -> Pull:
        pull = self.approved("Squash me")
        story.push_to(self.world, pull, self.dev, self.after(0.5), co_authors=[self.owner])
        story.check(self.world, self.web, pull.head_sha, "build", "success", self.after(0.6))
        story.check(self.world, self.web, pull.head_sha, "lint", "skipped", self.after(0.6))
        story.check(self.world, self.web, pull.head_sha, "e2e", "cancelled", self.after(0.6))
        story.set_status(
            self.world, self.web, pull.head_sha, "ci/old", "pending", self.after(0.6), self.bot
        )
        story.set_status(
            self.world, self.web, pull.head_sha, "ci/old", "success", self.after(0.7), self.bot
        )
        story.label(self.world, pull, "feature", self.dev, self.after(1))
        story.squash_merge(self.world, pull, self.reviewer, self.after(2))
        return pull

    def rebased(self) -> Pull:
        pull = self.approved("Rebase me")
        story.push_to(self.world, pull, self.dev, self.after(0.5), "Second step")
        story.rebase_merge(self.world, pull, self.reviewer, self.after(2))
        return pull

    def merged(self) -> Pull:
        pull = self.approved("Merge me")
        story.merge(self.world, pull, self.reviewer, self.after(2))
        return pull

    def queued(self) -> Pull:
        pull = self.approved("Queue me")
        story.merge_through_queue(self.world, pull, self.dev, self.after(2), self.after(3))
        return pull

    # --- reviews -------------------------------------------------------------------------------

    def dismissed(self) -> Pull:
        pull = self.approved("Look again")
        story.dismiss(self.world, pull, pull.reviews[0], self.owner, self.after(2))
        story.approve(self.world, pull, self.reviewer, self.after(3))
        story.squash_merge(self.world, pull, self.reviewer, self.after(4))
        return pull

    def stale(self) -> Pull:
        pull = self.approved("One more thing")
        story.push_to(self.world, pull, self.dev, self.after(2), files=["src/other.py"])
        story.squash_merge(self.world, pull, self.reviewer, self.after(3))
        return pull

    def self_merged(self) -> Pull:
        pull = self.pull("Trust me")
        story.squash_merge(self.world, pull, self.dev, self.after(1))
        return pull

    def by_bot(self) -> Pull:
        pull = self.approved("Update a dependency", self.bot)
        story.squash_merge(self.world, pull, self.reviewer, self.after(2))
        return pull

    def by_deleted(self) -> Pull:
        gone = self.world.account("dev-gone")
        pull = self.approved("Farewell", gone)
        story.comment(self.world, pull, gone, self.after(1.5))
        story.squash_merge(self.world, pull, gone, self.after(2))
        story.delete_account(gone)
        return pull

    def drafted(self) -> Pull:
        pull = self.pull("Not yet", is_draft=True)
        story.mark_ready(self.world, pull, self.dev, self.after(10))
        story.request_changes(self.world, pull, self.reviewer, self.after(11))
        story.approve(self.world, pull, self.reviewer, self.after(12))
        story.squash_merge(self.world, pull, self.reviewer, self.after(13))
        self._now += 10
        return pull

    def force_pushed(self) -> Pull:
        pull = self.approved("Start over")
        story.force_push(self.world, pull, self.dev, self.after(2))
        story.squash_merge(self.world, pull, self.reviewer, self.after(3))
        return pull

    # --- runs ----------------------------------------------------------------------------------

    def rerun(self) -> Run:
        run = story.run(self.world, self.web, self.dev, hour(80), jobs=("build", "deploy"))
        story.finish(run, hour(80.2), "failure", build="success")
        story.rerun(self.world, run, self.reviewer, hour(81))
        story.finish(run, hour(81.2))
        run.approvals.append(Approval("production", self.reviewer, comment="go"))
        return run

    def cancelled(self) -> Run:
        run = story.run(self.world, self.web, self.dev, hour(82), "Release", event="release")
        return story.finish(run, hour(82.1), "cancelled", build="skipped")

    # --- incidents -----------------------------------------------------------------------------

    def unlabelled(self) -> Issue:
        issue = story.open_issue(
            self.world, self.web, self.owner, hour(90), "Checkout is down", ["incident", "sev1"]
        )
        story.close(self.world, issue, self.owner, hour(92))
        story.unlabel(self.world, issue, "incident", self.dev, hour(95))
        return issue

    def reopened(self) -> Issue:
        issue = story.open_issue(
            self.world, self.web, self.owner, hour(91), "Search is slow", ["incident"]
        )
        story.close(self.world, issue, self.owner, hour(92))
        story.reopen(self.world, issue, self.dev, hour(93))
        story.close(self.world, issue, self.owner, hour(94), "NOT_PLANNED")
        return issue

    # --- deployments ---------------------------------------------------------------------------

    def inactive(self) -> Deployment:
        one = self.deployed("production", 100)
        story.report(self.world, one, "inactive", hour(104))
        return one

    def out_of_order(self) -> Deployment:
        one = story.deploy(self.world, self.web, self.bot, hour(103.5), payload={"track": "fast"})
        story.report(self.world, one, "success", hour(104))
        story.report(self.world, one, "in_progress", hour(103.8))
        return one

    def deployed(self, environment: str, at: float) -> Deployment:
        one = story.deploy(self.world, self.web, self.bot, hour(at), environment)
        story.report(self.world, one, "in_progress", hour(at + 0.1))
        story.report(self.world, one, "success", hour(at + 0.5), log_url="http://log.example/1")
        return one

    # --- rules, access and findings ------------------------------------------------------------

    def ruleset(self, name: str, source: str, *rules: Rule, enforcement: str = "active") -> Ruleset:
        made = Ruleset(self.world.new_id(), name, source, hour(-50), hour(-50))
        made.enforcement, made.rules = enforcement, list(rules)
        if "/" in source:
            self.web.rulesets.append(made)
        else:
            made.source_type = "Organization"
            self.organisation.rulesets.append(made)
        return made

    def govern(self) -> None:
        """Protects, guards, scans and lets people in."""
        world, web, organisation = self.world, self.web, self.organisation
        web.protections["main"] = Protection(
            checks=["build"], is_strict=True, bypass_users=[self.owner]
        )
        story.guard(
            web,
            "production",
            self.reviewer,
            is_self_review_prevented=True,
            wait_minutes=10,
            branch_policy="custom",
            branch_patterns=("main", "release/*"),
        )
        web.rule_suites.append(
            RuleSuite(world.new_id(), self.owner, "refs/heads/main", "0" * 40, "1" * 40, hour(100))
        )
        team = organisation.add_team("web", world.new_id(), self.dev, self.reviewer)
        organisation.add_team("web-ui", world.new_id(), self.dev, parent=team)
        organisation.give(team, web)
        outside = world.account("outside-4")
        organisation.outside.append(outside)
        web.collaborators.append(Collaborator(outside, "write", is_outside=True))
        web.keys.append(DeployKey(world.new_id(), "deploy", hour(-90), added_by="dev-1"))
        web.hooks.append(Hook(world.new_id(), "https://hook.example/in", hour(-90)))
        web.files = {
            ".github/CODEOWNERS": b"* @acme/web\n",
            ".github/workflows/ci.yml": b"jobs: {build: {uses: acme/shared/build.yml@v1}}\n",
            "Dockerfile": b"FROM scratch\n",
            "src/app.py": b"print()\n",
        }
        web.codeowners_errors = [
            {
                "line": 1,
                "column": 3,
                "kind": "Unknown owner",
                "source": "* @acme/gone",
                "message": "Unknown owner",
                "path": ".github/CODEOWNERS",
            }
        ]
        self.find()

    def find(self) -> None:
        """Lets each kind of scan find something."""
        web, day = self.web, hour(24)
        web.dependency_alerts = [
            DependencyAlert(1, hour(1), day, "fixed", fixed_at=day),
            DependencyAlert(2, hour(2), hour(2)),
        ]
        dismissed = CodeAlert(1, hour(1), day, "dismissed", dismissed_at=day)
        dismissed.dismissed_by, dismissed.dismissed_reason = self.owner, "false positive"
        web.code_alerts = [dismissed]
        revoked = SecretAlert(1, hour(1), day, "revoked", dismissed_at=day)
        revoked.dismissed_by, revoked.dismissed_reason = self.owner, "revoked"
        web.secret_alerts = [revoked]
        fields = {"repo": "acme/web", "user": "outside-4"}
        event = AuditEvent("audit-1", "repo.add_member", hour(3), self.owner, fields)
        self.organisation.audit.append(event)

    def attic(self) -> Repository:
        found = self.world.add_repository("acme/attic", hour(-100))
        story.push(self.world, found, self.dev, hour(-99), "Begin")
        story.archive(found, hour(-1))
        return found

    def moved(self) -> Repository:
        found = self.world.add_repository("elsewhere/old-name", hour(-100))
        story.push(self.world, found, self.dev, hour(-99), "Begin")
        story.rename(found, "new-name", hour(10))
        story.transfer(found, self.organisation.account, hour(11))
        return found
