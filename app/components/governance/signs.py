"""States of controls as people read them: a sign and a word, and colour only beside them."""

from __future__ import annotations

from app.components.sign import Sign
from data.controls.outcome import Counts
from data.controls.posture import Met, Stand
from data.controls.state import Reason, State

WORST_FIRST = (State.FAIL, State.ERROR, State.UNKNOWN, State.MANUAL, State.PASS,
               State.NOT_APPLICABLE)  # fmt: skip
SIGNS = {
    State.PASS: Sign("pass", "check_circle", "green", "✓"),
    State.FAIL: Sign("fail", "cancel", "red", "✗"),
    State.ERROR: Sign("error", "error", "red", "!"),
    State.UNKNOWN: Sign("unknown", "help", "orange", "?"),
    State.NOT_APPLICABLE: Sign("not applicable", "remove", "gray", "–"),
    State.MANUAL: Sign("attested", "edit_note", "blue", "✎"),
}
WORDS = {state: sign.word for state, sign in SIGNS.items()}
REASONS = {
    Reason.NO_PERMISSION: "no permission",
    Reason.NO_DATA: "not told",
    Reason.STALE: "too old",
    Reason.NOT_SUPPORTED: "its source never tells",
    Reason.NOT_ATTESTED: "nobody has answered",
    Reason.WITHHELD: "withheld",
}
MET = {
    Met.MET: Sign("met", "check_circle", "green"),
    Met.NOT_MET: Sign("not met", "cancel", "red"),
    Met.NOT_KNOWN: Sign("not known", "help", "orange"),
    Met.ATTESTED: SIGNS[State.MANUAL],
    Met.NOT_APPLICABLE: SIGNS[State.NOT_APPLICABLE],
    Met.NOT_IN_EFFECT: Sign("not in effect", "schedule", "gray"),
}


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
    states = [(found.by_state.get(state, 0), SIGNS[state]) for state in WORST_FIRST]
    told = " · ".join(f"{s.mark} **{count}** {s.word}" for count, s in states if count)
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
