"""Answers of the engines, asked once for each snapshot and question and shared by all sessions.

What is kept is frozen and small: figures, never rows. A new snapshot has a new id, so nothing of
the old one is ever shown with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import streamlit as st

from app.components.discipline import Discipline
from app.components.question import Question
from data.decisions.baseline import NO_BASELINES, Baselines
from data.inventory.lineage import Lineage
from data.inventory.lineage import lineage as lineage_of
from data.metrics.board import Board, board, breakdown
from data.metrics.catalogue import Catalogue, catalogue
from data.metrics.definition import definition
from data.metrics.engine import DEFAULT_EDITION, Evaluation, evaluate
from data.metrics.evidence import Sum, add_up
from data.metrics.figure import Figure
from data.metrics.scope import By, Scope
from data.metrics.subject import Subject
from data.period import Grain, Window
from data.series.explain import Explained, explain
from data.series.moved import Moved, NotExplained
from data.series.moved import moved as what_moved
from data.store.snapshot import Snapshot

_BY_ID: dict[str | type[Any], Callable[[Any], Any]] = {Snapshot: attrgetter("id")}


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=_BY_ID)
def names(snapshot: Snapshot) -> Catalogue:
    """What can be asked."""
    return catalogue(snapshot)


def totals(snapshot: Snapshot, discipline: Discipline, asked: Question) -> Board:
    """All metrics over the window, and over its periods."""
    metrics = discipline.metrics
    return _board(snapshot, metrics, asked.scope, asked.window, asked.grain, asked.edition)


def targets(
    snapshot: Snapshot,
    metrics: tuple[str, ...],
    asked: tuple[Scope, Window, Grain],
    decided: Baselines,
) -> Board:
    """Metrics of several disciplines, some of them against a baseline."""
    return _board(snapshot, metrics, *asked, DEFAULT_EDITION, decided)


def parts(
    snapshot: Snapshot, discipline: Discipline, asked: Question
) -> Mapping[str, Mapping[str, Figure]]:
    """The metrics with a tile of each part of the scope, by part."""
    return _parts(snapshot, discipline.tiles, asked.scope, asked.window, asked.by, asked.edition)


def by_thing(
    snapshot: Snapshot, discipline: Discipline, asked: Question
) -> Mapping[str, Mapping[str, Figure]]:
    """The metrics with a tile of each thing in the scope, by thing."""
    by = By(discipline.subject.value)
    return _parts(snapshot, discipline.tiles, asked.scope, asked.window, by, asked.edition)


def chosen(snapshot: Snapshot, discipline: Discipline, asked: Question) -> Evaluation:
    """The figure whose rows are shown."""
    scope, window = asked.rows_scope, asked.rows_window
    if (scope, window) == (asked.scope, asked.window):
        return totals(snapshot, discipline, asked).totals[asked.metric]
    return _figure(snapshot, asked.metric, scope, window, asked.edition)


def summed(snapshot: Snapshot, asked: Question) -> Sum:
    """What the rows behind that figure add up to."""
    return _sum(snapshot, asked.metric, asked.rows_scope, asked.rows_window)


def lineage(snapshot: Snapshot, asked: Question, most: int) -> Lineage:
    """What leads to what is asked about and what comes of it, if it can be drawn."""
    return _lineage(snapshot, asked.scope, asked.subject, most)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=_BY_ID)
def _lineage(snapshot: Snapshot, scope: Scope, subject: Subject, most: int) -> Lineage:
    return lineage_of(snapshot, scope, subject, most)


def explained(snapshot: Snapshot, asked: Question) -> Explained:
    """What the trend of the chosen metric tells."""
    return _explained(snapshot, asked.metric, asked.scope, asked.window, asked.grain)


def moved(snapshot: Snapshot, asked: Question) -> Moved | NotExplained:
    """What made the chosen figure change against the period before."""
    return _moved(snapshot, asked.metric, asked.scope, asked.window, asked.by)


def whole(snapshot: Snapshot, asked: Question) -> Figure:
    """The chosen figure, of the whole scope and window."""
    return _figure(snapshot, asked.metric, asked.scope, asked.window, asked.edition).figures[0]


def before(snapshot: Snapshot, asked: Question) -> Figure:
    """The same of the period before."""
    window = asked.window.before
    return _figure(snapshot, asked.metric, asked.scope, window, asked.edition).figures[0]


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_ID)
def _board(
    snapshot: Snapshot,
    metrics: tuple[str, ...],
    scope: Scope,
    window: Window,
    grain: Grain,
    edition: str,
    decided: Baselines = NO_BASELINES,
) -> Board:
    return board(snapshot, metrics, scope, window, grain, edition, decided)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_ID)
def _parts(
    snapshot: Snapshot,
    metrics: tuple[str, ...],
    scope: Scope,
    window: Window,
    by: By,
    edition: str,
) -> dict[str, dict[str, Figure]]:
    return breakdown(snapshot, metrics, scope, window, by, edition)


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=_BY_ID)
def _figure(
    snapshot: Snapshot, metric: str, scope: Scope, window: Window, edition: str
) -> Evaluation:
    return evaluate(snapshot, definition(metric), scope, window, edition=edition)


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=_BY_ID)
def _sum(snapshot: Snapshot, metric: str, scope: Scope, window: Window) -> Sum:
    return add_up(snapshot, definition(metric), scope, window)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_ID)
def _explained(
    snapshot: Snapshot, metric: str, scope: Scope, window: Window, grain: Grain
) -> Explained:
    return explain(snapshot, definition(metric), scope, window, grain)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_ID)
def _moved(
    snapshot: Snapshot, metric: str, scope: Scope, window: Window, by: By
) -> Moved | NotExplained:
    return what_moved(snapshot, definition(metric), scope, window.before, window, by)
