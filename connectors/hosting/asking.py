"""What the streams of every Git host ask with and name their rows by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import ClassVar, Generic, Protocol, TypeVar

from connectors.answers.understanding import LATE
from connectors.api.source import row_id
from connectors.hosting.deployment_rule import DeploymentRules
from connectors.hosting.place import Place
from connectors.hosting.shared import SharedApi
from connectors.hosting.tally import Tally
from connectors.http.errors import RateLimited
from connectors.http.reply import Reply, Validators
from connectors.interface import Context, Json, SourceUnavailable
from data.model import Gap, GapReason


class HostSettings(Protocol):
    """Settings that all hosts have."""

    @property
    def services(self) -> Mapping[str, Mapping[str, str]]:
        """Repository to its services and their folders."""


SettingsT = TypeVar("SettingsT", bound=HostSettings)


@dataclass(frozen=True, slots=True)
class HostAsking(Generic[SettingsT]):
    """One source: its API, its settings, its names."""

    kind: ClassVar[str]
    """What ids of rows begin with."""

    source: str
    settings: SettingsT
    context: Context
    api: SharedApi
    rules: DeploymentRules
    tally: Tally

    def named(self, organisation: str | None, *, is_needed: bool) -> str:
        """The organisation that is read: where settings name none, the source bears its name.

        Raises:
            SourceUnavailable: if it is needed, and the source bears the name of its kind alone.
        """
        if organisation is None and is_needed and self.source == self.kind:
            fix = 'say which: url = "https://HOST/ORGANISATION"'
            raise SourceUnavailable("no organisation or group is named", self.source, fix)
        return organisation or self.source

    def row_id(self, repository: str, *path: str | int) -> str:
        """A readable id, such as `gitlab:acme/web#merge_request/12`."""
        return row_id(self.kind, repository, *path)

    def probe(self, path: str, params: Mapping[str, Json]) -> Callable[[Validators | None], Reply]:
        """Asks whether the first page of a list changed."""
        return lambda validators: self.api.get(path, params, validators)

    def services_of(self, repository: str, paths: Sequence[str] | None) -> Sequence[str]:
        """The services of a repository whose code lies at paths; all, if the paths are unknown."""
        folders = self.settings.services.get(repository)
        if not folders:
            return [repository]
        if paths is None:
            return sorted(folders)
        return sorted(name for name, folder in folders.items() if _touches(folder, paths))

    def environment(self, name: str) -> str:
        """The one name of an environment that the host may tell in several ways."""
        return name

    def is_hotfix(self, title: str, branch: str | None) -> bool:
        """Whether title or branch says that a change mends production."""
        said = (title, branch or "")
        return any(re.search(self.context.hotfix_pattern, text) for text in said)

    def telling(self, place: Place, what: str) -> Callable[[int, int | None], None]:
        """Tells how far a stream has come."""
        return partial(self.tally.tell, f"{place.name} {what}")

    def unread(self, place: Place, what: str) -> Callable[[datetime | None, RateLimited], Gap]:
        """Tells which part of a stream is left for a later sync."""

        def gap(since: datetime | None, limited: RateLimited) -> Gap:
            day = f" before {since:%Y-%m-%d}" if since else ""
            return Gap(
                id=self.row_id(place.name, "gap", what, "unread"),
                source=self.source,
                reason=GapReason.TRUNCATED.value,
                what=f"{place.name}: {what}{day} are not read yet: {limited.what}",
                fix=f"{limited.fix}: it goes on where it stopped",
                count=None,
                until_at=since,
            )

        return gap

    def gap(
        self, where: str, key: str, reason: GapReason, what: str, fix: str, count: int | None = None
    ) -> Gap:
        """Something that is missing of a repository or organisation."""
        return Gap(
            id=self.row_id(where, "gap", key, reason.value),
            source=self.source,
            reason=reason.value,
            what=f"{where}: {what}",
            fix=fix,
            count=count,
        )

    def unreadable(self, where: str, key: str, error: Exception, about: str | None = None) -> Gap:
        """Something of a repository or organisation that is not what it should be.

        Args:
            where: repository or organisation.
            key: what it is; also the end of its row's id, if `about` does not say that.
            error: what came of reading it.
            about: end of the id of the row that it would be, or part of.
        """
        what = f"{key} cannot be read: {type(error).__name__} {error}"
        gap = self.gap(where, key, GapReason.UNREADABLE, what, LATE, 1)
        return replace(gap, about=self.row_id(where, about or key))


def _touches(folder: str, paths: Sequence[str]) -> bool:
    inside = folder.strip("/")
    return not inside or any(path == inside or path.startswith(inside + "/") for path in paths)
