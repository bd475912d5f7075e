"""What every stream of a GitLab source asks with and names its rows by."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import ClassVar

from connectors.answers.understanding import LATE
from connectors.gitlab.api.heartbeat import Heartbeat
from connectors.gitlab.settings import API_PATH, Settings
from connectors.hosting.asking import HostAsking
from connectors.hosting.place import Place
from connectors.interface import Json
from data.model import Gap, GapReason

_GHOST = "ghost"
"""Who did what deleted accounts did."""


@dataclass(frozen=True, slots=True)
class Asking(HostAsking[Settings]):
    """One source: its API, its settings, its names."""

    kind: ClassVar[str] = "gitlab"

    heartbeat: Heartbeat
    listed: MutableMapping[str, Json] = field(default_factory=dict)
    """The projects of the source as they were listed last, by their id."""

    @property
    def group(self) -> str:
        """Full path of the group that is read."""
        return self.named(self.settings.group, is_needed=not self.settings.projects)

    @property
    def site(self) -> str:
        """Address of the host's pages, which its API is part of."""
        return self.settings.web_url or self.settings.url.removesuffix(API_PATH)

    def page(self, project: str, path: str = "") -> str:
        """Where a person sees something of a project."""
        return f"{self.site}/{project}" + (f"/-/{path}" if path else "")

    def filter_ignored(self, project: str, what: str) -> Gap:
        """A list that comes whole whatever is asked for."""
        said = f"the source ignores the times that {what} are asked for by"
        return self.gap(
            project,
            f"{what}/filter",
            GapReason.FILTER_IGNORED,
            said,
            "nothing is lost, but more is read than needed; " + LATE,
        )


def below(place: Place, path: str) -> str:
    """A path of the REST API below a project; its id survives renaming."""
    return f"projects/{place.id}/{path}"


def account(told: Json) -> str | None:
    """Name of an account; null once it was deleted."""
    name = told["username"] if told else None
    return None if name == _GHOST else name


def is_bot(told: Json) -> bool | None:
    """Whether an account is a machine's, by its type and not by its name; null if not told."""
    return told.get("bot") if told and account(told) else None


def number_of(global_id: str) -> str:
    """The number in an id such as `gid://gitlab/Ci::Pipeline/12`."""
    return global_id.rpartition("/")[2]
