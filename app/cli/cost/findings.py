"""What `cairn doctor` finds of costs: the files of rules and rates, and what a snapshot lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from connectors.interface import Finding, Severity
from data.configuration import Configuration, ConfigurationError
from data.costs.allocation.book_file import read_book
from data.costs.allocation.faults import book_faults
from data.costs.rates.rate import rate_faults, read_rates
from data.health.costs import IdleDriver, NoRate, idle_drivers, missing_rates
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace

_MOST = 20
"""Faults of one file that are told."""


def cost_files(workspace: Workspace, configuration: Configuration) -> Iterator[Finding]:
    """Yields the faults of the files that `[cost]` names, each with its line; or that they hold."""
    told = configuration.cost
    if told.rules is not None:
        path = workspace.folder / Path(told.rules).expanduser()
        teams = [team.name for team in configuration.team]
        faults = list(_faults(book_faults(path, teams)))
        yield from faults or [_rules(path)]
    if told.rates is not None:
        path = workspace.folder / Path(told.rates).expanduser()
        faults = list(_faults(rate_faults(path)))
        yield from faults or [_rates(path)]


def costs_lack(snapshot: Snapshot) -> Iterator[Finding]:
    """Yields currencies without a rate, and pools whose driver tells nothing."""
    for rate in missing_rates(snapshot):
        yield _no_rate(rate)
    for driver in idle_drivers(snapshot):
        yield _idle(driver)


def _faults(found: Iterable[ConfigurationError]) -> Iterator[Finding]:
    for error in islice(found, _MOST):
        yield Finding(Severity.ERROR, error.what, error.where, error.fix)


def _rules(path: Path) -> Finding:
    book = read_book(path)
    counts = (
        f"{len(book.rule):,} rules, {len(book.pool):,} pools, {len(book.activity):,} activities"
    )
    return Finding(Severity.OK, f"rules of version {book.version}: {counts}", str(path))


def _rates(path: Path) -> Finding:
    found = read_rates(path)
    if not found:
        return Finding(Severity.WARNING, "no rate is in it", str(path), "add those of your bills")
    pairs = len({(one.base, one.quote) for one in found})
    last = max(one.day for one in found)
    what = f"{len(found):,} rates of {pairs:,} pairs of currencies, the last of {last}"
    return Finding(Severity.OK, what, str(path))


def _no_rate(one: NoRate) -> Finding:
    if one.reporting_currency is None:
        what = f"bills are in {one.currency} and in other currencies: there is no sum over all"
        fix = "name the currency of sums (`currency`) and a file of rates under `[cost]`"
        return Finding(Severity.WARNING, what, "cairn.toml", fix)
    days = "1 day has" if one.days == 1 else f"{one.days:,} days have"
    what = f"bills are in {one.currency}, of which {days} no rate in {one.reporting_currency}"
    fix = f"add one of {one.asked_day}, or of the 7 days before, to the file of rates"
    return Finding(Severity.WARNING, what, "cairn.toml", f"{fix}, then run `cairn sync`")


def _idle(one: IdleDriver) -> Finding:
    when = "any of its months" if one.without == one.months else (
        f"{one.without:,} of its {one.months:,} months, the first {one.first:%Y-%m}")  # fmt: skip
    what = f"nothing is known of `{one.driver}` in {when}, by which it is split"
    fix = "add a source that tells it, or let `fallback` say what is meant instead"
    return Finding(Severity.WARNING, what, f"pool `{one.pool}`", fix)
