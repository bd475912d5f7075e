"""Some kinds of streams of a GitLab source, and no others, over its double."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from connectors.api.reader import OrganisationReader
from connectors.gitlab.asking import Asking
from connectors.gitlab.connector import GitLab
from connectors.gitlab.settings import Settings
from connectors.hosting.reader import Reader
from data.model import Gap, Record
from tests.connectors.gitlab.one_project import SITE, TOKEN, OneProject
from tests.doubles.gitlab.tokens import GitLabToken
from tests.doubles.gitlab.world import Level

R = TypeVar("R", bound=Record)
A_DAY = timedelta(days=1)
Making = Callable[[Asking], Any]


class OneReader(OneProject):
    """The group `acme`, of which some kinds of streams are read."""

    def __init__(self, folder: Path, *readers: Making) -> None:
        super().__init__(folder)
        self.readers = readers

    def connector(self) -> GitLab:
        told = {"group": "acme", "url": self.server.url, "web_url": SITE, **self.settings}
        made = _Reduced("code", Settings(**{"token": "file:token.txt", **told}), self.context)
        made.readers = self.readers
        return made

    def all_of(self, kind: type[R]) -> list[R]:
        """The rows of a kind, by id."""
        found = (row for row in self.house.records().values() if isinstance(row, kind))
        return sorted(found, key=lambda row: row.id)

    @property
    def gaps(self) -> dict[str, Gap]:
        """All that is known to be missing, by what follows the place in the ids."""
        return {gap.id.partition("#gap/")[2]: gap for gap in self.house.gaps()}

    @property
    def questions(self) -> int:
        """How often was asked in the last sync, but for the list of projects."""
        return len(
            [asked for asked in self.double.asked if "/groups/acme/projects" not in asked.path]
        )

    def holds(self, level: Level) -> None:
        """Makes the token one of an account with less rights."""
        token = self.double.tokens[TOKEN]
        assert isinstance(token, GitLabToken)
        token.level = level

    def pass_day(self) -> None:
        """Lets a day go by."""
        self.time.at += A_DAY


class _Reduced(GitLab):
    """Reads but some kinds of streams."""

    readers: Sequence[Making]

    def make_readers(self) -> Sequence[Reader]:
        made = [make(self._asking) for make in self.readers]
        return [reader for reader in made if isinstance(reader, Reader)]

    def make_organisation_readers(self) -> Sequence[OrganisationReader]:
        made = [make(self._asking) for make in self.readers]
        return [reader for reader in made if isinstance(reader, OrganisationReader)]
