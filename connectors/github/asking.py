"""What every stream of a GitHub source asks with and names its rows by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from connectors.github.settings import Settings
from connectors.hosting.deployment_rule import DeploymentRules
from connectors.hosting.place import Place
from connectors.hosting.shared import SharedApi
from connectors.hosting.tally import Tally
from connectors.http.errors import RateLimited
from connectors.http.reply import Reply, Validators
from connectors.interface import Context, Json
from data.model import Gap, GapReason

KIND = "github"


@dataclass(frozen=True, slots=True)
class Asking:
    """One source: its API, its settings, its names."""

    source: str
    settings: Settings
    context: Context
    api: SharedApi
    rules: DeploymentRules
    tally: Tally

    @property
    def organisation(self) -> str:
        """The organisation or account that is read."""
        return self.settings.organisation or self.source

    def variables(self, place: Place) -> dict[str, Json]:
        """What every question about a repository says."""
        return {"owner": place.owner, "name": place.short}

    def probe(self, path: str, params: Mapping[str, Json]) -> Callable[[Validators | None], Reply]:
        """Asks whether the first page of a list changed: free of charge if it did not."""
        return lambda validators: self.api.get(path, params, validators)

    def services_of(self, repository: str, paths: Sequence[str] | None) -> Sequence[str]:
        """The services of a repository whose code lies at paths; all, if the paths are unknown."""
        folders = self.settings.services.get(repository)
        if not folders:
            return [repository]
        if paths is None:
            return sorted(folders)
        return sorted(name for name, folder in folders.items() if _touches(folder, paths))

    def is_hotfix(self, title: str, branch: str | None) -> bool:
        """Whether title or branch says that a change mends production."""
        said = (title, branch or "")
        return any(re.search(self.context.hotfix_pattern, text) for text in said)

    def page(self, repository: str, path: str = "") -> str:
        """Where a person sees something of a repository."""
        return f"{self.site}/{repository}" + (f"/{path}" if path else "")

    @property
    def site(self) -> str:
        """Address of the host's pages, which its API is part of."""
        if self.settings.web_url is not None:
            return self.settings.web_url
        parts = urlsplit(self.settings.url)
        host = parts.netloc.removeprefix("api.") if parts.path in {"", "/"} else parts.netloc
        return f"{parts.scheme}://{host}"

    def telling(self, place: Place, what: str) -> Callable[[int, int | None], None]:
        """Tells how far a stream has come."""
        return partial(self.tally.tell, f"{place.name} {what}")

    def unread(self, place: Place, what: str) -> Callable[[datetime | None, RateLimited], Gap]:
        """Tells which part of a stream is left for a later sync."""

        def gap(since: datetime | None, limited: RateLimited) -> Gap:
            day = f" before {since:%Y-%m-%d}" if since else ""
            return Gap(
                id=f"{KIND}:{place.name}#gap/{what}/unread",
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
            id=f"{KIND}:{where}#gap/{key}/{reason.value}",
            source=self.source,
            reason=reason.value,
            what=f"{where}: {what}",
            fix=fix,
            count=count,
        )


def row_id(repository: str, *path: str | int) -> str:
    """A readable id, such as `github:acme/web#pull/12`."""
    tail = "/".join(map(str, path))
    return f"{KIND}:{repository}#{tail}" if tail else f"{KIND}:{repository}"


def _touches(folder: str, paths: Sequence[str]) -> bool:
    inside = folder.strip("/")
    return not inside or any(path == inside or path.startswith(inside + "/") for path in paths)
