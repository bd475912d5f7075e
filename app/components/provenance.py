"""What a page is made from: the snapshot, its rows, and the definitions in force."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from app.wording import moment
from data.metrics.definition import definitions
from data.store.snapshot import Snapshot


def provenance(snapshot: Snapshot) -> None:
    """Shows the snapshot's id and hashes, and folds the rest away."""
    manifest = snapshot.manifest
    st.table(
        {
            "Snapshot": f"`{snapshot.id}`",
            "Published": moment(datetime.fromisoformat(manifest["published_at"])),
            "Complete until": moment(snapshot.as_of),
            "Configuration": f"`{manifest['configuration'][:16]}…`",
            "File": f"`{manifest['sha256'][:16]}…`",
        },
        border="horizontal",
    )
    with st.expander("Definitions in force, and all hashes", icon=":material/function:"):
        _definitions(snapshot)
    with st.expander("Rows in the snapshot", icon=":material/table_rows:"):
        rows = [{"table": name, "rows": count} for name, count in manifest["rows"].items()]
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="content", alt="Rows per table")
    st.markdown(
        f":small[The same answers again: `cairn metric … --snapshot {snapshot.id}` as long as the "
        "snapshot is kept.]"
    )


def _definitions(snapshot: Snapshot) -> None:
    metrics = [
        {"definition": metric.id, "version": str(metric.version), "sha256": metric.sha256}
        for metric in definitions().values()
    ]
    facts = [
        {"definition": f"fact {name}", "version": None, "sha256": digest}
        for name, digest in snapshot.manifest["facts"].items()
    ]
    whole = [
        {"definition": name, "version": None, "sha256": snapshot.manifest[key]}
        for name, key in (("configuration", "configuration"), ("snapshot file", "sha256"))
    ]
    st.dataframe(
        pd.DataFrame([*metrics, *facts, *whole]),
        hide_index=True,
        placeholder="–",
        alt="Metrics and facts with their hashes",
    )
