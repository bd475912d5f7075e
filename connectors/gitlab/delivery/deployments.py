"""The stream of a project's deployments as GitLab itself keeps them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import ClassVar

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.gitlab.api.items import key_of
from connectors.gitlab.api.updated import UpdatedList, changed_at, news_of
from connectors.gitlab.asking import Asking, account, below
from connectors.gitlab.delivery.approvals import Approvals
from connectors.hosting.deployment_rule import DeploymentSource, Named
from connectors.hosting.newest_first import Listed, NewestFirst
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.interface import Batch, Candidate, Cursor, Json
from data.model import Deployment, DeploymentStatus, Gap, Record

STATUSES = {
    "success": DeploymentStatus.SUCCESS,
    "failed": DeploymentStatus.FAILED,
    "canceled": DeploymentStatus.CANCELLED,
    "skipped": DeploymentStatus.CANCELLED,
    "created": DeploymentStatus.RUNNING,
    "running": DeploymentStatus.RUNNING,
    "blocked": DeploymentStatus.RUNNING,
}


class Deployments(Reader):
    """Reads deployments by their last change, newest first."""

    kind: ClassVar[str] = "deployments"
    entities: ClassVar[tuple[str, ...]] = ("deployment", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter; Maintainer and Premium for who approved"
    blind: ClassVar[tuple[str, ...]] = ("DP-01", "DP-02", "DP-05", "DP-07")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def is_wanted(self, place: Place) -> bool:
        """Whether the user says that a project's deployments are told so."""
        return DeploymentSource.DEPLOYMENTS in self._asking.rules.sources(place.name)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields deployments that are new or changed, then older ones."""
        path = below(place, "deployments")
        listed = UpdatedList(self._asking.api, path, cursor, place.name, self.page_size)
        approvals = Approvals(self._asking, place)
        newest = {"order_by": "updated_at", "sort": "desc", "per_page": 1}
        yield from NewestFirst(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            ask=lambda after: self._listed(listed, approvals, after),
            stamp=changed_at,
            probe=self._asking.probe(path, newest),
            progress=self._asking.telling(place, "deployments"),
            unread=self._asking.unread(place, "deployments"),
        ).pull(cursor)
        if not listed.is_filtered:
            yield self._asking.filter_ignored(place.name, self.kind)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page: the list, and who approved what of it."""
        project = header["repository"]
        approved: dict[str, tuple[str, ...]] | None = None
        if len(answers) > 1:
            approved = {key: _approvers(told) for key, told in answers[1].items()}
        for item in news_of(header, answers[0]):
            try:
                yield from self._rows_of(project, item, approved)
            except UNREADABLE as error:
                yield self._asking.unreadable(project, f"deployment/{key_of(item)}", error)

    def left_out(
        self, answers: Sequence[Json], place: Place, taken: Collection[str]
    ) -> Iterator[Candidate]:
        """Yields deployments to environments that no rule is about."""
        for item in answers[0]:
            if self._asking.row_id(place.name, "deployment", item["id"]) not in taken:
                what = f"deployment to {item['environment']['name']}, {item['status']}"
                url = self._asking.page(place.name, "environments")
                yield Candidate(place.name, what, moment(item["created_at"]), url, None)

    def _rows_of(
        self, project: str, item: Json, approved: dict[str, tuple[str, ...]] | None
    ) -> Iterator[Record]:
        """The deployment, if a rule takes it for one.

        GitLab makes one for a job by hand before anybody starts it: that is none yet. One that
        waits for an approval has begun.
        """
        job = item.get("deployable")
        is_waiting = item["status"] == "created" and job and not job["started_at"]
        # Names of environments that differ in letter case alone are two.
        environment = item["environment"]["name"]
        rules = self._asking.rules.of(project, DeploymentSource.DEPLOYMENTS)
        named = next((found for rule in rules if (found := rule.read(environment))), None)
        if named is None or is_waiting:
            return
        yield self._deployment(project, item, named, approved)

    def _deployment(
        self,
        project: str,
        item: Json,
        named: Named,
        approved: dict[str, tuple[str, ...]] | None,
    ) -> Deployment:
        key, job = str(item["id"]), item.get("deployable") or {}
        row = self._asking.row_id(project, "deployment", key)
        status = STATUSES[item["status"]]
        created_at, updated_at = moment(item["created_at"]), moment(item["updated_at"])
        started_at = moment_or_none(job.get("started_at")) or created_at
        ended_at = moment_or_none(job.get("finished_at")) or updated_at
        path = f"jobs/{job['id']}" if job else "environments"
        service = named.service or project
        return Deployment(
            id=row,
            source=self._asking.source,
            url=self._asking.page(project, path),
            service=service,
            environment=named.environment,
            repository=project,
            sha=item["sha"],
            version=item["ref"] if job.get("tag") else None,
            status=status.value,
            started_at=started_at,
            deployed_at=started_at if status is DeploymentStatus.RUNNING else ended_at,
            run=row,
            attempt=1,
            title=f"{service} {item['sha'][:7]}",
            triggered_by=account(item.get("user")),
            approved_by=None if approved is None else approved.get(key, ()),
        )

    def _listed(self, listed: UpdatedList, approvals: Approvals, at: Json) -> Listed:
        page = listed.page(at)
        answers = [page.reply.body]
        approved = approvals.of(page.news)
        if approved is not None:
            answers.append(approved)
        return Listed(answers, page.items, page.after, page.total, page.header)


def _approvers(told: Json) -> tuple[str, ...]:
    """Accounts that approved; who rejected did not."""
    given = (each for each in told if each["status"].upper() == "APPROVED")
    return tuple(name for each in given if (name := account(each["user"])))
