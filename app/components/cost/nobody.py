"""What nobody has: by account, service, tag or reason, each with the lines or resources behind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.address import Address
from app.components.cost.behind import Figure, behind
from app.components.cost.console import console_column
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.cost.somebody import somebody
from app.components.cost.tags import tags_told
from app.components.openable import openable
from app.wording import plain
from data.costs.allocation.bucket import Bucket
from data.costs.consoles import console_address
from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot

BY = "by"
"""Key of the address."""
_KINDS = {"account": "Account", "sub_account": "Sub-account", "service": "Service", "tag": "Tag",
          "rule": "Reason"}  # fmt: skip
FIRST = next(iter(_KINDS))
_NONE = "none"


def nobody(snapshot: Snapshot, asked: Asked, address: Address) -> None:
    """Lists what is unallocated, by what the reader chooses."""
    by = address.choose(BY, list(_KINDS))
    st.segmented_control(
        "By",
        list(_KINDS),
        key=BY,
        format_func=_KINDS.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
    if by == "tag":
        _by_tag(snapshot, asked)
        return
    rows = answered(snapshot, "nobody_by", asked, by=by)
    if not rows:
        st.markdown(somebody(snapshot, asked, "charge"))
        return
    names = [_NONE if row["thing"] is None else row["thing"] for row in rows]
    amounts = [row["amount"] for row in rows]
    whole = None if None in amounts else sum(amounts, Decimal(0))
    openable(
        [_line(row, by, asked.currency or "", whole) for row in rows],
        opening(_kind(by), names),
        key=f"nobody by {by} {asked}",
        columns=_columns(asked.currency or ""),
        tall=(12, 460),
        alt=f"One row a {_KINDS[by].lower()}: how much of it nobody has",
    )
    extract = Extract.of(snapshot, "nobody_by", f"what nobody has, by {by}", asked, {"by": by})
    csv_button(extract, rows, count=len(rows), key="nobody csv", label="As CSV")
    name = open_of(_kind(by))
    if name in names:
        thing = rows[names.index(name)]["thing"]
        title = f"what nobody has{': ' if by == 'rule' else ' of '}{_said(thing, by)}"
        behind(snapshot, asked, Figure(title, {"bucket": Bucket.UNALLOCATED.value, by: thing}))


def _kind(by: str) -> str:
    """What its figures are called in the address, where those of other tables are called else."""
    return f"nobody-{by}"


def _said(thing: str | None, by: str) -> str:
    if by == "rule":
        return f"{thing}: its pool gave it to nobody" if thing else "no rule matches"
    return thing or f"no {_KINDS[by].lower()}"


def _line(row: Mapping[str, Any], by: str, currency: str, whole: Decimal | None) -> dict[str, Any]:
    return {
        _KINDS[by]: _said(row["thing"], by),
        "Cost": in_units(row["amount"], currency),
        "Share": float(row["amount"] / whole * 100) if whole is not None and whole > 0 else None,
        "Charges": row["rows"],
    }


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        **{title: config.TextColumn(width=150) for title in _KINDS.values()},
        "Charges": config.NumberColumn(format="localized", width=90),
        "Cost": amount_column(currency, label=f"Cost, {currency}"),
        "Share": config.NumberColumn(format="%.1f %%", width=80, help="Of what nobody has."),
    }


def _by_tag(snapshot: Snapshot, asked: Asked) -> None:
    rows = answered(snapshot, "nobody_by_tag", asked)
    if not rows:
        st.markdown(somebody(snapshot, asked, "charge"))
        return
    st.markdown(
        ":small[The tags that it does have, which a rule could match. A charge with several tags "
        "counts for each, so these do not add up.]"
    )
    names = [f"{row['tag'] or ''}={row['value'] or ''}" for row in rows]
    openable(
        [_of_tag(row, asked.currency or "") for row in rows],
        opening(_kind("tag"), names),
        key=f"nobody by tag {asked}",
        columns={"Tag": st.column_config.TextColumn(width=120),
                 "Value": st.column_config.TextColumn(width=120),
                 "Cost": amount_column(asked.currency or "", label=f"Cost, {asked.currency}"),
                 "Resources": st.column_config.NumberColumn(format="localized", width=90),
                 "Charges": st.column_config.NumberColumn(format="localized", width=90)},
        tall=(12, 460),
        alt="One row a tag and its value: how much of what nobody has carries it",
    )  # fmt: skip
    extract = Extract.of(snapshot, "nobody_by_tag", "what nobody has, by tag", asked)
    csv_button(extract, rows, count=len(rows), key="nobody csv", label="As CSV")
    name = open_of(_kind("tag"))
    if name in names:
        row = rows[names.index(name)]
        _resources(snapshot, asked, row["tag"], row["value"])


def _of_tag(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "Tag": row["tag"] or "no tag at all",
        "Value": row["value"],
        "Cost": in_units(row["amount"], currency),
        "Resources": row["resources"],
        "Charges": row["rows"],
    }


def _resources(snapshot: Snapshot, asked: Asked, tag: str | None, value: str | None) -> None:
    rows = answered(snapshot, "nobody_resources", asked, tag=tag, value=value)
    told = f"tag {tag} = {value}" if tag else "no tag"
    lines = [_resource(row, asked) for row in rows]
    with st.container(border=True):
        st.markdown(f"**Resources with {plain(told)}**, the dearest first")
        st.dataframe(
            filled(lines, "Resource", "Cost"),
            hide_index=True,
            placeholder="–",
            height="content" if len(rows) <= 12 else 460,
            column_config={
                "Cost": amount_column(asked.currency or "", label=f"Cost, {asked.currency}"),
                "Console": console_column(),
                "Row": st.column_config.NumberColumn(
                    format="localized",
                    width=60,
                    help="Of the file, the first after the head being 1.",
                ),
                "Charges": st.column_config.NumberColumn(format="localized", width=75),
            },
            alt="One row a resource in a month: its cost, and the row of its largest charge",
        )
        chosen = {"tag": tag, "value": value}
        extract = Extract.of(snapshot, "nobody_resources", f"resources with {told}", asked, chosen)
        csv_button(extract, rows, count=len(rows), key="resources csv", label="As CSV")


def _resource(row: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    return {
        "Resource": row["resource"],
        "Month": None if asked.month else f"{row['billing_month']:%Y-%m}",
        "Console": console_address(row["resource_id"]),
        "Cost": in_units(row[f"{asked.cost.value}_cost"], asked.currency or ""),
        "Service": row["service"],
        "Account": row["account"],
        "Sub-account": row["sub_account"],
        "Tags": tags_told(row["tags"]),
        "Largest in file": row["bill"],
        "Row": row["bill_row"],
        "Charges": row["rows"],
    }
