"""The population of a control, and the counts that add up to it: in words and as a table."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from app.components.governance.signs import REASONS, WORDS, WORST_FIRST
from app.wording import plain
from data.controls.definition import Control
from data.controls.outcome import Outcome
from data.controls.reconciliation import Reconciliation
from data.controls.state import State


def population(outcome: Outcome, found: Reconciliation) -> None:
    """Shows what was told of, what was left out and why, and what became of the rest."""
    st.header("Population", anchor="population")
    st.markdown(in_words(outcome, found))
    lines = list(_lines(outcome, found))
    st.table(
        {"Rows": [count for count, _ in lines], "Which": [which for _, which in lines]},
        border="horizontal",
        hide_index=True,
        alt=f"The population of {outcome.control.id}, what is left out of it, and its states",
    )


def in_words(outcome: Outcome, found: Reconciliation) -> str:
    """The sum in one sentence, with a sign whether it comes out."""
    one, many = outcome.control.counts
    left = sum(found.left_out.values())
    told = f"{found.told:,} {one if found.told == 1 else many} told of in the period"
    less = f", less {left:,} left out on purpose" if left else ""
    more = f", and {_places(found.places)} that cannot be seen" if found.places else ""
    states = [(found.by_state.get(state, 0), WORDS[state]) for state in WORST_FIRST]
    parts = " + ".join(f"{count:,} {word}" for count, word in states if count) or "none"
    sign = ":material/check_circle:" if found.adds_up else (
        ":material/error: **does not add up:**")  # fmt: skip
    return f"{sign} {told}{less}{more} = {parts}. :small[Counted twice, by statements of its own.]"


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count:,} places"


def _lines(outcome: Outcome, found: Reconciliation) -> Iterator[tuple[str, str]]:
    control = outcome.control
    yield f"**{found.told:,}**", f"**{plain(control.counts[1])} that its sources tell of**"
    for name, count in found.left_out.items():
        yield _signed("−", count), f"left out, {plain(name)}: {plain(_why(control, name))}"
    if found.places:
        yield _signed("+", found.places), "places where there may be more that nobody can see"
    yield f"**{_signed('=', found.members + found.places)}**", "**the population**"
    for state in WORST_FIRST:
        count = found.by_state.get(state, 0)
        if count:
            yield f"{count:,}", WORDS[state] + _detail(outcome, state)


def _signed(sign: str, count: int) -> str:
    """A sign and a count that stay in one line, and are no list to Markdown: `+ 4` would be one."""
    return f"{sign}\N{NO-BREAK SPACE}{count:,}"


def _why(control: Control, name: str) -> str:
    return next((one.why for one in control.excluded if one.name == name), "")


def _detail(outcome: Outcome, state: State) -> str:
    counts = outcome.counts
    if state is State.UNKNOWN:
        reasons = sorted(counts.unknown_by.items(), key=lambda one: -one[1])
        told = ", ".join(f"{count:,} {REASONS[reason]}" for reason, count in reasons)
        return f": {told}" if told else ""
    if state is State.FAIL and counts.waived:
        return f", {counts.waived:,} of them waived"
    return ""
