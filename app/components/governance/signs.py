"""States of controls as people read them: a sign and a word, and colour only beside them."""

from __future__ import annotations

from data.controls.outcome import Counts
from data.controls.posture import Met, Stand
from data.controls.state import Reason, State

WORDS = {
    State.PASS: "pass",
    State.FAIL: "fail",
    State.ERROR: "error",
    State.UNKNOWN: "unknown",
    State.NOT_APPLICABLE: "not applicable",
    State.MANUAL: "attested",
}
WORST_FIRST = (State.FAIL, State.ERROR, State.UNKNOWN, State.MANUAL, State.PASS,
               State.NOT_APPLICABLE)  # fmt: skip
_SIGNS = {
    State.PASS: ("✓", "check_circle", "green"),
    State.FAIL: ("✗", "cancel", "red"),
    State.ERROR: ("!", "error", "red"),
    State.UNKNOWN: ("?", "help", "orange"),
    State.NOT_APPLICABLE: ("–", "remove", "gray"),
    State.MANUAL: ("✎", "edit_note", "blue"),
}
REASONS = {
    Reason.NO_PERMISSION: "no permission",
    Reason.NO_DATA: "not told",
    Reason.STALE: "too old",
    Reason.NOT_SUPPORTED: "its source never tells",
    Reason.NOT_ATTESTED: "nobody has answered",
    Reason.WITHHELD: "withheld",
}
MET = {
    Met.MET: ("check_circle", "green", "met"),
    Met.NOT_MET: ("cancel", "red", "not met"),
    Met.NOT_KNOWN: ("help", "orange", "not known"),
    Met.ATTESTED: ("edit_note", "blue", "attested"),
    Met.NOT_APPLICABLE: ("remove", "gray", "not applicable"),
    Met.NOT_IN_EFFECT: ("schedule", "gray", "not in effect"),
}


def signed(state: State) -> str:
    """Sign and word: `✗ fail`."""
    return f"{_SIGNS[state][0]} {WORDS[state]}"


def badge(state: State) -> str:
    """The same as a badge in Markdown."""
    _, icon, colour = _SIGNS[state]
    return f":{colour}-badge[:material/{icon}: {WORDS[state]}]"


def share(rate: float | None) -> str:
    """A rate, rounded down so that nearly all is never all; a dash where there is none."""
    return "–" if rate is None else f"{int(rate * 1000) / 10:.1f} %"


def hundredths(rate: float | None) -> float | None:
    """A rate for a column of numbers, rounded down likewise."""
    return None if rate is None else int(rate * 1000) / 10


def numbers(counts: Counts) -> str:
    """What members come to, the worst first: `12 fail, 3 unknown, 380 pass`."""
    told = [(counts.of(state), WORDS[state]) for state in WORST_FIRST]
    return ", ".join(f"{count:,} {word}" for count, word in told if count) or "none"


def summary(found: Stand) -> str:
    """How many controls have which state, in Markdown."""
    states = [(found.by_state.get(state, 0), state) for state in WORST_FIRST]
    told = " · ".join(f"{_SIGNS[s][0]} **{count}** {WORDS[s]}" for count, s in states if count)
    many = "1 control" if found.controls == 1 else f"{found.controls} controls"
    fails = found.counts.of(State.FAIL)
    waived = (
        f"{found.counts.waived:,} of them are waived, of "
        f"{'1 control' if found.with_waivers == 1 else f'{found.with_waivers} controls'}"
        if found.counts.waived
        else "none of them is waived"
    )
    rows = f" {fails:,} rows fail; {waived}." if fails else ""
    return f"{many}: {told}.{rows}"
