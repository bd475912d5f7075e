"""Which files of bills are in effect, and which were replaced, by what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.wording import moment
from data.costs.views.asked import Asked, answered
from data.costs.views.reconciled import File
from data.store.snapshot import Snapshot

_TALL = (12, 460)
_TELLS = {"whole": "both costs", "estimate": "an estimate of effective cost"}


def of_bills(files: Sequence[File]) -> str:
    """How many files are in effect, how many rows of them are refused, and how new they are."""
    held = [one for one in files if one.holds]
    if not held:
        return "no bill is in effect here"
    refused = sum(one.refused for one in files if one.holds or not one.taken)
    replaced = sum(one.replaced > 0 for one in files)
    newest = max(one.written_at for one in held)
    told = [
        f"in effect: {_many(len(held), 'file')}",
        f"the newest written {moment(newest)}",
        f"{_many(refused, 'row')} refused, which no sum has" if refused else "no row refused",
    ]
    told += [f"{_many(replaced, 'file')} replaced in whole or in part"] if replaced else []
    return " · ".join(told)


def bills_held(snapshot: Snapshot, asked: Asked, files: Sequence[File]) -> None:
    """Lists all files that were delivered, those in effect first."""
    if not files:
        st.markdown("No bill was delivered of what is chosen here.")
        return
    st.dataframe(
        filled([_shown(one) for one in files]),
        hide_index=True,
        placeholder="–",
        height="content" if len(files) <= _TALL[0] else _TALL[1],
        column_config=_columns(),
        alt="One row a file: whether it is in effect, what replaced it, its rows, and its hash",
    )
    extract = Extract.of(snapshot, "files", "files of bills", asked)
    csv_button(
        extract, lambda: answered(snapshot, "files", asked),
        count=len(files), key="files csv", label="Bills as CSV",
    )  # fmt: skip


def _shown(one: File) -> dict[str, Any]:
    return {
        "State": _state(one),
        "File": one.name,
        "Months": _months(one),
        "Rows": one.rows,
        "Refused": one.refused,
        "Written (UTC)": one.written_at,
        "Replaced by": one.replaced_by,
        "Accounts": one.accounts,
        "Source": one.source,
        "Delivery": one.delivery,
        "Tells": _TELLS.get(one.view, f"{one.view} cost"),
        "FOCUS": one.version,
        "Form": one.form,
        "SHA-256": one.sha256,
    }


def _state(one: File) -> str:
    if not one.taken:
        return "✗ nothing taken"
    if one.held == one.parts:
        return "✓ in effect"
    if one.held:
        return f"◐ {one.held} of {one.parts} parts in effect"
    return "↷ replaced" if one.replaced else "= came again"


def _months(one: File) -> str | None:
    if one.first_month is None or one.last_month is None:
        return None
    first, last = f"{one.first_month:%Y-%m}", f"{one.last_month:%Y-%m}"
    return first if first == last else f"{first} – {last}"


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "State": config.TextColumn(
            width=110,
            help="A part is an account, billing month, invoice and currency. Replaced: a newer "
            "bill is in effect instead. Came again: the same file under another name, which "
            "counts once.",
        ),
        "File": config.TextColumn(width=185),
        "Months": config.TextColumn(width=125),
        "Rows": config.NumberColumn(format="localized", width=60, help="Taken and refused."),
        "Refused": config.NumberColumn(format="localized", width=70),
        "Written (UTC)": config.DatetimeColumn(
            format="YYYY-MM-DD HH:mm", timezone="UTC", width=130
        ),
        "Replaced by": config.TextColumn(width=200),
        "SHA-256": config.TextColumn(width=150),
    }


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"
