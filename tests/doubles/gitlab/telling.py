"""The parts of the story that `cases` tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import (
    Access,
    ApprovalRule,
    AuditEvent,
    DeployKey,
    Deployment,
    DeployToken,
    Issue,
    Level,
    MergeRequest,
    Pipeline,
    Project,
    ProtectedTag,
    PushRule,
    User,
    Vulnerability,
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
        self.group = self.world.group("acme")
        self.web = self.begun("acme/shop/web")
        self.web.approval_settings.is_reset_on_push = False
        self.reviewer, self.owner = self.world.user("reviewer-2"), self.world.user("owner-3")
        self._now = 0.0

    @property
    def dev(self) -> User:
        return self.world.user("dev-1")

    def begun(self, path: str, method: str = "merge") -> Project:
        """A project with one commit."""
        project = self.world.project(path)
        project.merge_method = method
        story.push(self.world, project, self.dev, hour(-99), "Begin", paths=["README.md"])
        return project

    def change(
        self,
        title: str,
        by: User | None = None,
        *,
        project: Project | None = None,
        is_draft: bool = False,
        closes: tuple[int, ...] = (),
    ) -> MergeRequest:
        """Opens a merge request, five hours after the one before."""
        self._now += 5
        return story.open_merge_request(
            self.world,
            project or self.web,
            by or self.dev,
            hour(self._now),
            title,
            is_draft=is_draft,
            closes=closes,
            committed_at=hour(self._now - 1),
        )

    def approved(
        self, title: str, by: User | None = None, *, project: Project | None = None
    ) -> MergeRequest:
        """Opens a merge request, which is approved after an hour."""
        change = self.change(title, by, project=project)
        story.approve(self.world, change, self.reviewer, self.after(1))
        return change

    def after(self, hours: float) -> datetime:
        """So many hours after the last merge request was opened."""
        return hour(self._now + hours)

    def land(self, change: MergeRequest, *, hours: float = 4, is_squashed: bool = False) -> None:
        """Lets the reviewer merge."""
        story.merge(self.world, change, self.reviewer, self.after(hours), is_squashed=is_squashed)

    # --- ways to land --------------------------------------------------------------------------

    def merged(self) -> MergeRequest:
        change = self.approved("Merge me")
        story.label_merge_request(change, "feature", self.after(1))
        story.label_merge_request(change, "hurry", self.after(1))
        story.unlabel_merge_request(change, "hurry", self.after(2))
        jobs = ("lint", "test")
        story.run_for(self.world, change, self.after(2), jobs=jobs)
        self.land(change)
        return change

    def squashed(self) -> MergeRequest:
        change = self.change("Squash me")
        story.push_to(self.world, change, self.dev, self.after(1), "Second step")
        story.approve(self.world, change, self.reviewer, self.after(2))
        self.land(change, is_squashed=True)
        return change

    def onto_newer(
        self, title: str, project: Project, *, is_squashed: bool = False
    ) -> MergeRequest:
        """A merge request whose target moved on before it landed."""
        change = self.approved(title, project=project)
        story.push(self.world, project, self.owner, self.after(2), "Get ahead of it")
        self.land(change, is_squashed=is_squashed)
        return change

    def by_train(self) -> MergeRequest:
        change = self.approved("Take the train")
        story.merge_by_train(self.world, change, self.reviewer, self.after(4))
        return change

    def brought_up(self) -> MergeRequest:
        change = self.change("Keep up")
        story.merge_target_into(self.world, change, self.dev, self.after(1))
        story.approve(self.world, change, self.reviewer, self.after(2))
        self.land(change)
        return change

    # --- reviews -------------------------------------------------------------------------------

    def stale(self) -> MergeRequest:
        change = self.approved("One more thing")
        story.push_to(self.world, change, self.dev, self.after(2), "More", paths=["src/other.py"])
        self.land(change)
        return change

    def reset(self) -> MergeRequest:
        self.web.approval_settings.is_reset_on_push = True
        change = self.stale()
        self.web.approval_settings.is_reset_on_push = False
        return change

    def revoked(self) -> MergeRequest:
        change = self.approved("Look again")
        story.unapprove(self.world, change, self.reviewer, self.after(2))
        story.comment(self.world, change, self.reviewer, self.after(2.1), "This breaks the cart")
        story.approve(self.world, change, self.owner, self.after(3))
        self.land(change)
        return change

    def self_merged(self) -> MergeRequest:
        change = self.change("Trust me")
        story.merge(self.world, change, self.dev, self.after(1))
        return change

    def by_bot(self) -> MergeRequest:
        token = story.issue_token(self.world, self.web, "updates", Level.DEVELOPER, hour(-50))
        change = self.approved("Update a dependency", token.user)
        self.land(change)
        return change

    def by_deleted(self) -> MergeRequest:
        author, friend = self.world.user("dev-gone"), self.world.user("reviewer-gone")
        change = self.change("Farewell", author)
        story.approve(self.world, change, friend, self.after(1))
        story.merge(self.world, change, friend, self.after(2))
        story.delete_account(author)
        story.delete_account(friend)
        return change

    def drafted(self) -> MergeRequest:
        change = self.change("Not yet", is_draft=True)
        story.mark_ready(self.world, change, self.dev, self.after(10))
        story.mark_draft(self.world, change, self.dev, self.after(11))
        story.mark_ready(self.world, change, self.dev, self.after(12))
        story.approve(self.world, change, self.reviewer, self.after(13))
        self.land(change, hours=14)
        self._now += 10
        return change

    def force_pushed(self) -> MergeRequest:
        change = self.approved("Start over")
        story.push_to(self.world, change, self.dev, self.after(1.5), "A step that will be gone")
        story.force_push(self.world, change, self.dev, self.after(2))
        story.push_to(self.world, change, self.dev, self.after(3), "A step that stays")
        self.land(change)
        return change

    # --- pipelines -----------------------------------------------------------------------------

    def retried(self) -> Pipeline:
        jobs = ("build", "test")
        run = story.run(self.world, self.web, hour(120), user=self.dev, jobs=jobs, status="failed")
        story.retry_job(self.world, run.jobs[-1], self.reviewer, hour(121))
        return run

    def retried_whole(self) -> Pipeline:
        run = story.run(self.world, self.web, hour(122), user=self.dev, status="failed")
        story.retry(self.world, run, self.dev, hour(123))
        return run

    def ended(self, at: float, status: str) -> Pipeline:
        return story.run(self.world, self.web, hour(at), user=self.dev, status=status)

    # --- deployments ---------------------------------------------------------------------------

    def deployed(
        self,
        to: str,
        at: float,
        status: str = "success",
        *,
        approvals: int = 0,
        has_job: bool = True,
    ) -> Deployment:
        run = story.run(self.world, self.web, hour(at), user=self.dev) if has_job else None
        return story.deploy(
            self.world,
            self.web,
            to,
            hour(at + 0.1),
            self.dev,
            status=status,
            pipeline=run,
            required_approvals=approvals,
        )

    def approved_deployment(self) -> Deployment:
        waiting = self.deployed("production", 130, "blocked", approvals=1)
        story.decide(waiting, self.reviewer, hour(131), comment="go")
        story.finish(waiting, "success", hour(131.5))
        return waiting

    def rejected_deployment(self) -> Deployment:
        waiting = self.deployed("production", 132, "blocked", approvals=1)
        story.decide(waiting, self.reviewer, hour(133), "rejected", "not on a Friday")
        return waiting

    def tierless(self) -> Deployment:
        shown = self.deployed("old-corner", 139)
        shown.environment.tier = None
        return shown

    # --- incidents -----------------------------------------------------------------------------

    def reopened(self) -> Issue:
        issue = story.open_incident(self.world, self.web, self.owner, hour(150), "Search is slow")
        story.close(self.world, issue, self.owner, hour(151))
        story.reopen(self.world, issue, self.dev, hour(152))
        story.close(self.world, issue, self.owner, hour(154))
        return issue

    def unlabelled(self) -> Issue:
        labels = ("incident", "sev1")
        issue = story.open_issue(
            self.world, self.web, self.owner, hour(155), "Checkout is down", labels=labels
        )
        story.close(self.world, issue, self.owner, hour(156))
        story.unlabel(self.world, issue, self.dev, hour(157), "incident")
        return issue

    # --- rules, access and findings ------------------------------------------------------------

    def govern(self) -> None:
        """Protects, guards, scans and lets people in."""
        world, web, group = self.world, self.web, self.group
        story.protect(world, web, "main", is_code_owner_required=True)
        story.protect(world, group, "release/*", push=40)
        story.guard(world, web, "production")
        web.protected_tags.append(ProtectedTag("v*", [Access(world.new_id())]))
        rule = ApprovalRule(world.new_id(), "Reviewers", 1, eligible=[self.reviewer, self.owner])
        web.approval_rules.append(rule)
        web.push_rule = PushRule(world.new_id(), is_signature_required=True)
        story.join(group, self.owner, Level.OWNER, hour(-100))
        story.join(group, self.dev, Level.DEVELOPER, hour(-90), self.owner)
        story.join(web, self.reviewer, Level.MAINTAINER, hour(-80), self.owner)
        story.issue_token(world, group, "reports", Level.REPORTER, hour(-70))
        web.deploy_keys.append(DeployKey(world.new_id(), "deploy", hour(-60), can_push=True))
        for place in (web, group):
            made = DeployToken(world.new_id(), "images", f"gitlab+deploy-token-{place.id}")
            place.deploy_tokens.append(made)
            details = {"change": "allow_force_push", "from": "false", "to": "true"}
            event = AuditEvent(
                world.new_id(), "protected_branch_updated", self.owner, hour(3), details
            )
            place.audit_events.append(event)
        self.find()

    def find(self) -> None:
        """Lets each kind of scan find something."""
        new_id, web = self.world.new_id, self.web
        library = {"package": "left-pad", "version": "1.0.0"}
        packages = {"file": "package.json", "dependency": library}
        image = {"image": "registry.example/web:1", "dependency": library}
        web.vulnerabilities += [
            Vulnerability(new_id(), "Unescaped output", hour(1)),
            Vulnerability(
                new_id(), "Old library", hour(2), "dependency_scanning", location=packages
            ),
            Vulnerability(new_id(), "Old system", hour(3), "container_scanning", location=image),
            Vulnerability(new_id(), "A password", hour(4), "secret_detection", "critical"),
        ]
        fixed, dismissed = web.vulnerabilities[1], web.vulnerabilities[2]
        fixed.state, fixed.resolved_at, fixed.is_gone = "resolved", hour(30), True
        dismissed.state, dismissed.dismissed_at = "dismissed", hour(31)
        dismissed.dismissal_reason = "acceptable_risk"

    def write_files(self) -> None:
        """Lays down what shows how the project is built."""
        self.web.files = {
            ".gitlab-ci.yml": (
                "include:\n"
                "  - local: ci/build.yml\n"
                "  - project: acme/shared\n"
                "  - component: gitlab.example/acme/lint@1.2.0\n"
                "test:\n  script: make test\n"
            ),
            "CODEOWNERS": "* @reviewer-2\n",
            "Dockerfile": "FROM scratch\n",
            "ci/build.yml": "build: {script: make}\n",
            "infra/main.tf": "",
            "src/app.py": "print()\n",
        }

    def attic(self) -> Project:
        project = self.begun("acme/attic")
        story.archive(project, hour(-1))
        return project

    def moved(self) -> Project:
        project = self.begun("elsewhere/old-name")
        story.rename(project, "new-name", hour(10))
        story.move(project, self.group, hour(11))
        return project
