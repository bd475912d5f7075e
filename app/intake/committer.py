"""Brings events to the disk: all that wait share one wait for it."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from data.store.inbox import Inbox

_MOST_BYTES = 4 << 20
"""Of one turn: what comes later waits for the next."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    inbox: Inbox
    event: bytes
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]


class Committer:
    """One thread that writes for all requests."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Waiting] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def keep(self, inbox: Inbox, event: bytes) -> asyncio.Future[None]:
        """A future that is done when the event is on the disk, or fails with its `OSError`."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.put(_Waiting(inbox, event, loop, done))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
            self._thread.start()
        return done

    def _run(self) -> None:
        while True:
            self._keep(self._some())

    def _some(self) -> list[_Waiting]:
        """Those that wait; it waits for the first."""
        some = [self._waiting.get()]
        size = len(some[0].event)
        with suppress(Empty):
            while size < _MOST_BYTES:
                some.append(self._waiting.get_nowait())
                size += len(some[-1].event)
        return some

    def _keep(self, some: list[_Waiting]) -> None:
        by_inbox: dict[int, list[_Waiting]] = defaultdict(list)
        for each in some:
            by_inbox[id(each.inbox)].append(each)
        for together in by_inbox.values():
            error: OSError | None = None
            try:
                together[0].inbox.keep([each.event for each in together])
            except OSError as refused:
                error = refused
            _answer(together, error)


def _answer(together: list[_Waiting], error: OSError | None) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
    for each in together:
        by_loop[each.loop].append(each.done)
    for loop, futures in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, futures, error)


def _settle(futures: list[asyncio.Future[None]], error: OSError | None) -> None:
    for future in futures:
        if future.done():  # its request is gone
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
