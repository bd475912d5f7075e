"""Pages about controls with nothing to show: why, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from app.components.empty import SOURCES_PAGE
from app.components.governance.asked import Asking
from app.viewer import FEW
from app.wording import days, plain
from data.controls.framework import Framework

BLIND_PAGE = "views/governance/blind_spots.py"


def nothing_of_framework(
    framework: Framework | None, folder: Path, on_reset: Callable[[], None]
) -> None:
    """Says that no control serves a framework, or that there is none at all."""
    what = f"No control serves {framework.title}" if framework else "There is no control"
    with st.container(border=True):
        st.header(what, icon=":material/rule:", anchor=False)
        st.markdown(
            "So nothing can be said. Map a control to one of its clauses (`clauses` in its file), "
            "or add controls of your own as files in this folder; "
            "`docs/controls.md` shows how."
        )
        st.code(str(folder / "controls"), language=None, wrap_lines=True)
        st.button("Start over", icon=":material/restart_alt:", on_click=on_reset)


def nothing_to_judge(asking: Asking, on_reset: Callable[[], None]) -> None:
    """Says that all populations are empty."""
    whose = plain(asking.team.title) if asking.team else "the whole organisation"
    with st.container(border=True):
        st.header("Nothing here to judge", icon=":material/remove:", anchor=False)
        st.markdown(
            f"In {days(asking.window)} no control found anything of {whose} that it looks at: all "
            "are *not applicable*, which is neither good nor bad. Choose another team or a longer "
            "period in the sidebar, or add a source that tells of changes, deployments or rules."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Start over", icon=":material/restart_alt:", on_click=on_reset)
            st.page_link(SOURCES_PAGE, label="See the sources", icon=":material/database:")
            st.page_link(BLIND_PAGE, label="See the blind spots", icon=":material/visibility_off:")


def unknown_control(name: str) -> None:
    """Says that the address names a control that is not defined."""
    st.warning(
        f"There is no control `{plain(name)}`: it was renamed, or its file was removed. The first "
        "one is shown instead.",
        icon=":material/link_off:",
    )


def withheld() -> None:
    """Says that a control is about too few people of a team to be told of."""
    with st.container(border=True):
        st.header("Withheld", icon=":material/group_off:", anchor=False)
        st.markdown(
            f"In this team it is about {FEW}. Counts and rows of so "
            "few would tell of single people, and names are hidden here. Choose a larger team."
        )
