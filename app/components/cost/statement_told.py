"""A statement on the page: who has what, why the sum is right, and what corrects earlier months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.buckets import title_of
from app.components.cost.money import amount_column, money
from app.reports.statement import tables
from app.reports.statement.shown import Shown, Sum
from app.wording import plain
from data.costs.allocation.cents import places_of

_SUMS = ("due", "rounded", "difference")
_TEAMS = "Charged to teams"
_MOST = 500
"""Lines of corrections that are shown; the files have all."""
_TALL, _MANY = (15, 565), (40, 1_445)


def sums(shown: Shown, titles: Mapping[str, str]) -> None:
    """Lists what each team has, and what nobody has, each currency for itself.

    Args:
        shown: the statement.
        titles: what teams are called.
    """
    found = shown.sums()
    if shown.is_estimated:
        st.markdown(
            "**Nothing is billed of this team**, so that no amount is due: all that it has is "
            "estimated, and stands [below](#estimated)."
        )
        return
    currencies = {one.currency for one in found}
    lines = [
        {
            "Whose": titles.get(one.whose, one.whose) if one.is_team else one.whose,
            "Currency": one.currency,
            "Due": one.amount,
            "Charges": one.charges,
            "Corrections": one.corrections,
        }
        for one in found
    ]
    st.markdown(in_all(found, titles.get(shown.team, shown.team) if shown.team else None))
    st.dataframe(
        lines,
        hide_index=True,
        height="content" if len(lines) <= _MANY[0] else _MANY[1],
        column_config={
            "Whose": st.column_config.TextColumn(width=150),
            "Currency": st.column_config.TextColumn(width=75),
            "Due": amount_column(
                *currencies, help="Charges and corrections together, in whole cents."
            ),
            "Charges": amount_column(*currencies, help="Of the month itself."),
            "Corrections": amount_column(*currencies, help="Of months before."),
        },
        alt="One row a team and currency, then what nobody has: due, charges and corrections",
    )
    st.markdown(f":small[{_reported(shown)}]")


def in_all(found: Sequence[Sum], team: str | None = None) -> str:
    """What teams are charged and what is left, each currency for itself, as Markdown.

    Args:
        found: the sums.
        team: what the one team is called whose they are; None: they are of all.
    """
    added: dict[str, dict[str, Decimal]] = {}
    for one in found:
        whose = _TEAMS if one.is_team else one.whose
        of = added.setdefault(whose, {})
        of[one.currency] = of.get(one.currency, Decimal(0)) + one.amount
    told = {
        whose: " and ".join(money(amount, name) for name, amount in of.items())
        for whose, of in added.items()
    }
    charged = f"Charged to {plain(team)}" if team else _TEAMS
    parts = [f"**{charged}: {plain(told[_TEAMS])}**"] if _TEAMS in told else []
    parts += [plain(f"{whose}: {sums_}") for whose, sums_ in told.items() if whose != _TEAMS]
    return " · ".join(parts)


def proof(shown: Shown) -> None:
    """The way from the bills to what is charged, step by step and to the last digit."""
    columns = tables.proof_columns(shown)
    rows = list(tables.proof(shown))
    bold = {tables.PROOF[name] for name in _SUMS}
    st.table(
        {
            "Step" if name == "what" else name: [
                _cell(row, name, is_bold=row["what"] in bold) for row in rows
            ]
            for name in columns
        },
        border="horizontal",
        width="content",
        hide_index=True,
        alt="From what the bills say to what is charged: one row a step, one column a currency",
    )
    st.markdown(
        ":small[Whole cents where teams are charged, all digits elsewhere. The sums are of all "
        "teams, whichever is chosen.]"
    )


def corrections(shown: Shown, titles: Mapping[str, str]) -> None:
    """Lists the lines that correct earlier months, by the titles of teams."""
    found = [row for row in tables.lines(shown) if row["why"]]
    if not found:
        st.markdown("Nothing in it corrects an earlier month.")
        return
    st.dataframe(
        [_correction(row, titles) for row in found[:_MOST]],
        hide_index=True,
        placeholder="–",
        height="content" if len(found) <= _TALL[0] else _TALL[1],
        column_config={
            "What": st.column_config.TextColumn(width=150),
            "Whose": st.column_config.TextColumn(width=100),
            "Where from": st.column_config.TextColumn(width=150),
            "Amount": amount_column(*{row["currency"] for row in found}),
        },
        alt="One row a line that corrects an earlier month: of which, why, whose, and how much",
    )
    if len(found) > _MOST:
        st.markdown(f":small[The first {_MOST:,} of {len(found):,} lines; the files have all.]")


def estimated(shown: Shown) -> None:
    """Lists what sources estimate that never tell what is billed; nothing if none does."""
    found = list(tables.estimated(shown))
    if not found:
        return
    st.header("Estimated, and in no sum", anchor="estimated")
    st.dataframe(
        [{name.capitalize(): value for name, value in row.items()} for row in found],
        hide_index=True,
        placeholder="–",
        height="content" if len(found) <= _TALL[0] else _TALL[1],
        alt="One row is what one has of what a source estimates, which bills of the provider tell",
    )


def _correction(row: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "What": row["what"],
        "Whose": titles.get(row["team"] or "", row["whose"]),
        "Amount": row["amount"],
        "Currency": row["currency"],
        "Where from": row["why"],
        "Service": row["service"],
        "Account": row["account"],
        "Bucket": title_of(row["bucket"]),
    }


def _cell(row: Mapping[str, Any], name: str, *, is_bold: bool) -> str:
    value = row.get(name)
    words = str(value) if name == "what" else _number(value)
    return f"**{plain(words)}**" if is_bold else plain(words)


def _number(text: str | None) -> str:
    if text is None:
        return "–"
    return f"{Decimal(text):,f}".replace("-", "\N{MINUS SIGN}")


def _reported(shown: Shown) -> str:
    currency, total, why = shown.reported()
    if currency is None or total is None:
        return plain(f"No sum in one currency: {why}.")
    told = f"{total:,.{places_of(currency)}f} {currency}"
    return plain(f"In all {told} at the rates of the statement{tables.without(shown)}.")
