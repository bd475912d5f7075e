"""A published snapshot made of a few records, through the real path: merge, facts, publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from data.configuration import Configuration
from data.facts.build import build
from data.model import Change, Deployment, Incident, Record, Repository
from data.store.page import Page
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.working import Working
from data.store.workspace import Workspace


def at(text: str) -> datetime:
    """A time in UTC, from `2026-05-01` or `2026-05-01 12:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def deployment(number: int, deployed_at: str, **fields: Any) -> Deployment:
    """A successful production deployment of service `web` at mainline commit `number`."""
    defaults: dict[str, Any] = {
        "id": f"test:web#deployment/{fields.get('environment', 'production')}/{number}",
        "source": "test",
        "url": f"https://git.example/web/deployments/{number}",
        "service": "web",
        "environment": "production",
        "repository": "web",
        "sha": sha(number),
        "version": f"v{number}",
        "status": "success",
        "started_at": None,
        "deployed_at": at(deployed_at),
        "run": None,
        "attempt": 1,
        "title": f"web v{number}",
    }
    return Deployment(**{**defaults, **fields})


def change(number: int, merged_at: str, **fields: Any) -> Change:
    """A merged change of repository `web` at mainline position `number`."""
    defaults: dict[str, Any] = {
        "id": f"test:web#pull/{number}",
        "source": "test",
        "url": f"https://git.example/web/pull/{number}",
        "repository": "web",
        "number": str(number),
        "kind": "merge",
        "title": f"Change {number}",
        "branch": None,
        "landed_sha": sha(number),
        "head_sha": None,
        "position": number,
        "commit_count": 1,
        "first_commit_at": at(merged_at),
        "opened_at": None,
        "reviewed_at": None,
        "merged_at": at(merged_at),
        "services": ("web",),
        "reverts": None,
        "is_hotfix": False,
    }
    return Change(**{**defaults, **fields})


def repository(name: str, **fields: Any) -> Repository:
    """A repository as its host tells it."""
    defaults: dict[str, Any] = {
        "id": f"test:{name}",
        "source": "test",
        "url": f"https://git.example/{name}",
        "name": name,
        "default_branch": "main",
        "head_sha": None,
        "is_shallow": False,
        "commit_count": 1,
    }
    return Repository(**{**defaults, **fields})


def incident(number: int, started_at: str, **fields: Any) -> Incident:
    """An open production incident of service `web`."""
    defaults: dict[str, Any] = {
        "id": f"test:incident/{number}",
        "source": "test",
        "url": f"https://git.example/incidents/{number}",
        "service": "web",
        "environment": None,
        "title": f"Incident {number}",
        "severity": None,
        "started_at": at(started_at),
        "resolved_at": None,
        "deployment": None,
        "reopened_count": 0,
    }
    return Incident(**{**defaults, **fields})


def sha(number: int) -> str:
    """A commit hash that is easy to recognise."""
    return f"{number:040x}"


@contextmanager
def published(
    folder: Path,
    records: Iterable[Record],
    configuration: Configuration | None = None,
    as_of: str = "2026-11-01",
    others: Mapping[str, Iterable[Record]] = MappingProxyType({}),
    offers: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[Snapshot]:
    """Publishes the records and opens the snapshot.

    Args:
        folder: of the workspace.
        records: of a stream that is complete until `as_of`.
        configuration: whose they are.
        as_of: a time as `at` reads it.
        others: records of further streams, by the time until which each is complete, or by the
            name of the stream where `offers` names its kind.
        offers: entities that streams of each kind tell of.
    """
    workspace = Workspace(folder)
    with merged(workspace, records, as_of, others, offers) as working:
        fill = partial(build, configuration=configuration or Configuration())
        publish(workspace, working.connection, fill, keep=5)
    reader = SnapshotReader(workspace)
    with closing(reader), reader.reading() as snapshot:
        yield snapshot


@contextmanager
def merged(
    workspace: Workspace,
    records: Iterable[Record],
    as_of: str,
    others: Mapping[str, Iterable[Record]],
    offers: Mapping[str, Sequence[str]],
) -> Iterator[Working]:
    """The working database with the records, as `published` is told of them."""
    with closing(opened(workspace.working)) as working:
        for name, told in {as_of: records, **others}.items():
            is_named = name.partition(":")[0] in offers
            page = Page(
                source="test",
                stream=name if is_named else f"until {name}",
                evidence="none",
                observed_at=at(as_of),
                settings="",
                complete_until=at(as_of if is_named else name),
            )
            working.merge_records(page, list(told))
        for kind, entities in offers.items():
            for entity in entities:
                working.connection.execute(
                    "insert into offer values ('test', ?, ?)", [kind, entity]
                )
        yield working


def opened(path: Path) -> Working:
    """A working database, which is made if there is none: to copy an empty one is quicker."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return Working(path)


@cache
def _empty() -> bytes:
    """An empty working database."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.duckdb"
        Working(path).close()
        return path.read_bytes()
