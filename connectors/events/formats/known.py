"""The formats there are, by the names they have in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from connectors.events.formats.alertmanager import Alertmanager
from connectors.events.formats.cdevents import CDEvents
from connectors.events.formats.generic import Generic
from connectors.events.formats.github import GitHub
from connectors.events.formats.gitlab import GitLab
from connectors.events.formats.interface import Format
from connectors.events.formats.mapping import Rule
from connectors.events.formats.mlflow import MLflow
from connectors.events.formats.openlineage import OpenLineage
from connectors.interface import Json

_FIXED: tuple[type[Format], ...] = (OpenLineage, CDEvents, GitHub, GitLab, Alertmanager, MLflow)


class FormatName(StrEnum):
    """Names of formats."""

    OPENLINEAGE = OpenLineage.name
    CDEVENTS = CDEvents.name
    GITHUB = GitHub.name
    GITLAB = GitLab.name
    ALERTMANAGER = Alertmanager.name
    MLFLOW = MLflow.name
    JSON = Generic.name


Mapped = Mapping[str, Json]
"""What the settings say of JSON of any shape, as JSON: `id`, `at` and `map`."""


def format_class(name: FormatName) -> type[Format]:
    """The class of a format."""
    return next((one for one in _FIXED if one.name == name), Generic)


def format_of(name: FormatName, mapped: Mapped) -> Format:
    """The format of that name; what is mapped is for JSON of any shape alone."""
    chosen = format_class(name)
    if chosen is not Generic:
        return chosen()
    rules = [Rule.model_validate(rule) for rule in mapped["map"]]
    return Generic(rules, mapped["id"], mapped["at"])
