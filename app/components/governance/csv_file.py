"""All rows of a control as a file that says of itself what it is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from app.cli.output import harmless
from app.components.governance.signs import WORDS, numbers, share
from data.controls.outcome import Outcome, Result
from data.trail.exported import Export, Through

_TOLD = ("id", "source", "title", "url", "team", "happened_at", "state", "reason", "detail",
         "waiver", "attestation")  # fmt: skip
_LEFT_OUT = "left_out"


def name_of(outcome: Outcome) -> str:
    """The name of the file: control, team and period."""
    parts = (outcome.control.id, outcome.team, outcome.window.label)
    return "_".join(part.replace("/", "_") for part in parts if part) + ".csv"


def csv_of(outcome: Outcome, timezone: str, *, sees_names: bool) -> bytes:
    """The rows, then those left out on purpose, as CSV in UTF-8; the first lines are marked `#`.

    Args:
        outcome: what the control came to.
        timezone: in which the days of the period begin for teams that have none of their own.
        sees_names: whether the rows hold names of people; else ids that name one are left out.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(
        [f"# {line}"] for line in preamble(outcome, timezone, sees_names=sees_names)
    )  # fmt: skip
    control = outcome.control
    columns = [name for name in control.columns if name not in _TOLD]
    writer.writerow([*_TOLD, *columns])
    is_shy = control.is_about_people and not sees_names
    for one in outcome.results:
        told = {**_cells(one), **({"id": None} if is_shy else {})}
        row = [*told.values(), *(one.columns.get(name) for name in columns)]
        writer.writerow([harmless(_text(value)) for value in row])
    for left in outcome.left_out:
        told = {"id": None if is_shy else left.id, "title": left.title, "url": left.url,
                "team": left.team, "state": _LEFT_OUT, "detail": left.reason}  # fmt: skip
        row = [*(told.get(name) for name in _TOLD), *(None for _ in columns)]
        writer.writerow([harmless(_text(value)) for value in row])
    return text.getvalue().encode()


def export_of(outcome: Outcome, *, sees_names: bool) -> Export:
    """What the log says of such a file."""
    control = outcome.control
    told = {name: _text(value) for name, value in outcome.parameters.items()}
    return Export(
        subject=control.id,
        title=f"rows of {control.id} as CSV",
        through=Through.PAGE,
        account=None,
        definition=f"{control.id}, version {control.version}, sha256 {control.sha256}",
        filters={**told, "team": outcome.team, "names": "shown" if sees_names else "hidden"},
        period=outcome.window,
        snapshot=outcome.snapshot,
        rows=len(outcome.results) + len(outcome.left_out),
    )


def preamble(outcome: Outcome, timezone: str, *, sees_names: bool) -> Iterator[str]:
    """What a reader of the file must know to have the same answer again."""
    control, counts = outcome.control, outcome.counts
    yield f"{control.id}: {control.title}"
    yield f"state: {WORDS[outcome.state]}; rows: {numbers(counts)}; {counts.waived} waived"
    with_waivers = share(counts.pass_rate_with_waivers)
    rates = f"pass rate: {share(counts.pass_rate)}; with waivers: {with_waivers}"
    yield f"{rates}; coverage: {share(counts.coverage)}"
    yield f"team: {outcome.team or 'all'}; with the teams below it"
    window = outcome.window
    yield f"period: {window.start} up to, not including, {window.end}"
    yield f"time zone of the period: that of each team, else {timezone}; times in the rows: UTC"
    yield f"snapshot: {outcome.snapshot}, complete until {outcome.as_of.isoformat()}"
    yield f"definition: {control.id}, version {control.version}, sha256 {control.sha256}"
    told = ", ".join(f"{name} = {_text(value)}" for name, value in outcome.parameters.items())
    yield f"parameters: {told or 'none'}"
    left = ", ".join(f"{count} {name}" for name, count in outcome.excluded.items())
    yield f"left out: {left or 'nothing'}"
    yield f"names of people: {'shown' if sees_names else 'hidden'}"


def _cells(one: Result) -> dict[str, Any]:
    """What is told of each row, in the order of the head."""
    told = {name: getattr(one, name) for name in _TOLD}
    return {**told, "state": one.state.value, "reason": one.reason.value if one.reason else None}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    return " ".join(str(value).split())
