"""The `git` source: commits, changes and tags from clones, mirrors and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from connectors.credential import Credential
from connectors.git.check import check_repository
from connectors.git.head import no_mainline, require_head
from connectors.git.history import open_history
from connectors.git.history_rows import history_rows
from connectors.git.hosts import web_address
from connectors.git.known import committed, known_until
from connectors.git.losses import loss_gaps
from connectors.git.page import Line, write_page
from connectors.git.places import find_places, skipped_folders
from connectors.git.position import Position
from connectors.git.process import require_git
from connectors.git.remote import Remote
from connectors.git.repository import NO_HASH, GitObject, GitRepository
from connectors.git.rows import Naming, some
from connectors.git.settings import Settings as GitSettings
from connectors.git.state import State, read_state
from connectors.git.state_gaps import state_gaps
from connectors.git.tag_rows import tag_rows
from connectors.git.tags import read_tags, tag_lines, tips_of
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Reading,
    Severity,
    SourceUnavailable,
    Stream,
)
from connectors.reaching import findings_of
from data.model import Gap, Record

_STREAMS = {
    "history": ("repository", "service", "commit", "change", "gap"),
    "tags": ("version", "deployment", "service", "gap"),
}


class Git(Connector):
    """Reads one repository or, by a pattern, several; each has a stream of history and of tags."""

    Settings: ClassVar[type[BaseModel]] = GitSettings

    def __init__(self, source: str, settings: GitSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        self._mirrored_for: set[str] = set()
        # A mirror shows all there is when it is read; a clone only what it was last told.
        self.is_live = settings.url is not None

    def discover(self) -> Sequence[Stream]:
        """Lists two streams a repository.

        Raises:
            SourceUnavailable: if there is no repository, or two have the same name.
        """
        needs = "the folder" if self._settings.url is None else "the right to clone"
        return [
            Stream(f"{name}/{part}", entities, needs)
            for name in find_places(self.source, self._settings, self._context)
            for part, entities in _STREAMS.items()
        ]

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new in a repository's history, or all tags if refs have changed."""
        name, _, part = stream.name.rpartition("/")
        repository = self._open(name, stream.name)
        state = read_state(repository, self._settings.branch)
        read = self._history if part == "history" else self._tags
        yield from read(name, repository, state, cursor)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one page."""
        read = history_rows if stream.endswith("/history") else tag_rows
        return read(self.source, payload)

    def check(self) -> Sequence[Finding]:
        """Checks git, the remote or the folders, and what the settings say of them."""
        return list(findings_of(self.source, self._findings()))

    def _findings(self) -> Iterator[Finding]:
        require_git(self.source)
        if self._settings.url is not None:
            refs = self._remote(self._settings.url).refs()
            yield Finding(Severity.OK, f"answers with {len(refs)} refs", self._settings.url)
        for folder in skipped_folders(self._settings, self._context):
            yield Finding(Severity.WARNING, "is no git repository: left out", str(folder))
        for path in find_places(self.source, self._settings, self._context).values():
            if self._settings.url is None or path.exists():
                yield from findings_of(self.source, self._look_at(path))

    def _look_at(self, path: Path) -> Iterator[Finding]:
        yield from check_repository(GitRepository(path), self._settings)

    def _open(self, name: str, stream: str) -> GitRepository:
        path = find_places(self.source, self._settings, self._context).get(name)
        if path is None:
            what, fix = f"there is no repository `{name}` any more", "correct `path`"
            raise SourceUnavailable(what, self.source, fix)
        url = self._settings.url
        # Both streams of a sync read the same refs; a stream that comes again is a new sync.
        if url is not None and (not self._mirrored_for or stream in self._mirrored_for):
            self._context.progress(f"{name}: fetching", 0, None)
            self._remote(url).mirror(path)
            self._mirrored_for.clear()
        self._mirrored_for.add(stream)
        return GitRepository(path, where=url or str(path))

    def _remote(self, url: str) -> Remote:
        token = self._settings.token
        return Remote(url, Credential(token, self._context.folder) if token else None)

    def _history(
        self, name: str, repository: GitRepository, state: State, cursor: Cursor | None
    ) -> Iterator[Batch | Gap]:
        naming = Naming(self.source, name)
        position = Position.of(cursor)
        lacking = no_mainline(
            repository.where,
            state,
            is_known=cursor is not None,
            known_ref=position.ref if position else None,
        )
        known_from = min(filter(None, committed(repository, state.boundary)), default=None)
        yield from state_gaps(naming, state, lacking, known_from)
        if lacking:
            return
        if not (position and position.is_at(state)) or _is_mended(repository, position.absent):
            require_head(repository, state)
            for batch in self._batches(name, repository, state, position):
                yield batch
                position = Position.of(batch.cursor)
        yield from loss_gaps(naming, position.all_losses if position else {})

    def _batches(
        self, name: str, repository: GitRepository, state: State, position: Position | None
    ) -> Iterator[Batch]:
        history = open_history(
            repository, state, tips_of(read_tags(repository, state.tags)), position
        )
        hotfix = {"hotfix_pattern": self._context.hotfix_pattern}
        folders = sorted(set(self._settings.services.values()))
        total = history.start.position + len(history.mainline.groups)
        for batch in history.batches(
            self._header(name, repository) | hotfix, folders, self._read_until(repository, state)
        ):
            yield batch
            self._context.progress(f"{name}: history", batch.cursor["position"], total)

    def _tags(
        self, name: str, repository: GitRepository, state: State, cursor: Cursor | None
    ) -> Iterator[Batch | Gap]:
        now = {
            "ref": state.ref,
            "head": state.head,
            "broken": _broken(state),
            "tags": state.tags_digest,
            "boundary": state.boundary_digest,
            "fetched": state.fetched,
        }
        if cursor == now or (cursor is None and not state.has_refs):
            return
        if cursor is not None:
            _require_known(repository, state, cursor)
        if state.head is not None:
            require_head(repository, state)
        tags = read_tags(repository, state.tags)
        rule = {
            "pattern": self._settings.deploy_pattern,
            "environment": self._settings.deploy_environment,
            "include_prereleases": self._settings.include_prereleases,
        }
        header = self._header(name, repository) | {"deploy_tags": rule if rule["pattern"] else None}
        yield Batch(
            payload=write_page(header, tag_lines(repository, state, tags)),
            cursor=now,
            reading=Reading.COMPLETE,
            is_first=True,
            is_last=True,
            complete_until=self._read_until(repository, state),
        )

    def _header(self, name: str, repository: GitRepository) -> Line:
        style = self._settings.host
        web_url = self._settings.web_url or web_address(
            self._settings.url or repository.origin(), style
        )
        return {
            "repository": name,
            "web_url": web_url,
            "host": style.value if style else None,
            "services": dict(self._settings.services),
        }

    def _read_until(self, repository: GitRepository, state: State) -> datetime | None:
        """Up to when the repository shows what happened."""
        now = self._context.clock()
        if self.is_live:
            return now
        tagged = (tag.tagged_at for tag in read_tags(repository, state.tags))
        return known_until(repository, state, now, tagged)


def _require_known(repository: GitRepository, state: State, known: Cursor) -> None:
    """Refuses a reading of all tags that would delete what was read before.

    Raises:
        SourceUnavailable: if the mainline is gone, or a tag is broken that was not.
    """
    had_head = known["head"] is not None or not state.has_refs
    no_mainline(repository.where, state, is_known=had_head, known_ref=known["ref"])
    broken = [name for name in _broken(state) if name not in known["broken"]]
    if broken:
        what = f"tags that hold no hash: {some(broken)}; what was read of tags stays"
        fix = "run `git fetch --tags` there, or delete them"
        raise SourceUnavailable(what, repository.where, fix)


def _broken(state: State) -> list[str]:
    """Names of tags that hold no hash."""
    return [tag.name.removeprefix("refs/tags/") for tag in state.tags if tag.sha == NO_HASH]


def _is_mended(repository: GitRepository, absent: Sequence[str]) -> bool:
    """Whether commits that could not be read can be now."""
    with repository.objects() as objects:
        return any(isinstance(answer, GitObject) for answer in objects.read_all(absent))
