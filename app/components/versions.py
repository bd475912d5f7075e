"""The versions of one model side by side: how well each does, and how each was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.components.incidents import web
from data.inventory.models import direction, origins, version_metrics, version_names
from data.store.snapshot import Snapshot

_MOST = 6
"""Versions that are compared at once."""
_OFFERED = 500
"""Of more versions the newest and those that serve can be picked, and the others be typed."""
_UNKNOWN = "not known"
Row = dict[str, Any]


def versions(snapshot: Snapshot, model: str) -> None:
    """Compares the newest versions, or those that are chosen, with the one that serves."""
    names: list[Row] = version_names(snapshot, model, _OFFERED).to_pylist()
    st.header("Versions", anchor="versions")
    if not names:
        st.markdown("No version of this model is told by any source.")
        return
    chosen, against = _choose(names)
    made: list[Row] = origins(snapshot, model, [against, *chosen]).to_pylist()
    untold = {against, *chosen} - {row["version"] for row in made}
    if untold:
        st.text(f"No source tells of version {', '.join(sorted(untold))}.")
    if not made:
        return
    measured: list[Row] = version_metrics(snapshot, model, [against, *chosen]).to_pylist()
    _measures(measured, chosen, against, direction(snapshot, model))
    st.markdown("**How they were made**")
    st.dataframe(
        pd.DataFrame(map(_origin, made)),
        hide_index=True,
        placeholder="–",
        column_config={
            "Version": st.column_config.TextColumn(pinned=True),
            **{
                name: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone="UTC")
                for name in ("Trained (UTC)", "Registered (UTC)")
            },
            "Parameters": st.column_config.TextColumn(
                help="How many the run logged. Their values stay at the source."
            ),
            "run": st.column_config.LinkColumn("Run", display_text="open", width="small"),
            "source": st.column_config.LinkColumn("Source", display_text="open", width="small"),
        },
        alt=f"One row a version of {model}: what it was made from",
    )


def _choose(offered: Sequence[Row]) -> tuple[list[str], str]:
    """The versions to compare, and the one they are held against."""
    names = list(dict.fromkeys(row["version"] for row in offered))
    serving = [row["version"] for row in offered if row["is_in_production"]]
    usual, known = (serving or names)[0], offered[0]["known"]
    has_more = known > len(offered)
    left, right = st.columns([1, 3])
    against = left.selectbox(
        "Hold against", names, index=names.index(usual), key="versions held against",
        help="Differences are to this version: at first the one in production.",
        accept_new_options=has_more,
    )  # fmt: skip
    others = [name for name in names if name != against]
    at = names.index(against) if against in names else 0
    near = [*reversed(names[:at]), *others[at:]][:2]
    chosen = right.multiselect(
        "Compare", others, default=near, max_selections=_MOST, key=f"versions beside {against}",
        accept_new_options=has_more,
    )  # fmt: skip
    if has_more:
        st.caption(
            f"{len(offered):,} of {known:,} versions can be picked: the newest, and those that "
            "serve with the two made after each. Type the number of another to see it."
        )
    return chosen or near, against


def _measures(
    measured: Sequence[Row], chosen: Sequence[str], against: str, agreed: tuple[str | None, bool]
) -> None:
    """One row a metric: its value in each version, and how far it is from the one held against."""
    if not any(row["version"] in {against, *chosen} for row in measured):
        st.markdown("No metric of these versions is told by any source.")
        return
    found: dict[tuple[str, str], dict[str, float | None]] = {}
    for row in measured:
        where = ", ".join(filter(None, (row["measured_in"], row["role"])))
        found.setdefault((row["metric"], where), {})[row["version"]] = row["value"]
    told = {key: of for key, of in sorted(found.items()) if of.keys() & {against, *chosen}}
    lines = [compared(key, of, chosen, against, agreed) for key, of in told.items()]
    numbers = {name: st.column_config.NumberColumn(format="%.4g") for name in (against, *chosen)}
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        placeholder="not measured",
        column_config={"Metric": st.column_config.TextColumn(pinned=True), **numbers},
        alt=f"One row a metric: versions {', '.join(chosen)} held against {against}",
    )
    if agreed[0] is None:
        st.caption(
            "Whether more is better is not known: `metric` and `is_higher_better` of the model in "
            "`cairn.toml` (`[[model]]`) say so."
        )


def compared(
    metric: tuple[str, str],
    of: Mapping[str, float | None],
    chosen: Sequence[str],
    against: str,
    agreed: tuple[str | None, bool],
) -> Row:
    """One metric in each version.

    Args:
        metric: its name and where it was measured: on which data, if that is told.
        of: values by version.
        chosen: versions to compare.
        against: the one they are held against.
        agreed: the metric that the model is judged by, and whether more of it is better.
    """
    is_judged = metric[0] == agreed[0]
    better = ("higher" if agreed[1] else "lower") if is_judged else _UNKNOWN
    line: Row = {"Metric": metric[0], "Where": metric[1], "Better": better,
                 against: of.get(against)}  # fmt: skip
    for name in chosen:
        line[name] = of.get(name)
        line[f"{name} against {against}"] = _difference(
            of.get(name), of.get(against), agreed[1] if is_judged else None
        )
    return line


def _difference(value: float | None, base: float | None, is_higher_better: bool | None) -> str:
    if value is None or base is None:
        return _UNKNOWN
    apart = value - base
    if apart == 0:
        return "the same"
    share = f", {abs(apart / base) * 100:.1f} %" if base else ""
    judged = "" if is_higher_better is None else (
        " better" if (apart > 0) == is_higher_better else " worse")  # fmt: skip
    return f"{apart:+.4g}{share}{judged}".replace("-", "\u2212", 1)


def _origin(row: Row) -> Row:
    lacks = "run not read" if row["run"] and not row["is_run_known"] else "no run told"
    is_known = row["is_run_known"]
    return {
        "Version": row["version"] + (" (deleted)" if row["is_gone"] else ""),
        "Serves": row["serves"] or "nowhere",
        "Commit": _commit(row) if is_known else lacks,
        "Data": _data(row) if is_known else lacks,
        "Parameters": _count(row["parameter_count"]) if is_known else lacks,
        "Seed": _told(row["has_seed"], "logged", "none") if is_known else lacks,
        "Packages": _told(row["has_environment"], "kept", "none") if is_known else lacks,
        "Image": row["image"],
        "Gate": row["first_gate_state"] or "no gate",
        "Trained (UTC)": row["trained_at"],
        "Registered (UTC)": row["created_at"],
        "run": web(row["run_url"]),
        "source": web(row["url"]),
    }


def _commit(row: Row) -> str:
    if row["sha"] is None:
        return "none logged"
    changed = ", with changes" if row["is_clean"] is False else ""
    return f"{row['sha'][:12]}{changed}"


def _data(row: Row) -> str:
    if row["datasets"] is None:
        return _UNKNOWN
    return ", ".join(row["datasets"]) or "none logged"


def _count(number: int | None) -> str:
    return _UNKNOWN if number is None else f"{number:,} logged"


def _told(value: bool | None, yes: str, no: str) -> str:
    return _UNKNOWN if value is None else yes if value else no
