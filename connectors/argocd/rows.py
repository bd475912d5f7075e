"""Rows of one line of the journal: deployments of one application, and what is missing of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from connectors.answers.moment import moment, moment_or_none
from connectors.api.fields import packed, text_of
from connectors.api.source import ApiSource
from connectors.argocd.settings import Named, Settings
from connectors.gitops.values import NoImageError, image_value
from connectors.interface import Json
from data.model import Deployment, DeploymentStatus, Gap, GapReason, Record

_STATUS = {
    "Running": DeploymentStatus.RUNNING,
    "Terminating": DeploymentStatus.RUNNING,
    "Failed": DeploymentStatus.FAILED,
    "Error": DeploymentStatus.FAILED,
    "Succeeded": DeploymentStatus.SUCCESS,
}
_SHORT = 12


class _Line:
    """One line, its settings and names."""

    def __init__(self, api: ApiSource, settings: Settings, line: Json) -> None:
        self.line = line
        self.application = line["application"]
        self._api, self._settings = api, settings
        self._named: Named = settings.named(self.application)
        metadata = self.application["metadata"]
        self.name = f"{metadata.get('namespace') or ''}/{text_of(metadata, 'name')}".lstrip("/")

    def of_entry(self, entry: Json) -> Deployment:
        """The deployment that an entry of the history tells."""
        is_newest = entry == self.line["newest"]
        images = self.line["images"] if is_newest else None
        started_at = entry.get("deployStartedAt")
        return self._deployment(
            entry, started_at or entry["deployedAt"], entry["deployedAt"], "success", images
        )

    def of_operation(self, operation: Json, status: str, ended_at: Json) -> Deployment:
        """The deployment that an operation tells, which is in no history."""
        told = {**operation["syncResult"], "initiatedBy": operation["operation"].get("initiatedBy")}
        return self._deployment(told, operation["startedAt"], ended_at, status, None)

    def _deployment(
        self, told: Json, started_at: str, ended_at: str, status: str, images: Sequence[str] | None
    ) -> Deployment:
        service, environment = self._named
        sources = told.get("sources") or [told.get("source") or {}]
        revisions = told.get("revisions") or [told.get("revision") or ""]
        version = _of_image(service, images) or _of_sources(sources, revisions)
        code = _of_code(sources, revisions) if self._settings.has_code else (None, None)
        base = self._api.http.base_url
        return Deployment(
            id=self._api.row_id("deployment", self.name, moment(started_at).isoformat()),
            source=self._api.source,
            url=f"{base}applications/{self.name}",
            service=service,
            environment=environment,
            repository=code[0],
            sha=code[1],
            version=version,
            status=status,
            started_at=moment(started_at),
            deployed_at=moment(ended_at),
            run=None,
            attempt=1,
            title=f"{service} {version or ''}".strip(),
            triggered_by=(told.get("initiatedBy") or {}).get("username"),
        )

    def unreadable(self, entry: Json) -> Gap:
        """An entry of the history that is not what it should be."""
        key = hashlib.sha256(packed(entry)).hexdigest()[:12]
        problem = ValueError("an entry of its history has no number or no time")
        return self._api.unreadable(f"deployment/{self.name}/entry/{key}", problem)

    def overrun(self) -> Iterator[Gap]:
        """The deployments that the server forgot before they were read."""
        before, oldest = self.line["before"], self.line["oldest"]
        if oldest is None:
            if self._keeps_none() and not before["is_known"]:
                yield self._gap("none", "keeps no history (revisionHistoryLimit is 0)", None, None)
            return
        missing = oldest["id"] - (0 if before["id"] is None else before["id"] + 1)
        if missing > 0:
            what = f"forgot {missing} deployments before they were read"
            yield self._gap(str(oldest["id"]), what, missing, oldest["deployedAt"])

    def _keeps_none(self) -> bool:
        return bool((self.application.get("spec") or {}).get("revisionHistoryLimit") == 0)

    def _gap(self, key: str, what: str, count: int | None, until: Json) -> Gap:
        since = self.line["before"]["deployedAt"]
        return self._api.gap(
            f"{self.name}/history/{key}",
            GapReason.TRUNCATED,
            f"{self.name}: Argo CD {what}",
            "sync more often than it deploys so many times; it keeps ten unless told otherwise",
            count,
            (moment_or_none(since), moment_or_none(until)),
        )


def rows_of(api: ApiSource, settings: Settings, line: Json) -> Iterator[Record]:
    """The rows of a line."""
    if line["history"] is None:
        raise ValueError("its status is not what it should be")
    told = _Line(api, settings, line)
    yield from told.overrun()
    for entry in line["history"]:
        yield told.of_entry(entry)
    for entry in line["unreadable"]:
        yield told.unreadable(entry)
    yield from _operations(told, line)


def _operations(told: _Line, line: Json) -> Iterator[Record]:
    operation, running = line["operation"], line["before"]["running"]
    known = [entry.get("deployStartedAt") for entry in (*line["history"], line["newest"] or {})]
    begun = operation and operation["startedAt"]
    if running and running["startedAt"] not in known and running["startedAt"] != begun:
        # A success would be in the history: it failed, at the latest when something else began.
        yield told.of_operation(running, "failed", begun or running["startedAt"])
    if operation is None:
        return
    status = _STATUS[operation["phase"]]
    is_kept = status is DeploymentStatus.SUCCESS and line["newest"] is not None
    if not is_kept:
        ended_at = operation["finishedAt"] or operation["startedAt"]
        yield told.of_operation(operation, status.value, ended_at)


def _of_image(service: str, images: Sequence[str] | None) -> str | None:
    """The tag of the service's image: the one that is called like it, or the only one."""
    values = []
    for image in images or ():
        try:
            value = image_value(image)
        except NoImageError:
            continue
        if value is not None:
            values.append(value)
    own = [value for value in values if (value.image or "").rpartition("/")[2] == service]
    chosen = own or values
    return chosen[0].version if len(chosen) == 1 else None


def _of_sources(sources: Sequence[Json], revisions: Sequence[str]) -> str | None:
    """The version of a chart, else the revisions of all sources, shortened."""
    pairs = list(zip(sources, revisions, strict=False))
    charts = [revision for source, revision in pairs if source.get("chart")]
    told = charts[:1] or [revision[:_SHORT] for _, revision in pairs]
    return "+".join(filter(None, told)) or None


def _of_code(sources: Sequence[Json], revisions: Sequence[str]) -> tuple[str | None, str | None]:
    """Repository and commit of the first source that is a Git repository with manifests."""
    for source, revision in zip(sources, revisions, strict=False):
        is_values_only = source.get("ref") and not source.get("path")
        if revision and not source.get("chart") and not is_values_only:
            name = str(source.get("repoURL") or "").rstrip("/").removesuffix(".git")
            return "/".join(name.replace(":", "/").split("/")[-2:]) or None, revision
    return None, None
