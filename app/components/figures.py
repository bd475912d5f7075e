"""A page of figures: tiles, trend, parts, the rows behind a figure, and how it is computed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.components import loaded
from app.components.computed import computed
from app.components.discipline import Discipline
from app.components.empty import Cause, empty, nothing_told
from app.components.evidence import Evidence, evidence
from app.components.exceptions import exceptions
from app.components.filters import address_of, filters
from app.components.heading import heading, rows_heading
from app.components.heat import heat
from app.components.history import history
from app.components.paint import is_painted
from app.components.published import current
from app.components.question import Question
from app.components.tile import tiles
from data.health.absence import absence
from data.metrics.board import Board
from data.metrics.catalogue import Catalogue
from data.metrics.figure import NoValue
from data.metrics.subject import Subject
from data.store.snapshot import Snapshot

Section = Callable[[Snapshot, Catalogue, Question], None]
"""A part of a page that only one discipline has."""


def choose(metric: str, group: str = "", period: str = "") -> None:
    """Points trend and rows at a figure: that of a tile, of a cell or of a period."""
    st.session_state.update({"metric": metric, "group": group, "period": period})


def figures(
    discipline: Discipline,
    section: Section | None = None,
    has_more: Callable[[Snapshot, Question], bool] | None = None,
) -> None:
    """Shows the page.

    Args:
        discipline: which metrics, and what they are about.
        section: shown below the tiles.
        has_more: whether the section has something to show where no metric has.
    """
    snapshot = current()
    known = discipline.narrowed(loaded.names(snapshot))
    asked = filters(discipline, known)
    heading(discipline, known, asked)
    board = loaded.totals(snapshot, discipline, asked)
    is_all = has_more is None or not has_more(snapshot, asked)
    if is_all and _is_empty(snapshot, discipline, known, asked, board):
        st.stop()
    tiles(board, discipline, asked.metric, choose)
    if not is_painted():
        st.stop()
    if section is not None:
        section(snapshot, known, asked)
    history(snapshot, board, known, asked, choose)
    if asked.item is None:
        parts = loaded.parts(snapshot, discipline, asked)
        heat(parts, discipline, known, asked, choose)
    answer = loaded.chosen(snapshot, discipline, asked)
    rows_heading(known, asked)
    evidence(Evidence(snapshot, asked, answer))
    exceptions(snapshot, asked)
    computed(snapshot, asked, answer)


def _is_empty(
    snapshot: Snapshot, discipline: Discipline, known: Catalogue, asked: Question, board: Board
) -> bool:
    """Says so where there is nothing at all to show, and what to do about it."""
    reset = address_of(discipline, known.today).clear
    if discipline.has_bands:
        nothing = board.total(discipline.tiles[0]).reason
        if nothing is not None:
            empty(Cause.of(absence(snapshot, asked.scope, nothing)), reset)
        return nothing is not None
    is_of_services = discipline.subject is Subject.SERVICE
    owned = known.owned(discipline.subject, known.team(asked.scope.team))
    reasons = {board.total(metric).reason for metric in discipline.tiles}
    if reasons == {NoValue.NOTHING_DEPLOYED} if is_of_services else not owned:
        nothing_told(discipline, is_filtered=_is_filtered(asked), on_reset=reset)
        return True
    return False


def _is_filtered(asked: Question) -> bool:
    """Whether other filters might show more."""
    is_usual = asked.scope.environment in (None, "production")
    return bool(asked.scope.team or asked.item) or not is_usual
