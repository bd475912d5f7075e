"""The source `oci`: a container registry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import BaseModel

from connectors.hosting.selection import is_selected
from connectors.http.errors import HttpError, Refused, Unauthorized, UnexpectedReply
from connectors.http.retry import Timing
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Requests,
    Severity,
    Stream,
)
from connectors.oci.known import Memory
from connectors.oci.reading import Reading
from connectors.oci.registry import Registry
from connectors.oci.rows import page_rows
from connectors.oci.settings import OciSettings, is_name
from connectors.reaching import findings_of
from data.model import Gap, GapReason, Record

CATALOG = Stream("catalog", ("gap",), "the right to list repositories (`registry:catalog:*`)")
_ENTITIES = ("artifact", "artifact_tag", "gap")
_TAGS = "tags:"
_LIST_THEM = 'name them: repositories = ["team/app"], or give the account the right to list them'
_MOST_NAMED = 5


class Oci(Connector):
    """Reads the images of a registry, and how its tags moved between two readings."""

    Settings: ClassVar[type[BaseModel]] = OciSettings
    page_tags: ClassVar[int] = 200
    """Tags whose news make a page."""

    def __init__(
        self, source: str, settings: OciSettings, context: Context, timing: Timing | None = None
    ) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        self._registry = Registry(settings, context, timing or Timing(context.clock, context.sleep))
        self._unlisted: HttpError | None = None
        self._is_empty = False
        self._misnamed: list[str] = []

    def discover(self) -> Sequence[Stream]:
        """Lists the repositories, unless the settings name them; a stream each."""
        streams = [_stream(name) for name in self._names()]
        return streams if self._settings.repositories else [CATALOG, *streams]

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new of a repository; one that is refused is a gap."""
        if stream.name == CATALOG.name:
            yield from self._catalog_gaps()
            return
        repository = stream.name.removeprefix(_TAGS)
        self._context.progress(f"{self.source}: {repository}", 0, None)
        memory = Memory(self._context, self.source, self._registry.address, repository)
        reading = Reading(self._registry, repository, memory, self._context.clock, self.page_tags)
        try:
            yield from reading.pages(cursor)
        except Refused as refused:
            yield refused.gap(self._prefix, self.source, stream.name)
            return
        yield from self._gaps(stream, reading)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:  # noqa: ARG002 - all pages are alike
        """Maps a page to images and to what became of tags."""
        return page_rows(self.source, payload)

    def check(self) -> Sequence[Finding]:
        """Tells whether repositories are listed and the first one's tags can be read."""
        return list(findings_of(self.source, self._findings()))

    @property
    def requests(self) -> Requests:
        """What was asked of the registry so far."""
        return self._registry.requests

    @property
    def _prefix(self) -> str:
        return f"oci:{self.source}"

    def _names(self) -> list[str]:
        """The repositories to read.

        Raises:
            SourceUnavailable: if the registry does not answer, or must not be given the password.
        """
        settings = self._settings
        self._unlisted = None
        try:
            listed = settings.repositories or self._registry.repositories()
        except (Refused, UnexpectedReply) as error:
            self._unlisted = error
            return []
        names = [n for n in listed if is_selected(n, settings.include, settings.exclude)]
        self._misnamed = [ascii(name) for name in names if not is_name(name)]
        self._is_empty = not names
        return sorted({name for name in names if is_name(name)})

    def _catalog_gaps(self) -> Iterator[Gap]:
        if self._unlisted is not None:
            error = self._unlisted
            what = f"the registry does not list its repositories: {error.where}: {error.what}"
            is_login = isinstance(error, Unauthorized)
            fix = "check `username` and `password`" if is_login else _LIST_THEM
            yield self._gap("catalog", error.reason, what, fix, None)
        elif self._is_empty:
            what = "the registry lists no repository that is to be read"
            fix = "correct `include` and `exclude`, or give the account the right to see more"
            yield self._gap("catalog", GapReason.NOT_FOUND, what, fix, None)
        if self._misnamed:
            count, named = len(self._misnamed), ", ".join(self._misnamed[:_MOST_NAMED])
            what = f"names that no repository may have by the standard: {named}"
            yield self._gap("names", GapReason.UNREADABLE, what, "rename them", count)

    def _gaps(self, stream: Stream, reading: Reading) -> Iterator[Gap]:
        if reading.restarted:
            what = f"{stream.label}: what its tags did before is not joined on: {reading.restarted}"
            fix = "nothing: it is read anew, and what is known of before stays"
            yield self._gap(f"{stream.name}/restarted", GapReason.TRUNCATED, what, fix, None)
        if reading.dangling:
            count = len(reading.dangling)
            named = ", ".join(ascii(tag)[1:-1] for tag in reading.dangling[:_MOST_NAMED])
            what = f"{stream.label}: tags that point to nothing the registry has: {named}"
            fix = "push them again or delete them"
            key = f"{stream.name}/dangling"
            yield self._gap(key, GapReason.MISSING_OBJECT, what, fix, count)

    def _gap(self, key: str, reason: GapReason, what: str, fix: str, count: int | None) -> Gap:
        return Gap(
            id=f"{self._prefix}#gap/{key}",
            source=self.source,
            reason=reason,
            what=what,
            fix=fix,
            count=count,
        )

    def _findings(self) -> Iterator[Finding]:
        names = self._names()
        where = self._registry.address
        for gap in self._catalog_gaps():
            yield Finding(Severity.ERROR, gap.what, where, gap.fix)
        if names:
            yield Finding(Severity.OK, f"{len(names)} repositories are read", where)
            yield self._first(names[0], f"{where}/{names[0]}")

    def _first(self, repository: str, where: str) -> Finding:
        """Whether the tags of a repository can be read."""
        try:
            count = len(self._registry.tags(repository))
        except Refused as refused:
            fix = f"{refused.fix} (needed: {_stream(repository).needs})"
            return Finding(Severity.ERROR, f"refused: {refused.what}", where, fix)
        return Finding(Severity.OK, f"answers with {count} tags", where)


def _stream(name: str) -> Stream:
    needs = f"the right to pull (`repository:{name}:pull`)"
    return Stream(f"{_TAGS}{name}", _ENTITIES, needs, title=name, is_remembered=True)
