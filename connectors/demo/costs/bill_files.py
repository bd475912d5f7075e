"""The bills of the invented organisation as files, with rules and rates, into a data folder."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from connectors.demo.costs.further import further_lines, late_lines
from connectors.demo.costs.line import Cells, Line, cells, columns, following
from connectors.demo.costs.rates import rates_text
from connectors.demo.costs.story import Provider, Spoilt, story
from connectors.demo.costs.usage import Usage
from connectors.demo.organisation import organisation
from data.durable import make_folder, write_whole

_QUARTER = 3


@dataclass(frozen=True, slots=True)
class BillFile:
    """A file as its provider writes it."""

    name: str
    """Path below the data folder."""
    text: str
    written_at: datetime


def write_costs(folder: Path, seed: int, until: date) -> None:
    """Writes all bills of the months before `until`, the rules, and the rates of the days.

    A file carries the time at which it was delivered, so that each folder tells the same.

    Args:
        folder: the data folder.
        seed: another number gives other amounts.
        until: the first day that has not happened yet.
    """
    write_bills(folder, bill_files(seed, until))
    rules = files(__package__).joinpath("rules.toml").read_bytes()
    write_whole(folder / "rules.toml", rules)
    write_whole(folder / "rates.csv", rates_text(seed, until).encode())


def write_bills(folder: Path, bills: Iterable[BillFile]) -> None:
    """Writes bills, each with the time at which it was delivered."""
    for bill in bills:
        path = folder / bill.name
        make_folder(path.parent)
        write_whole(path, bill.text.encode())
        at = bill.written_at.timestamp()
        os.utime(path, (at, at))


def late_files(until: date) -> Iterator[BillFile]:
    """Bills of months that are closed when they come: a file for each provider that has some."""
    for provider in story().provider:
        lines = [one for one in late_lines(provider) if following(one.billed) < until]
        if lines:
            name = f"bills/{provider.id}/{until.year}-late.csv"
            yield BillFile(name, _text(provider, lines), _at(until))


def bill_files(seed: int, until: date) -> Iterator[BillFile]:
    """All bills of the months that are over, and drafts of one that was running."""
    for provider in story().provider:
        usage = Usage(provider, seed)
        for months in _together(provider, until):
            lines = [line for month in months for line in bill_lines(provider, usage, month)]
            end = following(months[-1])
            # None is newer than what the other sources of the demo know.
            written_at = min(_at(end) + timedelta(hours=provider.written_after_hours), _at(until))
            yield BillFile(_name(provider, months), _text(provider, lines), written_at)
        for draft in provider.draft:
            if draft.written_at < _at(until):
                lines = list(usage.lines(draft.month, draft.until))
                name = f"bills/{provider.id}/{draft.month:%Y-%m}-draft.csv"
                yield BillFile(name, _text(provider, lines), draft.written_at)


def bill_lines(provider: Provider, usage: Usage, month: date) -> Iterator[Line]:
    """All lines of a month that is over."""
    used = Decimal(0)
    for line in usage.lines(month, following(month)):
        used += line.billed_cost
        yield line
    yield from further_lines(provider, month, used)


def _together(provider: Provider, until: date) -> Iterator[Sequence[date]]:
    """The months before a day that are in one file."""
    months = []
    month = organisation().founded
    while following(month) <= until:
        months.append(month)
        month = following(month)
    if provider.files == "month":
        yield from ([month] for month in months)
        return
    while months:
        size = _QUARTER - (months[0].month - 1) % _QUARTER
        yield months[:size]
        months = months[size:]


def _name(provider: Provider, months: Sequence[date]) -> str:
    first = months[0]
    if provider.files == "month":
        return f"bills/{provider.id}/{first:%Y-%m}.csv"
    return f"bills/{provider.id}/{first.year}-q{(first.month + 2) // _QUARTER}.csv"


def _text(provider: Provider, lines: Sequence[Line]) -> str:
    names = columns(provider.version)
    text = io.StringIO()
    writer = csv.DictWriter(
        text, names, restval="", extrasaction="ignore", lineterminator="\n"
    )  # fmt: skip
    writer.writeheader()
    spoilt = [one for one in story().spoilt if one.provider == provider.id]
    writer.writerows(_spoilt(spoilt, line, cells(provider, line)) for line in lines)
    return text.getvalue()


def _spoilt(spoilt: Sequence[Spoilt], line: Line, written: Cells) -> Cells:
    for one in spoilt:
        if (one.resource, one.day) == (line.resource, line.first):
            return {**written, one.column: one.written}
    return written


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
