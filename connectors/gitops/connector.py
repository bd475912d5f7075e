"""The source `gitops`: a configuration repository whose commits say what runs where."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from connectors.credential import Credential
from connectors.git.head import no_mainline, require_head
from connectors.git.hosts import web_address
from connectors.git.known import known_until
from connectors.git.places import find_places
from connectors.git.process import require_git
from connectors.git.remote import Remote
from connectors.git.repository import GitRepository
from connectors.git.settings import Settings as GitSettings
from connectors.git.state import State, read_state
from connectors.gitops.check import check_rules
from connectors.gitops.cursor import Notice, Position
from connectors.gitops.page import page_rows
from connectors.gitops.reading import Reader, is_mended
from connectors.gitops.settings import GitOpsSettings
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Severity,
    Stream,
)
from connectors.reaching import findings_of
from data.model import Gap, Record

_ENTITIES = ("repository", "service", "deployment", "gap")


class GitOps(Connector):
    """Reads deployments from the mainline of a configuration repository."""

    Settings: ClassVar[type[BaseModel]] = GitOpsSettings
    page_commits: ClassVar[int] = 2_000
    """Mainline commits a page."""

    def __init__(self, source: str, settings: GitOpsSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        # A mirror shows all there is when it is read; a clone only what it was last told.
        self.is_live = settings.url is not None

    def discover(self) -> Sequence[Stream]:
        """The one stream there is."""
        needs = "the folder" if self._settings.url is None else "the right to clone"
        return (Stream("deployments", _ENTITIES, needs),)

    def pull(
        self,
        stream: Stream,  # noqa: ARG002 - there is one
        cursor: Cursor | None,
    ) -> Iterator[Batch | Gap]:
        """Yields pages of the commits that are due, and then what is missing.

        Raises:
            SourceUnavailable: if there is no repository, or git cannot read it.
        """
        repository = self._open()
        state = read_state(repository, self._settings.branch)
        position = Position.of(cursor)
        lacking = no_mainline(
            repository.where,
            state,
            is_known=position is not None,
            known_ref=position.ref if position else None,
        )
        if lacking:
            yield self._gap(Notice(lacking.key, lacking.reason, lacking.what, lacking.fix))
            return
        if position is None or not position.is_at(state) or is_mended(repository, position):
            require_head(repository, state)
            position = yield from self._read(repository, state, position)
        yield from map(self._gap, position.notices)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:  # noqa: ARG002 - there is one
        """Maps a page to deployments, services, the repository, and what could not be read."""
        return page_rows(self.source, payload)

    def check(self) -> Sequence[Finding]:
        """Tells whether the repository can be read and what the rules find in it now."""
        return list(findings_of(self.source, self._findings()))

    def _read(
        self, repository: GitRepository, state: State, known: Position | None
    ) -> Generator[Batch, None, Position]:
        name, _ = self._place
        style = self._settings.host
        address = self._settings.url or repository.origin()
        header = {
            "repository": name,
            "web_url": self._settings.web_url or web_address(address, style),
            "host": style.value if style else None,
        }

        def read_until() -> datetime | None:
            now = self._context.clock()
            return now if self.is_live else known_until(repository, state, now)

        reader = Reader(
            repository=repository,
            state=state,
            rules=self._settings.rule,
            header=header,
            read_until=read_until,
            page_commits=self.page_commits,
            progress=lambda done, total: self._context.progress(self.source, done, total),
        )
        position = yield from reader.pages(known)
        return position

    def _open(self) -> GitRepository:
        _, path = self._place
        url = self._settings.url
        if url is not None:
            self._context.progress(f"{self.source}: fetching", 0, None)
            self._remote(url).mirror(path)
        return GitRepository(path, where=url or str(path))

    @property
    def _place(self) -> tuple[str, Path]:
        """Name and folder of the repository."""
        place = self._settings.model_dump(include={"path", "url"}, exclude_none=True)
        places = find_places(self.source, GitSettings.model_validate(place), self._context)
        ((name, path),) = places.items()
        return name, path

    def _remote(self, url: str) -> Remote:
        token = self._settings.token
        return Remote(url, Credential(token, self._context.folder) if token else None)

    def _gap(self, notice: Notice) -> Gap:
        return Gap(
            id=f"gitops:{self.source}#gap/{notice.key}",
            source=self.source,
            reason=notice.reason,
            what=notice.what,
            fix=notice.fix,
            count=notice.count,
        )

    def _findings(self) -> Iterator[Finding]:
        require_git(self.source)
        _, path = self._place
        url = self._settings.url
        if url is not None:
            yield Finding(Severity.OK, f"answers with {len(self._remote(url).refs())} refs", url)
            if not path.exists():
                return
        repository = GitRepository(path, where=url or str(path))
        yield from check_rules(self.source, repository, self._settings)
