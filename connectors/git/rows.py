"""What all rows of one repository have in common: their ids, their links, their gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.git.hosts import HostStyle, Links
from data.model import Gap, GapReason, Service

FIX_OBJECTS = "run `git fsck` there, then clone it again from its host"
"""What to do about objects that are not there or not whole."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Names the rows of one repository."""

    source: str
    repository: str

    def id(self, entity: str, key: str) -> str:
        """Stable id, such as `git:web#commit/1a2b…`."""
        is_same = self.source == self.repository
        place = self.repository if is_same else f"{self.source}/{self.repository}"
        return f"git:{place}#{entity}/{key}"

    def gap(
        self,
        key: str,
        reason: GapReason,
        what: str,
        fix: str,
        count: int | None,
        until_at: datetime | None = None,
    ) -> Gap:
        """Something of this repository that is missing."""
        return Gap(
            id=self.id("gap", key),
            source=self.source,
            reason=reason.value,
            what=f"{self.repository}: {what}",
            fix=fix,
            count=count,
            until_at=until_at,
        )

    def service(self, name: str, path: str | None) -> Service:
        """A service that is built from this repository."""
        return Service(
            id=self.id("service", name),
            source=self.source,
            name=name,
            repository=self.repository,
            path=path,
        )


def links_of(header: Mapping[str, Any]) -> Links:
    """Links as the header of a page says."""
    return Links.of(header["web_url"], HostStyle(header["host"]) if header["host"] else None)


def some(names: Sequence[str]) -> str:
    """A few names, and how many there are beside them."""
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
