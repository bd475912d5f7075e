"""The files of a statement: the same bytes as `cairn cost statement` writes, and logged."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.components.taken import download, not_logged
from app.reports.statement.format import Format, export_of, written
from app.reports.statement.shown import Shown
from data.costs.statement.month import named
from data.trail.exported import Through

_LABELS = {
    Format.PDF: "PDF",
    Format.XLSX: "Workbook",
    Format.CSV: "Lines as CSV",
    Format.JSON: "JSON",
    Format.TEXT: "Text",
}


def statement_files(shown: Shown) -> None:
    """Shows a button for each format; a file is made when it is asked for, beside the page."""
    name = "_".join(filter(None, ("statement", named(shown.statement.month), shown.team)))
    with st.container(horizontal=True):
        for style, label in _LABELS.items():
            download(
                label,
                partial(written, shown, style),
                f"{name}.{style.suffix}",
                export_of(shown, style, Through.PAGE, None),
                key=f"{name} as {style.value}",
                mime=style.mime,
                is_alone=False,
            )
    not_logged()
