"""The pipelines there are: whether they succeed, are in time, recover, and what they check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.components import loaded
from app.components.discipline import PIPELINES
from app.components.heat import cell
from app.components.incidents import web
from app.components.openable import openable
from app.components.question import Question
from data.inventory.pipelines import pipelines as asked_for
from data.metrics.catalogue import Catalogue
from data.metrics.figure import Figure
from data.store.snapshot import Snapshot

KEY = "pipelines"
Row = dict[str, Any]


def pipelines(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """Lists the pipelines of the scope; a chosen row is the one that the page is about then."""
    rows: list[Row] = asked_for(snapshot, asked.scope, asked.window).to_pylist()
    st.header("Pipelines", anchor="pipelines")
    if not rows:
        st.markdown("No pipeline is known here.")
        return
    figures = loaded.by_thing(snapshot, PIPELINES, asked)
    titles = {team.team: team.title for team in known.teams}
    hint = "" if asked.item else " Choose a row to see its runs and checks."
    st.markdown(f":small[{_summary(rows)}{hint}]")

    def choose(at: int | None) -> None:
        if at is not None:
            st.session_state.update({"pipeline": rows[at]["pipeline"], "group": ""})

    openable(
        [_line(row, titles, figures.get(row["pipeline"], {})) for row in rows],
        choose,
        key=KEY,
        tall=(12, 460),
        columns={
            "Pipeline": st.column_config.TextColumn(pinned=True),
            "Last run (UTC)": st.column_config.DatetimeColumn(
                format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            "Flaky": st.column_config.TextColumn(
                help="Of the runs that succeeded, those that only did so when tried again."
            ),
            "No run": st.column_config.NumberColumn(
                help="Stretches of data that nothing ran for, where the rhythm of the pipeline is "
                "regular enough to tell."
            ),
            "Checks": st.column_config.TextColumn(
                width=190,
                help="Checks of what it makes that passed, of those that passed, warned or failed. "
                "What was skipped or could not be made is told beside it.",
            ),
            "Newest": st.column_config.LinkColumn("Run", display_text="open", width="small"),
            "source": st.column_config.LinkColumn("Source", display_text="open", width="small"),
        },
        alt="One row a pipeline: owner, success, punctuality, recovery, last run, checks",
    )


def _summary(rows: list[Row]) -> str:
    """What a reader should look at first, in one sentence."""
    found = [
        (sum(row["last_result"] == "failure" for row in rows), "whose newest run failed"),
        (sum(row["without_run"] > 0 for row in rows), "with data that nothing ran for"),
        (sum((row["failed"] or 0) > 0 for row in rows), "with a check that failed"),
        (sum(row["pattern"] is None for row in rows), "that nobody owns"),
        (sum(row["freshness_seconds"] is None for row in rows), "without an agreed time"),
    ]
    told = [f"{count} {words}" for count, words in found if count]
    many = "1 pipeline" if len(rows) == 1 else f"{len(rows)} pipelines"
    return f"{many}{': ' + ', '.join(told) if told else ''}."


def _line(row: Row, titles: Mapping[str, str], figures: Mapping[str, Figure]) -> Row:
    return {
        "Pipeline": row["pipeline"],
        "Team": titles.get(row["team"], row["team"]),
        "Success": cell("pipeline_success", figures.get("pipeline_success"), has_bands=False),
        "On time": cell("pipeline_freshness", figures.get("pipeline_freshness"), has_bands=False)
        if row["freshness_seconds"] is not None
        else "nothing agreed",
        "Recovery": cell(
            "pipeline_recovery_time", figures.get("pipeline_recovery_time"), has_bands=False
        ),
        "Run time": cell("pipeline_duration", figures.get("pipeline_duration"), has_bands=False),
        "Checks": _checks(row),
        "Flaky": f"{row['flaky']} of {row['judged']}" if row["judged"] else "not known",
        "No run": row["without_run"],
        "Last run (UTC)": row["last_at"],
        "Ended": row["last_result"],
        "Newest": web(row["last_url"]),
        "Kind": row["kind"] or "not known",
        "source": web(row["url"]),
    }


def _checks(row: Row) -> str:
    if row["passed"] is None:
        return "none told"
    judged = row["passed"] + row["warned"] + row["failed"]
    beside = f", {row['not_made']} not made" if row["not_made"] else ""
    return f"{row['passed']} of {judged} passed{beside}"
