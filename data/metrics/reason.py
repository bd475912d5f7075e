"""Why a figure has no value."""

from __future__ import annotations

from enum import StrEnum


class NoValue(StrEnum):
    """Why a figure has no value. Each is shown as itself, never as zero."""

    NOTHING_DEPLOYED = "nothing_deployed"
    BEFORE_FIRST = "before_first_deployment"
    NOT_YET = "not_yet"
    NONE_IN_PERIOD = "none_in_period"
    NOT_KNOWN = "not_known"
    NO_BASELINE = "no_baseline"
    """Nobody has decided what it is compared with."""
    BASELINE_UNKNOWN = "baseline_unknown"
    """What it is compared with has no value, or a lower bound only."""
    UNLIKE = "unlike"
    """What it is compared with is measured in another way, or too little of either is known."""
    NOT_BILLED = "not_billed"
    """No bill holds the whole time; a day without one is unfinished, and not free."""
    PROVISIONAL = "provisional"
    """A bill was written before its period was over, and may change."""
    NO_RATE = "no_rate"
    """A rate of exchange is missing."""
    NOT_MEASURED = "not_measured"
    """Of something that is counted, too little was measured."""
    TOO_FEW = "too_few"
    """Fewer than the metric asks for."""
