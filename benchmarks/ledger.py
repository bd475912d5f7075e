"""The log at a million events: appended, checked whole, asked for proofs, and searched.

The same rows are first inserted into the same tables without a hash, a signature or a check of what
is there; both go through one transaction and end on the disk.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.figure import Figure
from data.ledger.database import changing, connected
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.ledger.place import FOLDER, Place
from data.period import Grain
from data.trail.index import Index
from data.trail.search import Trail
from data.trail.wanted import Wanted

EVENTS = 1_000_000
PROOFS = 50
MOST_INDEX_SECONDS, MOST_SEARCH_SECONDS = 60.0, 1.0
_SEARCHES = ("", "pull/99999", "change merged", "no such thing")
MOST_SLOWER, MOST_VERIFY_SECONDS, MOST_PROOF_SECONDS = 3.0, 30.0, 0.05
_CHUNK = 1_000
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_ACTOR = "person:" + "0" * 32


def run() -> list[Figure]:
    """Appends, verifies and proves."""
    with tempfile.TemporaryDirectory() as name:
        ledger = Ledger(Path(name))
        making_seconds = _timed(lambda: deque(_events(), maxlen=0))
        append_seconds = _timed(lambda: ledger.append(_events())) - making_seconds
        verify_seconds = _timed(lambda: _verified(ledger))
        proofs = sorted(_proofs(ledger))
        index = Index()
        index_seconds = _timed(lambda: index.refresh(ledger, lambda *_: None))
        searches = {words: _searched(Trail(index, None), words) for words in _SEARCHES}
        one_seconds = _timed(lambda: ledger.append([_event(EVENTS)]))
        megabytes = ledger.place.database.stat().st_size / 1e6
        plain_seconds = _plain(ledger, Path(name) / "plain")
    about = f"{EVENTS:,} events, {megabytes:,.0f} MB"
    return [
        Figure(
            "log: append / plain insert", append_seconds / plain_seconds, MOST_SLOWER, "×",
            f"{about}: {EVENTS / append_seconds:,.0f} events a second, "
            f"{EVENTS / plain_seconds:,.0f} rows inserted; one more event {one_seconds:.1f} s",
        ),
        Figure(
            "log: verified whole", verify_seconds, MOST_VERIFY_SECONDS, "s",
            f"{about}: {EVENTS / verify_seconds:,.0f} a second",
        ),
        Figure(
            "log: a proof", proofs[-1], MOST_PROOF_SECONDS, "s",
            f"the slowest of {2 * PROOFS} proofs of inclusion and consistency; "
            f"median {proofs[len(proofs) // 2] * 1000:.1f} ms",
        ),
        Figure(
            "log: index made", index_seconds, MOST_INDEX_SECONDS, "s",
            f"{about}: read into memory once, at the first look after a start",
        ),
        Figure(
            "log: a search", max(searches.values()), MOST_SEARCH_SECONDS, "s",
            f"the slowest of {len(searches)}: count, chart by week and newest page of what matches",
        ),
    ]  # fmt: skip


def _events() -> Iterator[Event]:
    return (_event(number) for number in range(EVENTS))


def _event(number: int) -> Event:
    at = _BEGAN + timedelta(seconds=number)
    subject = f"github:acme/web#pull/{number}"
    return Event(
        "change.merged",
        f"{subject}:merged",
        at,
        at,
        _ACTOR,
        subject,
        "github",
        None,
        {"state": "merged", "reviews": 2},
        f"https://github.example/acme/web/pull/{number}",
        {"title": f"Change {number}", "labels": ["small", "web"]},
    )


def _verified(ledger: Ledger) -> None:
    report = ledger.verify(ledger.checkpoint())
    assert report.is_sound, report.findings
    assert report.size == EVENTS


def _proofs(ledger: Ledger) -> Iterator[float]:
    dice = Random(1)
    for _ in range(PROOFS):
        index = dice.randrange(EVENTS)
        yield _timed(lambda index=index: ledger.proofs.inclusion(index))
        yield _timed(lambda index=index: ledger.proofs.consistency(index + 1))


def _searched(trail: Trail, words: str) -> float:
    """Seconds that a page of the trail takes to ask for what matches."""
    wanted = Wanted(words)

    def ask() -> None:
        trail.count(wanted)
        trail.course(wanted, Grain.WEEK)
        trail.page(wanted, 0, 50)

    return _timed(ask)


def _plain(ledger: Ledger, folder: Path) -> float:
    """Seconds of inserting the rows of a log, which are read before."""
    (folder / FOLDER).mkdir(parents=True)
    seconds = 0.0
    with closing(connected(ledger.place.database)) as log, changing(Place(folder / FOLDER)) as new:
        entries = log.execute("select * from entry order by number")
        payloads = log.execute("select * from payload order by number")
        nodes = log.execute("select * from node").fetchall()
        while some := list(islice(entries, _CHUNK)):
            contents = list(islice(payloads, _CHUNK))
            began = perf_counter()
            new.executemany("insert into entry values (?, ?, ?, ?, ?)", some)
            new.executemany("insert into payload values (?, ?)", contents)
            seconds += perf_counter() - began
        began = perf_counter()
        new.executemany("insert into node values (?, ?, ?)", nodes)
        new.execute("commit")
        return seconds + perf_counter() - began


def _timed(work: object) -> float:
    assert callable(work)
    began = perf_counter()
    work()
    return perf_counter() - began
