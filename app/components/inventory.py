"""The models there are: what serves, how old it is, and what is known of how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from app.components.incidents import web
from app.components.openable import openable
from app.components.question import Question
from app.wording import duration
from data.inventory.models import models
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot

KEY = "inventory"
_REASON = 190
"""Pixels of a column that may have to say why nothing is known."""
_UNKNOWN = "not known"
Row = dict[str, Any]


def inventory(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """Lists the models of the scope; a chosen row is the one that the page is about then."""
    rows: list[Row] = models(snapshot, asked.scope).to_pylist()
    st.header("Inventory", anchor="inventory")
    if not rows:
        st.markdown("No model is known here.")
        return
    hint = "" if asked.item else " Choose a row to see its timeline and versions."
    st.markdown(f":small[{_summary(rows)}{hint}]")
    titles = {team.team: team.title for team in known.teams}

    def choose(at: int | None) -> None:
        if at is not None:
            st.session_state.update({"model": rows[at]["model"], "group": ""})

    openable(
        [_line(row, titles) for row in rows],
        choose,
        key=KEY,
        tall=(20, 740),
        columns={
            "Model": st.column_config.TextColumn(pinned=True),
            "Serves since (UTC)": st.column_config.DatetimeColumn(
                format="YYYY-MM-DD HH:mm", timezone="UTC",
                help="The latest time it can have been: registries keep no such times.",
            ),
            "Performance": st.column_config.TextColumn(width=_REASON),
            "card": st.column_config.LinkColumn("Card file", display_text="open", width="small"),
            "source": st.column_config.LinkColumn("Source", display_text="open", width="small"),
        },
        alt="One row a model: what serves, how old it is, and what is known of it",
    )  # fmt: skip


def _summary(rows: Sequence[Row]) -> str:
    """What a reader should look at first, in one sentence."""
    serving = [row for row in rows if row["version"] is not None]
    found = [
        (len(rows) - len(serving), "not in production"),
        (sum(row["pattern"] is None for row in rows), "that nobody owns"),
        (
            sum(row["monitored_at"] is None for row in serving),
            "in production without a drift check",
        ),
        (sum(row["is_fresh"] is False for row in serving), "older than agreed"),
        (sum(row["is_drifted"] is True for row in serving), "whose data has drifted"),
        (sum(row["is_held"] is False for row in serving), "below the level they had at training"),
        (sum(not row["has_card"] for row in serving), "in production without a card"),
        (sum(row["is_contrary"] for row in rows), "whose stage and alias contradict"),
    ]
    told = [f"{count} {words}" for count, words in found if count]
    models_are = "1 model" if len(rows) == 1 else f"{len(rows)} models"
    return f"{models_are}{': ' + ', '.join(told) if told else ''}."


def _line(row: Row, titles: dict[str, str]) -> Row:
    is_serving = row["version"] is not None
    return {
        "Model": row["model"],
        "Team": titles.get(row["team"], row["team"]),
        "Risk": row["risk_class"],
        "Version": row["version"] if is_serving else "none",
        "Serves since (UTC)": row["promoted_at"],
        "Give or take": _give_or_take(row["promoted_after_at"], row["promoted_at"]),
        "Age": duration(row["age_seconds"]) if row["age_seconds"] is not None else None,
        **_of_serving(row),
        "Card": _word(row["has_card"], "yes", "none"),
        "card": web(row["card_url"]),
        "Open alerts": row["open_alerts"],
        "Stage and alias": "contradict" if row["is_contrary"] else None,
        "Owner at source": row["owner"],
        "source": web(row["url"]),
    }


def _of_serving(row: Row) -> Row:
    """What can only be said of a version that serves."""
    told = {
        "Fresh enough": _word(row["is_fresh"], "yes", "too old", "nothing agreed"),
        "Gate": row["first_gate_state"] or "no gate",
        "Drift": _word(row["is_drifted"], "drifted", "steady", "not monitored"),
        "Performance": _word(row["is_held"], "held", "lost", row["performance_state"] or _UNKNOWN),
        "Approved": _word(row["approved_at"] is not None, "yes", "no"),
        "Reproducible": _word(row["is_reproducible"], "yes", "no"),
        "Traced to data": _word(row["has_lineage"], "yes", "no"),
    }
    return told if row["version"] is not None else dict.fromkeys(told)


def _word(value: bool | None, yes: str, no: str, unknown: str = _UNKNOWN) -> str:
    return unknown if value is None else yes if value else no


def _give_or_take(after: datetime | None, at: datetime | None) -> str | None:
    """How far apart the two readings lie between which it happened."""
    if at is None:
        return None
    if after is None:
        return "since before it was read"
    return f"within {duration((at - after).total_seconds())}"
