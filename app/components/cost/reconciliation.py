"""Why the sum is right: bills in, where they went, what lies between, and the state of the checks.

Every page of costs shows the strip; what it stands for is folded below it, or shown at length.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import streamlit as st

from app.components.cost.bills_held import bills_held, of_bills
from app.components.cost.buckets import LOOKS
from app.components.cost.checked import badge_of, broken, checked
from app.components.cost.estimates import estimates_table, is_opened, left_out_in_words
from app.components.cost.money import money, number, parts_in_units
from app.components.cost.reconciled import reconciled
from app.components.published import workspace
from app.wording import listed, plain
from data.costs.money import exact
from data.costs.statement.as_kept import as_kept
from data.costs.views.asked import Asked, Cost
from data.costs.views.estimates import Estimate, estimates
from data.costs.views.reconciled import Check, State, Sum, checks, files, lines, sums
from data.store.snapshot import Snapshot

_MOST_UNTOLD = 6
_STANDS = {State.HOLDS: "hold", State.BROKEN: "broken", State.UNKNOWN: "not known"}
"""States that are worth a badge, of several checks."""


def reconciliation(
    snapshot: Snapshot, asked: Asked, *, is_whole: bool = False, is_of_one: bool = False
) -> None:
    """Shows the strip, and what it stands for.

    Args:
        snapshot: whose costs.
        asked: which of them.
        is_whole: whether all is shown at length; else it is folded.
        is_of_one: whether the page is of one team, so that the strip says it is of all.
    """
    made = checks(snapshot)
    made = (*made, as_kept(workspace())) if made else made
    found = lines(snapshot, asked)
    totals = sums(found)
    with st.container(border=True, gap="xsmall"):
        st.markdown(" ".join(_signs(totals, made)))
        for one in made:
            if one.state is State.UNKNOWN:
                st.markdown(_not_known(one))
        for total in totals:
            st.markdown(equation(total))
        if untold := {(line.account, line.month) for line in found if not line.is_told}:
            st.markdown(_untold(asked, untold))
        if estimated := _estimates(snapshot, asked):
            st.markdown(left_out_in_words(estimated))
        of_all = "Of all teams, whichever is chosen · " if is_of_one else ""
        st.markdown(f":small[{of_all}{of_bills(files(snapshot, asked))}]")
    broken(snapshot, made)
    if is_whole:
        _whole(snapshot, asked, made)
        return
    with st.expander("Why the sum is right", expanded=is_opened(), icon=":material/balance:"):
        _whole(snapshot, asked, made)


def equation(total: Sum) -> str:
    """What came in and where it went, as one line of Markdown."""
    parts = parts_in_units(total.buckets, total.currency)
    added = " + ".join(
        f"{LOOKS[bucket].title.lower()} {number(amount, total.currency)}"
        for bucket, amount in parts.items()
        if total.buckets[bucket]
    )
    return (
        f"**{plain(money(total.amount, total.currency))}** in {_rows(total.rows)} of bills = "
        f"{plain(added) or '0'} · difference **{plain(exact(total.difference))}**"
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _whole(snapshot: Snapshot, asked: Asked, made: Sequence[Check]) -> None:
    st.subheader("From the bills to the teams", anchor="reconciled")
    reconciled(snapshot, asked, lines(snapshot, asked))
    if estimated := _estimates(snapshot, asked):
        st.subheader("Estimates, which are not billed", anchor="estimates")
        estimates_table(snapshot, asked, estimated)
    st.subheader("What is checked", anchor="checks")
    checked(snapshot, made)
    st.subheader("The bills", anchor="bills")
    bills_held(snapshot, asked, files(snapshot, asked))


def _not_known(check: Check) -> str:
    """Which check is not known, and of how much."""
    of = f"of {check.unknown:,} of {check.compared:,} that were looked at"
    return f":small[:material/help: Not known {of}: **{plain(check.title)}**, as told below]"


def _estimates(snapshot: Snapshot, asked: Asked) -> tuple[Estimate, ...]:
    """What the sum leaves out, since nothing of it is billed."""
    return estimates(snapshot, asked) if asked.cost is Cost.BILLED else ()


def _untold(asked: Asked, untold: Collection[tuple[str, date]]) -> str:
    """What no sum has, since no bill tells it."""
    named = [f"{account} in {month:%Y-%m}" for account, month in sorted(untold)]
    return (
        f":material/help: No bill tells the **{asked.cost.value}** cost of "
        f"{plain(listed(named, _MOST_UNTOLD))}: no sum of that cost has it."
    )


def _signs(totals: Sequence[Sum], made: Sequence[Check]) -> list[str]:
    if not totals:
        return [":gray-badge[:material/remove: no bill is in effect here]"]
    if all(total.adds_up for total in totals):
        signs = [":green-badge[:material/check_circle: adds up exactly]"]
    else:
        signs = [":red-badge[:material/error: does not add up]"]
    for state, words in _STANDS.items():
        count = sum(one.state is state for one in made)
        if count:
            signs.append(badge_of(state, f"{count} of {len(made)} checks {words}"))
    return signs
