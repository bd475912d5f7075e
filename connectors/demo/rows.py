"""Turns archived pages into canonical rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.demo.handled_fields import handled_fields, moment, several
from connectors.demo.plain_rows import plain_row
from data.model import (
    Change,
    Commit,
    Deployment,
    Gap,
    GapReason,
    Incident,
    Record,
    Repository,
    Service,
    Version,
)

Item = Mapping[str, Any]


class Rows:
    """Maps the pages of one configured source; pure."""

    def __init__(self, source: str, hotfix_pattern: str) -> None:
        self._source = source
        self._hotfix = re.compile(hotfix_pattern)
        self._of_item: Mapping[str, Callable[[Item], Iterator[Record]]] = {
            "changes": self._change,
            "versions": self._version,
            "deployments": self._deployment,
            "incidents": self._incident,
        }

    def of(self, stream: str, payload: bytes) -> Iterator[Record]:
        """The rows of a page."""
        page = json.loads(payload)
        if stream == "catalogue":
            yield from self._catalogue(page)
            return
        for item in page["items"]:
            yield from self._of_item.get(stream, self._plain)(item)
        for item in page["gaps"]:
            yield self._gap(stream, item)

    def _catalogue(self, page: Item) -> Iterator[Record]:
        for item in page["repositories"]:
            yield Repository(
                id=self._id(item["name"]),
                source=self._source,
                url=item["url"],
                name=item["name"],
                default_branch=item["default_branch"],
                head_sha=item["head_sha"],
                is_shallow=item["shallow_since"] is not None,
                commit_count=item["commit_count"],
                host_id=item["host_id"],
            )
            if item["shallow_since"] is not None:
                yield self._shallow(item)
        for item in page["services"]:
            yield Service(
                id=self._id(f"service/{item['name']}"),
                source=self._source,
                url=item["url"],
                name=item["name"],
                repository=item["repository"],
                path=item["path"],
            )

        for item in page["items"]:
            yield from self._plain(item)

    def _plain(self, item: Item) -> Iterator[Record]:
        yield plain_row(self._source, item)

    def _change(self, item: Item) -> Iterator[Record]:
        for commit in item["commits"]:
            yield self._commit(item, commit)
        repository, number, branch = item["repository"], item["number"], item["branch"]
        name = f"change/{number}" if number else f"push/{item['landed_sha']}"
        yield Change(
            id=self._id(f"{repository}#{name}"),
            source=self._source,
            url=item["url"],
            repository=repository,
            number=number,
            kind=item["kind"],
            title=item["title"],
            branch=branch,
            landed_sha=item["landed_sha"],
            head_sha=item["head_sha"],
            position=item["position"],
            commit_count=item["commit_count"],
            first_commit_at=moment(item.get("first_commit_at")),
            opened_at=moment(item.get("opened_at")),
            reviewed_at=moment(item.get("reviewed_at")),
            merged_at=datetime.fromisoformat(item["merged_at"]),
            services=tuple(item["services"]),
            reverts=item["reverts"],
            is_hotfix=any(self._hotfix.search(text) for text in (item["title"], branch or "")),
            **handled_fields(item),
        )

    def _commit(self, change: Item, item: Item) -> Commit:
        repository = change["repository"]
        return Commit(
            id=self._id(f"{repository}#commit/{item['sha']}"),
            source=self._source,
            url=f"{change['repository_url']}/commits/{item['sha']}",
            repository=repository,
            sha=item["sha"],
            parents=tuple(item["parents"]),
            authored_at=datetime.fromisoformat(item["authored_at"]),
            committed_at=datetime.fromisoformat(item["committed_at"]),
            subject=item["subject"],
            position=change["position"] if "landed_sha" in change else None,
            is_mainline=item["sha"] == change.get("landed_sha"),
            reverts_sha=item.get("reverts_sha"),
            first_version=change.get("name"),
            change=change.get("number"),
            is_signed=change.get("is_signed"),
        )

    def _version(self, item: Item) -> Iterator[Record]:
        if "commit" in item:
            yield self._commit(item, item["commit"])
        yield Version(
            id=self._id(f"{item['repository']}#tag/{item['name']}"),
            source=self._source,
            url=item["url"],
            repository=item["repository"],
            name=item["name"],
            sha=item["sha"],
            tagged_at=datetime.fromisoformat(item["tagged_at"]),
            position=item["position"],
        )

    def _deployment(self, item: Item) -> Iterator[Record]:
        yield Deployment(
            id=self._id(item["id"]),
            source=self._source,
            url=item["url"],
            service=item["service"],
            environment=item["environment"],
            repository=item["repository"],
            sha=item["sha"],
            version=item["version"],
            status=item["status"],
            started_at=datetime.fromisoformat(item["started_at"]),
            deployed_at=datetime.fromisoformat(item["ended_at"]),
            run=item["run"],
            attempt=item["attempt"],
            title=f"{item['service']} {item['version']}",
            triggered_by=item["triggered_by"],
            approved_by=several(item["approved_by"]),
        )

    def _incident(self, item: Item) -> Iterator[Record]:
        cause = item["deployment"]
        yield Incident(
            id=self._id(item["id"]),
            source=self._source,
            url=item["url"],
            service=item["service"],
            environment=item["environment"],
            title=item["title"],
            severity=item["severity"],
            started_at=datetime.fromisoformat(item["started_at"]),
            resolved_at=moment(item["resolved_at"]),
            deployment=self._id(cause) if cause else None,
            reopened_count=item["reopened_count"],
        )

    def _gap(self, stream: str, item: Item) -> Gap:
        return Gap(
            id=f"gap:{self._source}:{stream.partition(':')[0]}:{item['reason']}:{item['name']}",
            source=self._source,
            url=item.get("url"),
            reason=item["reason"],
            what=item["what"],
            fix=item["fix"],
            count=None,
            since_at=_day(item.get("since")),
            until_at=_day(item.get("until")),
        )

    def _shallow(self, repository: Item) -> Gap:
        name, since = repository["name"], repository["shallow_since"]
        return Gap(
            id=f"gap:{self._source}:catalogue:{GapReason.SHALLOW}:{name}",
            source=self._source,
            url=repository["url"],
            reason=GapReason.SHALLOW.value,
            what=f"the history of {name} before {since}: the clone is cut off there",
            fix="fetch the whole history of the repository",
            count=None,
            until_at=_day(since),
        )

    def _id(self, name: str) -> str:
        return f"{self._source}:{name}"


def _day(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)
