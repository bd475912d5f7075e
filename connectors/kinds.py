"""The kinds of source there are, and how a configured source becomes a connector."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from connectors.interface import Connector, Context
from data.configuration import (
    Configuration,
    ConfigurationError,
    SourceSettings,
    nearest,
    place_of,
    validate_settings,
)
from data.store.workspace import Workspace

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how many are done and, if known, of how many."""

_CLASSES = {
    "git": ("connectors.git.connector", "Git"),
    "gitops": ("connectors.gitops.connector", "GitOps"),
    "github": ("connectors.github.connector", "GitHub"),
    "gitlab": ("connectors.gitlab.connector", "GitLab"),
    "oci": ("connectors.oci.connector", "Oci"),
    "pagerduty": ("connectors.pagerduty.connector", "PagerDuty"),
    "alertmanager": ("connectors.alertmanager.connector", "Alertmanager"),
    "prometheus": ("connectors.prometheus.connector", "Prometheus"),
    "events": ("connectors.events.connector", "Events"),
    "airflow": ("connectors.airflow.connector", "Airflow"),
    "argocd": ("connectors.argocd.connector", "ArgoCd"),
    "mlflow": ("connectors.mlflow.connector", "MLflow"),
    "table": ("connectors.tables.connector", "TableFiles"),
    "bills": ("connectors.bills.connector", "Bills"),
    "dbt": ("connectors.files.dbt.connector", "Dbt"),
    "great_expectations": ("connectors.files.great_expectations.connector", "GreatExpectations"),
    "evidently": ("connectors.files.evidently.connector", "Evidently"),
    "terraform": ("connectors.files.terraform.connector", "Terraform"),
    "kubernetes": ("connectors.files.kubernetes.connector", "Kubernetes"),
    "dvc": ("connectors.files.dvc.connector", "Dvc"),
    "model_cards": ("connectors.files.model_cards.connector", "ModelCards"),
    "jenkins": ("connectors.jenkins.connector", "Jenkins"),
    "kubeflow": ("connectors.kubeflow.connector", "Kubeflow"),
    "wandb": ("connectors.wandb.connector", "Wandb"),
    "demo": ("connectors.demo", "Demo"),
}

KINDS = tuple(_CLASSES)
"""Names of all kinds of source."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A configured source, ready to be read."""

    connector: Connector
    settings: str
    """Changes when anything does that its pages or rows depend on: it is then read anew."""


def connector_class(kind: str) -> type[Connector]:
    """The class that reads sources of a kind; imported only when one is configured."""
    module, name = _CLASSES[kind]
    found: type[Connector] = getattr(import_module(module), name)
    return found


def connect_all(
    workspace: Workspace, configuration: Configuration, context: Context
) -> dict[str, Configured]:
    """Makes the connectors of all configured sources, by name, in their order.

    Raises:
        ConfigurationError: as `connect`.
    """
    return {
        source.name: Configured(
            connect(workspace, configuration, source, context), _settings_hash(source, context)
        )
        for source in configuration.source
    }


def connect(
    workspace: Workspace, configuration: Configuration, source: SourceSettings, context: Context
) -> Connector:
    """Makes the connector of one configured source.

    Raises:
        ConfigurationError: naming the line of an unknown kind or of a setting that is wrong.
    """
    index = configuration.source.index(source)
    path = workspace.configuration
    if source.kind not in _CLASSES:
        raise ConfigurationError(
            f"source `{source.name}` is of an unknown kind `{source.kind}`",
            place_of(path, ("source", index, "kind")),
            nearest(source.kind, KINDS),
        )
    chosen = connector_class(source.kind)
    settings = validate_settings(chosen.Settings, path, index, source.options)
    return chosen(source.name, settings, context)


def _settings_hash(source: SourceSettings, context: Context) -> str:
    text = f"{source.sha256} {context.hotfix_pattern}"
    return hashlib.sha256(text.encode()).hexdigest()
