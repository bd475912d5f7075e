"""Which issues are incidents, by the user's labels or titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.hosting.selection import matches
from data.configuration import compiled


def _regex(pattern: str) -> str:
    compiled(pattern)
    return pattern


class IncidentRule(BaseModel):
    """Issues that are incidents, and what their labels say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    repositories: Annotated[
        tuple[str, ...], Field(description="patterns of repositories it is for; all if empty")
    ] = ()
    labels: Annotated[
        tuple[str, ...], Field(description="labels one of which makes an issue an incident")
    ] = ()
    title: Annotated[
        Annotated[str, AfterValidator(_regex)] | None,
        Field(description="regular expression of titles that do"),
    ] = None
    severity_labels: Annotated[
        tuple[str, ...],
        Field(description="patterns of labels that tell the severity, as `sev*`"),
    ] = ("sev*", "severity*", "p[0-4]", "priority*")
    service_label: Annotated[
        str, Field(description="what a label that names the service begins with; empty: none")
    ] = "service:"
    environment_label: Annotated[
        str, Field(description="what a label that names the environment begins with; empty: none")
    ] = "environment:"

    def fits(self, repository: str) -> bool:
        """Whether it is for a repository."""
        return matches(repository, self.repositories or ("*",))

    def is_incident(self, title: str, labels: Sequence[str]) -> bool:
        """Whether an issue is one as it is now."""
        bears = {label.lower() for label in labels}
        is_labelled = any(label.lower() in bears for label in self.labels)
        return is_labelled or bool(self.title and re.search(self.title, title))

    def read(self, labels: Sequence[str]) -> Labelled:
        """What the labels say."""
        return Labelled(
            next((label for label in labels if matches(label, self.severity_labels)), None),
            _after(self.service_label, labels),
            _after(self.environment_label, labels),
        )


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the labels of an incident say; null what none does."""

    severity: str | None
    service: str | None
    environment: str | None


def _after(prefix: str, labels: Sequence[str]) -> str | None:
    named = (label for label in labels if label.lower().startswith(prefix.lower()))
    found = next(named, "")[len(prefix) :].strip() if prefix else ""
    return found or None
