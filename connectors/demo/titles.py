"""Titles as a logistics company would write them, from a small grammar."""

from __future__ import annotations

import re

from connectors.demo.dice import Dice

_FEATURE = ("Add", "Show", "Export", "Cache", "Group", "Expose", "Import", "Sort", "Highlight")
_FIX = (
    "Fix missing",
    "Fix order of",
    "Handle empty",
    "Retry failed",
    "Stop duplicate",
    "Correct time zone of",
    "Round",
    "Keep",
    "Escape names in",
)
_CHORE = ("Simplify", "Split", "Speed up", "Test", "Log", "Rename", "Validate", "Document")
_TAILS = (
    "",
    "",
    "",
    " per depot",
    " for night shifts",
    " in the driver app",
    " when a depot is offline",
    " on slow networks",
    " for cross-border loads",
    " before cut-off",
    " after a re-plan",
    " for bulk customers",
    " behind a switch",
    " in the weekly export",
    " for partial deliveries",
)
_KINDS = (("feature", _FEATURE), ("fix", _FIX), ("chore", _CHORE))

_SYMPTOMS = (
    "{topic} fail at the {place}",
    "{topic} delayed by more than an hour",
    "Errors while saving {topic}",
    "{topic} missing after the release",
    "Slow responses for {topic}",
    "{topic} shown twice",
    "Wrong {topic} for some customers",
    "Time-outs on {topic} at the {place}",
)
_PLACES = ("harbour depot", "night hub", "northern depot", "airport desk", "customer portal")
_ELSEWHERE = (
    "Power cut at the {place}",
    "Network provider down near the {place}",
    "Partner feed late at the {place}",
    "Label printers offline at the {place}",
)
_SEVERITIES = ("minor", "minor", "minor", "major", "major", "critical")


def change(dice: Dice, topics: tuple[str, ...]) -> tuple[str, str]:
    """A planned change: its title and the branch it was made on."""
    kind, verbs = dice.pick(_KINDS)
    task = f"{dice.pick(verbs)} {dice.pick(topics)}"
    return f"{task}{dice.pick(_TAILS)}", f"{kind}/{_slug(task)}"


def hotfix(dice: Dice, topics: tuple[str, ...]) -> tuple[str, str]:
    """A repair in a hurry. One in three is only marked by its branch."""
    title = f"{dice.pick(_FIX)} {dice.pick(topics)}"
    branch = f"hotfix/{_slug(title)}"
    return (title if dice.chance(1 / 3) else f"Hotfix: {title[0].lower()}{title[1:]}"), branch


def revert(title: str) -> tuple[str, str]:
    """The change that undoes the one with this title."""
    return f'Revert "{title}"', f"revert/{_slug(title)}"


def incident(dice: Dice, topics: tuple[str, ...]) -> str:
    """What users saw when a service went wrong."""
    text = dice.pick(_SYMPTOMS).format(topic=dice.pick(topics), place=dice.pick(_PLACES))
    return text[0].upper() + text[1:]


def elsewhere(dice: Dice) -> str:
    """Something that happened to the company and not to a service."""
    return dice.pick(_ELSEWHERE).format(place=dice.pick(_PLACES))


def severity(dice: Dice) -> str:
    """How bad it was, in the words of the status page."""
    return dice.pick(_SEVERITIES)


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z]+", title.lower()))
