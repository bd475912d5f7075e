"""The versions of one model side by side: each metric where it was trained and where it serves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.inventory.models import version_metrics
from data.store.snapshot import Snapshot

_MOST = 12
"""Versions that are compared, the newest first."""


def versions(snapshot: Snapshot, model: str) -> None:
    """Compares the metrics of the newest versions, or of those that are chosen."""
    told = version_metrics(snapshot, model).to_pandas()
    st.subheader("Versions", anchor="versions")
    if told.empty:
        st.markdown("No version of this model has a metric that any source tells.")
        return
    names = list(dict.fromkeys(told["version"]))
    chosen = st.multiselect(
        "Compare", names, default=names[:3], max_selections=_MOST, key="versions compared"
    )
    shown = told[told["version"].isin(chosen or names[:3])]
    metric = shown["metric"] + " (" + shown["measured_in"] + ")"
    table = pd.pivot_table(
        shown.assign(metric=metric), index="metric", columns="version", values="value",
        aggfunc="last", sort=False,
    )  # fmt: skip
    st.dataframe(
        table,
        placeholder="not measured",
        column_config={
            name: st.column_config.NumberColumn(format="%.4g") for name in table.columns
        },
        alt=f"One row a metric, one column a version of {model}",
    )
