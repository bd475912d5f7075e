"""What the rules page of a server says: how often it evaluates, what fires now, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.answers.moment import moment
from connectors.answers.understanding import UNREADABLE
from connectors.interface import Json
from connectors.prometheus.labels import Labels, checked, fingerprint

_SHORTEST_STEP_SECONDS = 60
_TEMPLATE = re.compile(r"\{\{-?\s*\$labels\.(\w+)\s*-?\}\}")
_LONGEST_WORDS = 200
_WORDS = ("summary", "message", "description")


@dataclass(frozen=True, slots=True)
class Current:
    """An alert that fires now."""

    labels: Labels
    active_at: int
    seen_at: int
    """When its rule was evaluated last."""
    summary: str | None


def rules_of(answer: Json) -> Iterator[tuple[Json, Json]]:
    """The alerting rules, each with its group.

    Raises:
        LookupError, TypeError: if it is no list of rules.
    """
    for group in answer["data"]["groups"]:
        for rule in group["rules"]:
            if rule.get("type", "alerting") == "alerting":
                yield group, rule


def step_seconds(answer: Json) -> int:
    """A step in which each rule is evaluated twice."""
    intervals = [float(group["interval"]) for group, _ in rules_of(answer)]
    return max(_SHORTEST_STEP_SECONDS, 2 * round(max(intervals, default=0)))


def firing_items(answer: Json) -> Sequence[tuple[Json, Json]]:
    """What fires now as told, each with its rule, to be read by `current_of`."""
    return [
        (rule, alert)
        for _, rule in rules_of(answer)
        for alert in rule.get("alerts") or ()
        if alert.get("state") == "firing"
    ]


def current_of(rule: Json, alert: Json) -> Current:
    """Reads one.

    Raises:
        LookupError, TypeError, ValueError: if it is not as it should be.
    """
    return Current(
        labels=checked(alert["labels"]),
        # Whole seconds, as `ALERTS_FOR_STATE` tells the same time.
        active_at=int(moment(alert["activeAt"]).timestamp()),
        seen_at=int(moment(rule["lastEvaluation"]).timestamp()),
        summary=_words(alert.get("annotations")),
    )


def words_now(answer: Json) -> Mapping[str, str]:
    """What each alert says that fires now, by `word_key`."""
    found: dict[str, str] = {}
    for rule, alert in firing_items(answer):
        try:
            current = current_of(rule, alert)
        except UNREADABLE:
            continue  # told where its row would be
        if current.summary:
            key = word_key(fingerprint(current.labels), current.active_at)
            found[key] = current.summary[:_LONGEST_WORDS]
    return found


def word_key(digest: str, active_at: int) -> str:
    """What one time that an alert fires is known by."""
    return f"{digest}/{active_at}"


def summary_of(answer: Json, labels: Labels) -> str | None:
    """What the rule of an alert says, if that can be told from the alert's labels alone."""
    for _, rule in rules_of(answer):
        own = rule.get("labels") or {}
        plain = {name: text for name, text in own.items() if "{{" not in text}
        if rule.get("name") == labels.get("alertname") and plain.items() <= labels.items():
            # A template knows the labels of the expression only.
            told = {n: v for n, v in labels.items() if n not in own and n != "alertname"}
            return _filled(_words(rule.get("annotations")) or "", told, own)
    return None


def _filled(template: str, labels: Labels, hidden: Labels) -> str | None:
    if any(name in hidden for name in _TEMPLATE.findall(template)):
        return None
    text = _TEMPLATE.sub(lambda found: labels.get(found[1], ""), template)
    return text if text and "{{" not in text else None


def _words(annotations: Json) -> str | None:
    told = annotations if isinstance(annotations, dict) else {}
    return next((str(told[name]) for name in _WORDS if told.get(name)), None)
