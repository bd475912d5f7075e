"""What the stories of these tests are told with, beside `tests.data.published`."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from data.configuration import Configuration
from data.model import Commit, Deployment, Record, Service, Version
from data.store.snapshot import Snapshot
from tests.data.asked import asked
from tests.data.published import at, deployment, sha

Row = dict[str, Any]


def ran(number: int, deployed_at: str, **fields: Any) -> Deployment:
    """A deployment as in `published`, with an id of its own each time the number is deployed."""
    service = fields.get("service", "web")
    environment = fields.get("environment", "production")
    name = f"{service}/{environment}@{deployed_at}"
    return deployment(number, deployed_at, **{"id": name, "title": f"{service} {number}", **fields})


def unknown(deployed_at: str, **fields: Any) -> Deployment:
    """A deployment of something that its repository does not know."""
    return ran(0, deployed_at, **{"sha": "f" * 40, "version": None, **fields})


def commit(name: str, **fields: Any) -> Commit:
    """A commit of repository `web` off the mainline."""
    defaults: dict[str, Any] = {
        "id": f"test:web#commit/{fields.get('repository', 'web')}/{name}",
        "source": "test",
        "repository": "web",
        "sha": name,
        "parents": (),
        "authored_at": at("2026-01-01"),
        "committed_at": at("2026-01-01"),
        "subject": "Work",
        "position": None,
        "is_mainline": False,
    }
    return Commit(**{**defaults, **fields})


def version(name: str, position: int | None, **fields: Any) -> Version:
    """A tag of repository `web` on the mainline commit of that position."""
    defaults: dict[str, Any] = {
        "id": f"test:{fields.get('repository', 'web')}#tag/{name}",
        "source": "test",
        "repository": "web",
        "name": name,
        "sha": sha(position) if position else None,
        "tagged_at": None,
        "position": position,
    }
    return Version(**{**defaults, **fields})


def service(name: str, repository: str | None, path: str | None = None, **fields: Any) -> Service:
    """A declared service."""
    defaults: dict[str, Any] = {"id": f"test:service/{name}", "source": "test"}
    return Service(**{**defaults, **fields}, name=name, repository=repository, path=path)


MAINLINE = [
    commit(
        sha(number),
        id=f"test:{repository}#commit/{number}",
        repository=repository,
        position=number,
        is_mainline=True,
    )
    for repository in ("web", "mono")
    for number in range(1, 10)
]
"""The commits that the numbers of changes and deployments stand for."""


class Facts:
    """The facts of a published story, by the names that the story uses."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def delivery(self, number: int | str, service: str = "web", env: str = "production") -> Row:
        """How the change of a number came into an environment, as part of a service."""
        (row,) = self.snapshot.rows(
            "select * from change_delivery where number = ? and service = ? and environment = ?",
            [str(number), service, env],
        )
        return row

    def state(self, number: int | str, service: str = "web", env: str = "production") -> str:
        """What became of that change."""
        return str(self.delivery(number, service, env)["state"])

    def deliveries(self) -> dict[str, str]:
        """The state of each change by its number, where each has but one row."""
        rows = self.snapshot.rows("select number, state from change_delivery order by number")
        assert len({row["number"] for row in rows}) == len(rows)
        return {row["number"]: row["state"] for row in rows}

    def outcome(self, deployed_at: str, service: str = "web", env: str = "production") -> Row:
        """What became of the deployment of that time."""
        (row,) = self.snapshot.rows(
            "select * from deployment_outcome "
            "where deployed_at = ? and service = ? and environment = ?",
            [at(deployed_at), service, env],
        )
        return row

    def failures(self) -> dict[str, str]:
        """Why each failed deployment did, by its time."""
        return self._reasons("failure_reason")

    def rework(self) -> dict[str, str]:
        """What kind of rework each deployment was that was any, by its time."""
        return self._reasons("rework_reason")

    def excluded(self) -> dict[str, str]:
        """Why deployments do not count that do not, by their times."""
        return self._reasons("excluded")

    def cause(self, number: int) -> Row:
        """What the incident of that number was put down to."""
        (row,) = self.snapshot.rows(
            "select * from incident_cause where id = ?", [f"test:incident/{number}"]
        )
        return row

    def _reasons(self, column: str) -> dict[str, str]:
        rows = self.snapshot.rows(
            f"select deployed_at, {column} as reason from deployment_outcome "
            f"where {column} is not null order by deployed_at"
        )
        return {
            f"{row['deployed_at']:%Y-%m-%d %H:%M}".removesuffix(" 00:00"): row["reason"]
            for row in rows
        }


class Story:
    """Publishes records through the real path and hands out their facts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened = ExitStack()
        self._count = 0

    def __call__(self, *parts: Record | Iterable[Record], by: Configuration | None = None) -> Facts:
        """Tells a story from its records, or lists of them, in the order they were told."""
        told = [r for part in parts for r in ([part] if isinstance(part, Record) else part)]
        self._count += 1
        folder = self._folder / str(self._count)
        return Facts(self._opened.enter_context(asked(folder, [*MAINLINE, *told], by)))

    def close(self) -> None:
        """Closes all snapshots."""
        self._opened.close()
