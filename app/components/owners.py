"""Services and repositories that nobody owns, and patterns that own nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd
import streamlit as st

from app.wording import plain
from data.health.ownership import IdlePattern, Unowned, UnownedRepository

MOST = 1000


def owners(
    services: Sequence[Unowned],
    repositories: Sequence[UnownedRepository],
    idle: Sequence[IdlePattern],
) -> None:
    """Shows the three lists, or that there is nothing to mend."""
    if not services:
        st.markdown(":material/check_circle: Every service has an owner.")
    else:
        their = "Its" if len(services) == 1 else "Their"
        st.markdown(
            f":material/person_off: **{_count(len(services), 'service')} that nobody owns.** "
            f"{their} figures count for “Unowned”. Add a pattern to a team's `owns` in cairn.toml."
        )
        _table(services, "Services that nobody owns")
    if not repositories:
        st.markdown(":material/check_circle: Every repository has an owner.")
    else:
        them = "it" if len(repositories) == 1 else "them"
        st.markdown(
            f":material/person_off: **{_count(len(repositories), 'repository')} that nobody "
            f"owns.** No pattern names {them}, and no service with an owner is built from {them}."
        )
        _table(repositories, "Repositories that nobody owns")
    if not idle:
        st.markdown(":material/check_circle: Every ownership pattern matches something.")
    else:
        _idle(idle)


def _idle(idle: Sequence[IdlePattern]) -> None:
    match = "matches" if len(idle) == 1 else "match"
    st.markdown(
        f":material/rule: **{_count(len(idle), 'pattern')} that {match} nothing.** Correct or "
        "remove what is no longer needed."
    )
    st.table(
        {"Team": [plain(i.team) for i in idle], "Pattern": [plain(i.pattern) for i in idle]},
        border="horizontal",
        hide_index=True,
        width="content",
        alt="Ownership patterns that match nothing",
    )


def _table(shown: Sequence[Unowned] | Sequence[UnownedRepository], alt: str) -> None:
    rows = pd.DataFrame([asdict(each) for each in shown[:MOST]])
    rows["url"] = rows["url"].where(rows["url"].str.match(r"https?://", na=False), None)
    config = st.column_config
    st.dataframe(
        rows,
        hide_index=True,
        placeholder="–",
        column_config={
            "url": config.LinkColumn("link", display_text="open", width="small"),
            "commit_count": config.NumberColumn("commits", format="localized"),
            "last_deployed_at": config.DatetimeColumn(
                "last deployed (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
        },
        alt=alt,
    )
    if len(shown) > MOST:
        st.caption(f"The first {MOST:,} of {len(shown):,}.")


def _count(number: int, what: str) -> str:
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number:,} {what if number == 1 else plural}"
