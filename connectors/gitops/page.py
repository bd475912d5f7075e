"""Pages of a `gitops` source: one line a commit that changed what runs, and the rows of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from connectors.git.commit import is_plausible
from connectors.git.hosts import Links
from connectors.git.page import Line, read_page, write_page
from connectors.git.rows import links_of
from connectors.gitops.layers import SlotChange
from connectors.gitops.losses import Loss
from connectors.gitops.mainline import ConfigCommit
from connectors.gitops.values import Value
from data.model import Deployment, DeploymentStatus, Gap, GapReason, Record, Repository, Service

_FIXES = {
    GapReason.MISSING_OBJECT: "clone the configuration repository again, without a filter",
    GapReason.UNREADABLE: "repair the file, if that has not been done since",
    GapReason.TRUNCATED: "narrow `value` or `pattern`, or leave the file out with `exclude`",
    GapReason.CLOCK: "correct the clock of the machine that made them; those made stay as they are",
}
_VALUE = ("version", "digest", "image", "sha")


@dataclass(frozen=True, slots=True)
class Step:
    """One commit and what it did."""

    commit: ConfigCommit
    changes: Sequence[SlotChange]


def step_page(header: Line, steps: Iterable[Step], lost: Iterable[Loss]) -> bytes:
    """The page: a line about the repository, a line a step, and one about each loss."""
    losses = ({"loss": asdict(loss)} for loss in lost)
    return write_page(header, (*map(_line, steps), *losses))


def page_rows(source: str, payload: bytes) -> list[Record]:
    """The records of a page."""
    header, lines = read_page(payload)
    links = links_of(header)
    records: list[Record] = [_repository(source, header)]
    services: dict[str, Service] = {}
    for line in lines:
        if "loss" in line:
            records.append(_gap(source, links, Loss(**line["loss"])))
            continue
        url = links.commit(line["commit"])
        for change in line["changes"]:
            if change["after"] is not None:
                name = change["service"]
                services[name] = _service(source, name, change.get("repository"))
                if (deployed_at := _time(line["committed_at"])) is not None:
                    records.append(_deployment(source, url, line["commit"], deployed_at, change))
    return [*records, *services.values()]


def _line(step: Step) -> Line:
    return {
        "commit": step.commit.sha,
        "committed_at": step.commit.committed_at.isoformat(),
        "changes": [_change(change) for change in step.changes],
    }


def _change(change: SlotChange) -> Line:
    fields = {
        "service": change.slot.service,
        "environment": change.slot.environment,
        "path": change.path,
        "blob": change.blob,
        "before": change.before.version if change.before else None,
        "after": _value(change.after),
    }
    return fields | ({"repository": change.repository} if change.repository else {})


def _value(value: Value | None) -> Line | None:
    if value is None:
        return None
    return {name: text for name in _VALUE if (text := getattr(value, name))}


def _repository(source: str, header: Line) -> Repository:
    return Repository(
        id=f"gitops:{source}#repository/{header['repository']}",
        source=source,
        url=header["web_url"],
        name=header["repository"],
        default_branch=header["branch"],
        head_sha=header["head"],
        is_shallow=header["is_shallow"],
        commit_count=header["commits"],
    )


def _service(source: str, name: str, repository: str | None) -> Service:
    return Service(
        id=f"gitops:{source}#service/{name}", source=source, name=name, repository=repository
    )


def _time(written: str) -> datetime | None:
    """A time of the page; None if it cannot be right."""
    time = datetime.fromisoformat(written)
    return time if is_plausible(time) else None


def _deployment(
    source: str, url: str | None, sha: str, deployed_at: datetime, change: Line
) -> Deployment:
    service, environment, after = change["service"], change["environment"], change["after"]
    return Deployment(
        id=f"gitops:{source}#{sha}/{environment}/{service}",
        source=source,
        url=url,
        service=service,
        environment=environment,
        repository=change.get("repository"),
        sha=after.get("sha"),
        version=after["version"],
        status=DeploymentStatus.SUCCESS.value,
        started_at=None,
        deployed_at=deployed_at,
        run=sha,
        attempt=1,
        title=f"{service} {after['version']}",
    )


def _gap(source: str, links: Links, loss: Loss) -> Gap:
    span = f"commit {loss.first_sha[:10]}"
    if loss.count > 1:
        span = f"{loss.count} commits, {loss.first_sha[:10]} to {loss.last_sha[:10]}"
    return Gap(
        id=f"gitops:{source}#gap/{loss.reason}/{loss.path}",
        source=source,
        url=links.commit(loss.first_sha),
        reason=loss.reason,
        what=f"{loss.what} ({span})",
        fix=_FIXES[GapReason(loss.reason)],
        count=loss.count,
        since_at=_time(loss.first_at),
        until_at=_time(loss.last_at),
    )
