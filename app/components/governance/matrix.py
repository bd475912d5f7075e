"""Frameworks against teams: how each stands, in words and numbers; a cell chooses both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from app.components.governance.signs import SIGNS, share
from app.components.palette import Palette, palette
from app.viewer import FEW
from data.controls.framework import Framework
from data.controls.posture import Stand, serving, stand
from data.controls.state import State
from data.controls.tally import Tally
from data.metrics.catalogue import Catalogue

KEY = "matrix"
_HEAD = "Team"
_NO_BREAK = "\u00a0"
_LINE, _MARGIN = 19, 22
"""Pixels of a line of a cell, and of what is left free above and below all of them."""
_LEAST = 66
"""Pixels of the lowest row whose cells have several lines: up to 64, Streamlit draws only one."""
_WIDE, _NARROW = 104, 113
"""Pixels of the column of teams and of those of frameworks: eight of them fit a desk's window."""
_ROWS_WHOLE = 16
"""So many rows are shown without a scroll bar of their own."""


@dataclass(frozen=True, slots=True)
class _Row:
    title: str
    team: str | None
    """What is chosen by a click; None: it cannot be."""
    members: Collection[str | None] | None


def matrix(
    frameworks: Mapping[str, Framework],
    tallies: Mapping[str, Tally],
    known: Catalogue,
    on_choose: Callable[[str, str], None],
) -> None:
    """Shows one row a team and one column a framework.

    Args:
        frameworks: those that controls serve.
        tallies: what all controls came to.
        known: the teams.
        on_choose: told of the framework and the team of a clicked cell.
    """
    rows = _rows(known, tallies)
    titles = {framework.title: name for name, framework in frameworks.items()}
    served = {name: list(serving(f, tallies).values()) for name, f in frameworks.items()}
    found = {
        title: [stand(served[name], row.members) for row in rows]
        for title, name in titles.items()
    }  # fmt: skip
    cells = pd.DataFrame(
        {
            _HEAD: [row.title for row in rows],
            **{title: [cell(one) for one in column] for title, column in found.items()},
        }
    )
    shades = pd.DataFrame("", index=cells.index, columns=cells.columns)
    colours = palette()
    for title, column in found.items():
        shades[title] = [_shade(one, colours) for one in column]

    def choose() -> None:
        picked = st.session_state[KEY]["selection"]["cells"]
        if picked and picked[0][1] != _HEAD:
            row, column = picked[0]
            team = rows[row].team
            if team is not None:
                on_choose(titles[column], team)

    st.dataframe(
        cells.style.apply(lambda _: shades, axis=None),
        key=KEY,
        hide_index=True,
        height="content" if len(rows) <= _ROWS_WHOLE else 1200,
        row_height=_height(cells),
        column_config={
            _HEAD: st.column_config.TextColumn(pinned=True, width=_WIDE),
            **{title: st.column_config.TextColumn(width=_NARROW) for title in titles},
        },
        on_select=choose,
        selection_mode="single-cell",
        alt="Teams against frameworks: how many controls fail or cannot be judged, the pass rate, "
        "the coverage, and how many failures are waived",
    )


def cell(found: Stand) -> str:
    """How controls stand, a line each: how many of them, then the rates of their members."""
    if found.is_empty:
        withheld = FEW if found.withheld else "nothing to judge"
        return _lines(SIGNS[State.NOT_APPLICABLE].signed, withheld)
    state, counts = found.state, found.counts
    return _lines(
        f"{SIGNS[state].signed} {found.by_state.get(state, 0)}/{found.controls}",
        *([f"{share(counts.pass_rate)} pass"] if counts.judged else []),
        f"{share(counts.coverage)} seen",
        *([f"{counts.waived:,} waived"] if counts.waived else []),
    )


def _lines(*lines: str) -> str:
    """Lines that break between them and nowhere else."""
    return "\n".join(line.replace(" ", _NO_BREAK) for line in lines)


def _height(cells: pd.DataFrame) -> int:
    """As many pixels as the cell with the most lines needs, and enough for lines to be broken."""
    most = max(int(cells[name].str.count("\n").max()) + 1 for name in cells)
    return max(most * _LINE + _MARGIN, _LEAST)


def _shade(found: Stand, colours: Palette) -> str:
    if found.is_empty or found.counts.pass_rate is None:
        return f"color: {colours.muted}"
    return f"background-color: {colours.tint(found.counts.pass_rate)}; color: {colours.text}"


def _rows(known: Catalogue, tallies: Mapping[str, Tally]) -> list[_Row]:
    """The organisation, its teams, and what belongs to none: each row of a control is in one."""
    teams = {team.team: team for team in known.teams}
    present = {team for tally in tallies.values() for team in tally.by_team}
    rows = [_Row("All teams", "", None)]
    rows += [_Row(team.title, team.team, team.members) for team in known.teams]
    rows += [_Row(_title(one), None, [one]) for one in sorted(present - {None, *teams}, key=str)]
    if None in present:
        rows.append(_Row("Of no team", None, [None]))
    return rows


def _title(team: str | None) -> str:
    return "Owned by nobody" if team == "unowned" else str(team)
