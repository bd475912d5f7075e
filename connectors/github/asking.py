"""What every stream of a GitHub source asks with and names its rows by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from urllib.parse import urlsplit

from connectors.api import source
from connectors.github.settings import Settings
from connectors.hosting import asking
from connectors.hosting.place import Place
from connectors.interface import Json

KIND = "github"
row_id = partial(source.row_id, KIND)
"""A readable id, such as `github:acme/web#pull/12`."""


@dataclass(frozen=True, slots=True)
class Asking(asking.HostAsking[Settings]):
    """One source: its API, its settings, its names."""

    kind: ClassVar[str] = KIND

    @property
    def organisation(self) -> str:
        """The organisation or account that is read."""
        settings = self.settings
        return self.named(settings.organisation, is_needed=not settings.repositories)

    @property
    def site(self) -> str:
        """Address of the host's pages, which its API is part of."""
        if self.settings.web_url is not None:
            return self.settings.web_url
        parts = urlsplit(self.settings.url)
        host = parts.netloc.removeprefix("api.") if parts.path in {"", "/"} else parts.netloc
        return f"{parts.scheme}://{host}"

    def variables(self, place: Place) -> dict[str, Json]:
        """What every question about a repository says."""
        return {"owner": place.owner, "name": place.short}

    def page(self, repository: str, path: str = "") -> str:
        """Where a person sees something of a repository."""
        return f"{self.site}/{repository}" + (f"/{path}" if path else "")

    def environment(self, name: str) -> str:
        """Its name in small letters: GitHub does not tell `Production` from `production`."""
        return name.lower()
