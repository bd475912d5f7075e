"""The stream of a repository's deployments as GitHub itself keeps them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import ClassVar

from connectors.answers.moment import moment, stamp
from connectors.answers.page import Header
from connectors.answers.understanding import LATE, UNREADABLE
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, connection
from connectors.github.asking import Asking, row_id
from connectors.hosting.deployment_rule import DeploymentSource, Named
from connectors.hosting.newest_first import Listed, NewestFirst
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.http.errors import NotFound
from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Batch, Candidate, Cursor, Json
from data.model import Deployment, DeploymentStatus, Gap, GapReason, Record

_LOOKBACK = timedelta(days=30)
"""How long after it was made a deployment is still expected to change its state."""
_FAILED = frozenset({"FAILURE", "ERROR"})
_UNDER_WAY = frozenset({"PENDING", "QUEUED", "IN_PROGRESS", "WAITING"})


class Deployments(Reader):
    """Reads deployments by the time they were made, newest first."""

    kind: ClassVar[str] = "deployments"
    entities: ClassVar[tuple[str, ...]] = ("deployment", "gap")
    needs: ClassVar[str] = "Deployments: read"
    blind: ClassVar[tuple[str, ...]] = ("DP-02", "DP-05", "DP-07")

    page_size: ClassVar[int] = 50

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "deployments", self.page_size, self.needs)

    def is_wanted(self, place: Place) -> bool:
        """Whether the user says that a repository's deployments are told so."""
        return DeploymentSource.DEPLOYMENTS in self._asking.rules.sources(place.name)

    def pull(self, place: Place, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields deployments that are new or changed, then older ones."""
        yield from NewestFirst(
            name=place.name,
            header={"repository": place.name, "id": place.id},
            ask=lambda after: self._listed(place, after),
            stamp=lambda node: stamp(node["createdAt"]),
            probe=self._asking.probe(f"repos/{place.name}/deployments", {"per_page": 100}),
            lookback=lambda known: known and (moment(known) - _LOOKBACK).isoformat(),
            is_settled=_is_settled,
            progress=self._asking.telling(place, "deployments"),
            unread=self._asking.unread(place, "deployments"),
        ).pull(cursor)

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        repository = header["repository"]
        yield from lacking(self._asking, repository, self.kind, self.needs, answers[:1])
        more = _by_deployment(answers[1:])
        for node in _nodes(answers[0]):
            try:
                yield from self._rows_of(repository, _with(node, more))
            except UNREADABLE as error:
                what = f"cannot be read: {type(error).__name__} {error}"
                yield self._gap(repository, node, GapReason.UNREADABLE, what, LATE)

    def left_out(
        self, answers: Sequence[Json], place: Place, taken: Collection[str]
    ) -> Iterator[Candidate]:
        """Yields deployments to environments that no rule is about."""
        for node in _nodes(answers[0]):
            if row_id(place.name, "deployment", node["databaseId"]) not in taken:
                what = f"deployment to {node['environment']}"
                url = self._asking.page(place.name, "deployments")
                yield Candidate(place.name, what, moment(node["createdAt"]), url, None)

    def _rows_of(self, repository: str, node: Json) -> Iterator[Record]:
        environment = node["environment"].strip()
        named = next(
            (
                found
                for rule in self._asking.rules.of(repository, DeploymentSource.DEPLOYMENTS)
                if (found := rule.read(environment))
            ),
            None,
        )
        if named is None:
            return
        ended = _ended(node)
        if ended is None:
            what = "went inactive and was never told to succeed: whether it ran is unknown"
            fix = "let whatever deploys set the status `success`"
            yield self._gap(repository, node, GapReason.TRUNCATED, what, fix)
            return
        yield self._deployment(repository, node, named, *ended)

    def _deployment(
        self,
        repository: str,
        node: Json,
        named: Named,
        status: DeploymentStatus,
        deployed_at: datetime,
    ) -> Deployment:
        key = str(node["databaseId"])
        service = named.service or repository
        ref = node["ref"] or {}
        is_tag = ref.get("prefix") == "refs/tags/"
        return Deployment(
            id=row_id(repository, "deployment", key),
            source=self._asking.source,
            url=_address(node) or self._asking.page(repository, "deployments"),
            service=service,
            environment=self._asking.environment(named.environment),
            repository=repository,
            sha=node["commitOid"],
            version=ref["name"] if is_tag else None,
            status=status.value,
            started_at=moment(node["createdAt"]),
            deployed_at=deployed_at,
            run=row_id(repository, "deployment", key),
            attempt=1,
            title=f"{service} {node['commitOid'][:7]}",
            triggered_by=(node["creator"] or {}).get("login"),
        )

    def _listed(self, place: Place, after: Json) -> Listed:
        reply = self._question.ask(self._asking.variables(place), after)
        listed = connection(reply.json(), "deployments")
        page = listed["pageInfo"]
        nodes = _nodes(reply.json())
        rest = [body for node in nodes for body in self._more_statuses(place, node)]
        return Listed(
            answers=[reply.body, *rest],
            items=nodes,
            after=page["endCursor"] if page["hasNextPage"] else None,
            total=listed["totalCount"],
        )

    def _more_statuses(self, place: Place, node: Json) -> Iterator[bytes]:
        """All statuses of a deployment that has more than fit on the page."""
        if not node["statuses"]["pageInfo"]["hasNextPage"]:
            return
        path = f"repos/{place.name}/deployments/{node['databaseId']}/statuses"
        statuses = PagedList(
            Ask(path, {"per_page": 100}), by_link, items=list, key=lambda item: str(item["id"])
        )
        with suppress(NotFound):  # it was deleted a moment ago
            for page in statuses.pages(self._asking.api):
                yield page.reply.body

    def _gap(self, repository: str, node: Json, reason: GapReason, what: str, fix: str) -> Gap:
        key = node.get("databaseId")
        told = f"deployment {key} to {node.get('environment')} {what}"
        return self._asking.gap(repository, f"deployment/{key}", reason, told, fix, 1)


def _nodes(answer: Json) -> list[Json]:
    return [node for node in connection(answer, "deployments")["nodes"] if node]


def _ended(node: Json) -> tuple[DeploymentStatus, datetime] | None:
    """How an attempt ended, and when; null if nobody told.

    Statuses come in any order. Once one says success the version ran; what is told later, such as
    `inactive` when another took its place, does not undo that.
    """
    told = sorted(
        ((moment(s["createdAt"]), s["state"]) for s in node["statuses"]["nodes"] if s),
    )
    succeeded = [at for at, state in told if state == "SUCCESS"]
    if succeeded:
        return DeploymentStatus.SUCCESS, succeeded[0]
    failed = [at for at, state in told if state in _FAILED]
    if failed:
        return DeploymentStatus.FAILED, failed[-1]
    if not told or all(state in _UNDER_WAY for _, state in told):
        return DeploymentStatus.RUNNING, told[-1][0] if told else moment(node["createdAt"])
    return None


def _address(node: Json) -> str | None:
    told = (status.get("logUrl") for status in node["statuses"]["nodes"] if status)
    return next(filter(None, told), None)


def _is_settled(node: Json) -> bool:
    """Whether it was told how it ended."""
    ends = {"SUCCESS", "INACTIVE", *_FAILED}
    return any(status["state"] in ends for status in node["statuses"]["nodes"] if status)


def _by_deployment(answers: Sequence[Json]) -> Mapping[str, Sequence[Json]]:
    """Statuses of the REST API by the deployment's number."""
    found: dict[str, list[Json]] = {}
    for status in (status for listed in answers for status in listed):
        key = str(status.get("deployment_url")).rpartition("/")[2]
        found.setdefault(key, []).append(status)
    return found


def _with(node: Json, more: Mapping[str, Sequence[Json]]) -> Json:
    """A deployment with all its statuses, told as the other API tells them."""
    rest = [
        {"state": s["state"].upper(), "createdAt": s["created_at"], "logUrl": s.get("log_url")}
        for s in more.get(str(node["databaseId"]), ())
    ]
    return {**node, "statuses": {"nodes": rest}} if rest else node
