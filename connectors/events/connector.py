"""The source `events`: what was sent to the server, read from its inbox."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import ClassVar

from pydantic import BaseModel

from connectors.answers.understanding import UNREADABLE
from connectors.credential import Credential, CredentialError
from connectors.events.envelope import read_event
from connectors.events.memory import Memory
from connectors.events.page import Loss, damaged_line, page_rows, prefix_of, told_by, write_page
from connectors.events.settings import EventsSettings
from connectors.events.told import Key, State, fold
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
from data.model import Gap, GapReason, Record
from data.store.inbox import Line, Place, inbox_of
from data.store.workspace import Workspace

_STREAM = "events"


class Events(Connector):
    """Reads the events that were accepted since; nobody can tell which never arrived."""

    Settings: ClassVar[type[BaseModel]] = EventsSettings
    page_events: ClassVar[int] = 2_000
    """Events a page."""
    is_live = False

    def __init__(self, source: str, settings: EventsSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._context = context
        self._format = settings.chosen
        self._inbox = inbox_of(Workspace(context.folder), source)

    def discover(self) -> Sequence[Stream]:
        """The one stream there is."""
        needs = "a running `cairn serve` that the senders reach"
        return (Stream(_STREAM, (*self._format.entities, "gap"), needs, "events"),)

    def pull(
        self,
        stream: Stream,  # noqa: ARG002 - there is one
        cursor: Cursor | None,
    ) -> Iterator[Batch | Gap]:
        """Yields pages of the events that are due, and compresses what was read.

        Raises:
            InboxDamaged: if what was read before is gone.
            SourceUnavailable: if what earlier events told cannot be remembered.
        """
        place = Place(cursor["segment"], cursor["byte"]) if cursor else None
        if place is None and not self._inbox.exists:
            yield self._nothing_yet()
            return
        with closing(self._remembered(place)) as memory:
            lines = self._inbox.lines(place)
            some = list(islice(lines, self.page_events))
            while some:
                due = list(islice(lines, self.page_events))
                place = some[-1].end
                self._context.progress(f"{self.source}: events", 0, None)
                yield self._page(some, memory, is_last=not due)
                some = due
        if place is not None:
            self._inbox.pack(place)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:  # noqa: ARG002
        """Maps a page to what its events tell, together with what was told before."""
        return page_rows(self.source, payload)

    def check(self) -> Sequence[Finding]:
        """Tells whether there is a secret to know senders by, and whether anything came."""
        return list(findings_of(self.source, self._findings()))

    def _remembered(self, place: Place | None) -> Memory:
        """What was told up to a place."""
        meaning = json.dumps([self._settings.format.value, self._settings.mapped], sort_keys=True)
        digest = hashlib.sha256(meaning.encode()).hexdigest()
        memory = Memory(self._context.mirrors / f"{self.source}.events", digest)
        known = memory.place
        if place is None or known is None:
            memory.forget()
            known = None
        if place is not None and (known is None or known < place):
            lines = (line for line in self._inbox.lines(known) if line.end <= place)
            while some := list(islice(lines, self.page_events)):
                memory.add(self._told(map(self._text, some)), some[-1].end)
        return memory

    def _page(self, lines: Sequence[Line], memory: Memory, *, is_last: bool) -> Batch:
        texts, end = [self._text(line) for line in lines], lines[-1].end
        told = self._told(texts)
        known = memory.known(told)
        payload = write_page(self._settings.format, self._settings.mapped, known, texts)
        memory.add(told, end)
        after = {"segment": end.segment, "byte": end.byte}
        return Batch(
            payload, after, is_last=is_last, complete_until=_received_at(texts) if is_last else None
        )

    def _told(self, texts: Iterator[bytes] | Sequence[bytes]) -> dict[Key, State]:
        """What lines tell of things that other lines may tell of as well."""
        states: dict[Key, State] = {}
        for text in texts:
            told = told_by(self._format, prefix_of(self.source), text)
            if not isinstance(told, Loss):
                fold(states, (each for each in told if not each.is_whole))
        return states

    def _text(self, line: Line) -> bytes:
        place = f"segment {line.end.segment}, before byte {line.end.byte}"
        return damaged_line(place) if line.text is None else line.text

    def _nothing_yet(self) -> Gap:
        return Gap(
            id=f"{prefix_of(self.source)}gap/nothing",
            source=self.source,
            reason=GapReason.NOT_FOUND.value,
            what="no event was ever received",
            fix=f"let its senders post to /events/{self.source} of a running `cairn serve`",
            count=None,
        )

    def _findings(self) -> Iterator[Finding]:
        reference = self._settings.reference
        try:
            Credential(reference, self._context.folder).reveal_text()
        except CredentialError as error:
            yield Finding(Severity.ERROR, error.what, reference, error.fix)
        if not self._inbox.exists:
            gap = self._nothing_yet()
            yield Finding(Severity.WARNING, gap.what, self.source, gap.fix)
            return
        waiting = self._inbox.waiting_bytes(0)
        limit = self._settings.most_waiting_megabytes * 1_000_000
        what = f"{waiting / 1e6:,.1f} MB of events are not compressed yet"
        if waiting < limit:
            yield Finding(Severity.OK, what, self.source)
        else:
            yield Finding(Severity.ERROR, f"{what}: no more are taken", self.source, "cairn sync")


def _received_at(texts: Sequence[bytes]) -> datetime | None:
    """When the last event came that can be read."""
    for text in reversed(texts):
        try:
            return read_event(text).received_at
        except UNREADABLE:
            continue
    return None
