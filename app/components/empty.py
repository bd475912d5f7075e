"""Nothing to show: why, and the way out. Never an empty chart, never a zero."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from app.components.discipline import Discipline
from app.components.published import workspace
from data.health.absence import Absence

SOURCES_PAGE = "views/admin/sources.py"


class Cause(StrEnum):
    """Why there is nothing to show."""

    NOTHING_PUBLISHED = "nothing_published"
    NO_SOURCE = "no_source"
    SOURCE_FAILED = "source_failed"
    OWNS_NOTHING = "owns_nothing"
    NEVER_DEPLOYED = "never_deployed"
    FILTERED_OUT = "filtered_out"
    BEFORE_FIRST = "before_first"
    NOT_YET = "not_yet"
    NONE_IN_PERIOD = "none_in_period"
    NOT_KNOWN = "not_known"

    @classmethod
    def of(cls, absent: Absence) -> Cause:
        """The cause that an engine found."""
        return cls(absent.value)


@dataclass(frozen=True, slots=True)
class _Notice:
    icon: str
    title: str
    why: str
    way_out: str
    has_reset: bool = False
    has_sources: bool = False
    commands: tuple[tuple[str, str], ...] = ()


_NOTICES = {
    Cause.NOTHING_PUBLISHED: _Notice(
        "inventory_2",
        "There is no data yet",
        "No snapshot has been published in the folder that is served.",
        "Look around in the demo organisation, or read your own repositories. The pages show the "
        "data as soon as it is there.",
        commands=(
            ("The demo organisation, in a minute or two:", "cairn --data {folder} demo"),
            (
                "Your own repositories, named in `cairn.toml`:",
                "cairn --data {folder} init\ncairn --data {folder} sync",
            ),
        ),
    ),
    Cause.NO_SOURCE: _Notice(
        "cable",
        "No source has told of any service",
        "The sources that were read hold no deployment, no change and no declared service.",
        "Add a source that knows deployments to `cairn.toml` (kind `gitops`, or `git` with "
        "`deploy_tags`), then run `cairn sync`.",
        has_sources=True,
    ),
    Cause.SOURCE_FAILED: _Notice(
        "cloud_off",
        "A source could not be read",
        "Nothing is known here, and the last reading of a source failed: there may well be "
        "deployments.",
        "The Sources page says which one and what to do.",
        has_sources=True,
    ),
    Cause.OWNS_NOTHING: _Notice(
        "group_off",
        "This team owns nothing",
        "None of its ownership patterns matches a service or a repository.",
        "Correct `owns` of the team in `cairn.toml`, then run `cairn sync`. The Sources page lists "
        "patterns that match nothing and services that nobody owns.",
        has_reset=True,
        has_sources=True,
    ),
    Cause.NEVER_DEPLOYED: _Notice(
        "hourglass_empty",
        "Nothing was ever deployed here",
        "The services are known; no source has told of a deployment of any of them.",
        "If they are deployed all the same, add the source that knows, or the tag pattern that "
        "means a deployment (`deploy_tags`), then run `cairn sync`.",
        has_reset=True,
        has_sources=True,
    ),
    Cause.FILTERED_OUT: _Notice(
        "filter_alt_off",
        "The filters leave nothing",
        "There are deployments, none of them in this environment.",
        "Choose another environment in the sidebar, or start over.",
        has_reset=True,
    ),
    Cause.BEFORE_FIRST: _Notice(
        "history",
        "This is before the first deployment that is known",
        "What happened earlier was never read: it is unknown, not zero.",
        "Choose a later period in the sidebar.",
        has_reset=True,
    ),
    Cause.NOT_YET: _Notice(
        "update",
        "Nothing is known of this period yet",
        "It begins after the last time the sources were read.",
        "Choose an earlier period, or run `cairn sync`.",
        has_reset=True,
    ),
    Cause.NONE_IN_PERIOD: _Notice(
        "check_box_outline_blank",
        "Nothing of this kind is known in the period",
        "There were deployments, and nothing among them that this metric measures.",
        "Choose a longer period in the sidebar to see earlier ones.",
    ),
    Cause.NOT_KNOWN: _Notice(
        "help",
        "The figure of this period is not known",
        "Rows lack what it is made of, or a source was not read to the end of the period.",
        "The Sources page says until when each source is known, and what is missing.",
        has_sources=True,
    ),
}


def nothing_told(
    discipline: Discipline, *, is_filtered: bool, on_reset: Callable[[], None] | None = None
) -> None:
    """Says that no source tells of what a page is about, here or at all, and which one would."""
    many = discipline.things or f"{discipline.subject.value}s"
    notice = _Notice(
        "filter_alt_off" if is_filtered else "cable",
        f"Nothing is known of {many} here" if is_filtered else f"No source has told of any {many}",
        f"None of the metrics of {discipline.title} has a row, with these filters."
        if is_filtered
        else f"None of the sources that were read knows any {many}.",
        f"Choose another team or environment in the sidebar. {discipline.nothing}"
        if is_filtered
        else discipline.nothing,
        has_reset=is_filtered,
        has_sources=True,
    )
    _show(notice, on_reset)


def empty(cause: Cause, on_reset: Callable[[], None] | None = None) -> None:
    """Says why there is nothing, and what to do about it."""
    _show(_NOTICES[cause], on_reset)


def _show(notice: _Notice, on_reset: Callable[[], None] | None) -> None:
    with st.container(border=True):
        st.header(notice.title, icon=f":material/{notice.icon}:", anchor=False)
        st.markdown(f"{notice.why} {notice.way_out}")
        for what, command in notice.commands:
            st.markdown(what)
            st.code(command.format(folder=shlex.quote(str(workspace().folder))), language=None)
        with st.container(horizontal=True, vertical_alignment="center"):
            if notice.has_reset and on_reset is not None:
                st.button("Start over", icon=":material/restart_alt:", on_click=on_reset)
            if notice.has_sources:
                st.page_link(SOURCES_PAGE, label="See the sources", icon=":material/database:")
