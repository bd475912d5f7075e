"""`cairn cost anomalies`: what costs more or less than usual, and what people say of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from app.cli import deciding, options
from app.cli.output import emit
from data.configuration import load
from data.costs.anomaly.anomaly import Anomaly
from data.costs.anomaly.answered import Answered, History, about, answered, history
from data.costs.anomaly.finding import Found, Rule, find
from data.costs.money import exact
from data.decisions.book import Book
from data.decisions.cost_anomaly import AnomalyRefused, Verdict, said, say
from data.decisions.decision import Decision
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

_since = click.option("--since", type=deciding.day, help="Those that last on this day or later.")


@click.group(cls=deciding.Deciding)
def anomalies() -> None:
    """Finds unusual cost, and records what people say of it. Nothing recorded is ever changed."""


@anomalies.command(name="list")
@_since
@options.snapshot
@options.style
@click.pass_obj
def list_(
    workspace: Workspace, *, since: datetime | None, snapshot: str | None, style: str
) -> None:
    """Lists them, newest first, of the last 90 days that are complete."""
    with closing(SnapshotReader(workspace)) as reader, reader.reading(snapshot) as opened:
        rule = Rule.of(load(workspace.configuration).cost)
        found = find(opened, rule, since.date() if since else None)
        envelope: dict[str, Any] = {"snapshot": opened.id, "as_of": opened.as_of.isoformat()}
    told = answered(found.anomalies, said(Book(workspace.folder)), found.currency)
    envelope |= {"judged": found.judged, "too_short": found.too_short, "why": found.why,
                 "since": found.since, "complete_until": found.complete_until,
                 "history": _history(history(told))}  # fmt: skip
    emit(style, [_row(one, found) for one in told], envelope)
    if style == "text":
        click.echo(_in_words(found, history(told)))


def _answer(verdict: Verdict, verb: str, words: str) -> click.Command:
    """A verb that records one thing to say of an anomaly."""

    @click.command(name=verb, help=words)
    @click.argument("anomaly")
    @_since
    @deciding.reason
    @deciding.actor
    @options.style
    @click.pass_obj
    def record(
        workspace: Workspace,
        *,
        anomaly: str,
        since: datetime | None,
        reason: str,
        actor: str | None,
        style: str,
    ) -> None:
        by = deciding.by(actor, reason)
        with closing(SnapshotReader(workspace)) as reader, reader.reading() as opened:
            rule = Rule.of(load(workspace.configuration).cost)
            found = find(opened, rule, since.date() if since else None)
        meant = about(_named(found, anomaly), found.currency)
        emit(style, [_decided(say(Book(workspace.folder), meant, verdict, by))])

    return record


for _verdict, _verb, _words in (
    (Verdict.ACKNOWLEDGED, "acknowledge", "Says that somebody looks at ANOMALY."),
    (Verdict.EXPLAINED, "explain", "Says why ANOMALY is so: it was unusual indeed."),
    (Verdict.DISMISSED, "dismiss", "Says that ANOMALY is none: the rule saw wrong."),
):
    anomalies.add_command(_answer(_verdict, _verb, _words))


def _named(found: Found, anomaly: str) -> Anomaly:
    some = [one for one in found.anomalies if one.id.startswith(anomaly)]
    if len(some) != 1:
        what = f"{len(some) or 'no'} anomalies are called `{anomaly[:40]}`"
        raise AnomalyRefused(what, "", "see `cairn cost anomalies list`, with `--since` for older")
    return some[0]


def _row(one: Answered, found: Found) -> dict[str, Any]:
    anomaly, last = one.anomaly, one.said[-1] if one.said else None
    return {
        "id": anomaly.id,
        "kind": anomaly.kind.value,
        "team": anomaly.key.team,
        "service": anomaly.key.service,
        "provider": anomaly.key.provider,
        "first": anomaly.first,
        "last": anomaly.last,
        "cost": exact(anomaly.cost),
        "expected": exact(anomaly.expected),
        "amount": exact(anomaly.amount),
        "currency": found.currency,
        "masked_by": " ".join(anomaly.masked_by),
        "state": one.state,
        "by": last.actor if last else None,
        "reason": last.reason if last else None,
        "decision": last.id if last else None,
    }


def _history(told: History) -> dict[str, Any]:
    return {
        **asdict(told),
        "money": exact(told.money),
        "open_money": exact(told.open_money),
    }


def _in_words(found: Found, told: History) -> str:
    if found.why is not None:
        return f"nobody knows whether anything is unusual: {found.why}"
    short = f", {found.too_short} of them for too short a time" if found.too_short else ""
    looked = f"{found.judged} series since {found.since}{short}"
    if not told.count:
        return f"nothing is unusual in {looked}"
    wait = "" if told.seconds_to_answer is None else (
        f"; answered after {told.seconds_to_answer / 86400:.1f} days (median of {told.answered})"
    )  # fmt: skip
    wrong = "" if told.dismissed_share is None else (
        f"; {told.dismissed_share * 100:.0f} % of {told.judged} dismissed"
    )  # fmt: skip
    return (f"{told.count} anomalies of {exact(told.money)} {found.currency} in {looked}; "
            f"{told.open} open{wait}{wrong}")  # fmt: skip


def _decided(made: Decision) -> dict[str, Any]:
    return {"id": made.id, "anomaly": made.subject, "team": made.team, **made.value,
            **deciding.row(made)}  # fmt: skip
