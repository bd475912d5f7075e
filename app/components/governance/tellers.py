"""Which kind of source tells which kind of evidence, in words for a reader who lacks it."""

from __future__ import annotations

_HOSTS = "a Git host: kind `github` or `gitlab`"
_REGISTRY = "a model registry: kind `mlflow`"
_TELLERS = {
    "repository": _HOSTS,
    "change": _HOSTS,
    "commit": "a repository: kind `git`, `github` or `gitlab`",
    "review": _HOSTS,
    "change_commit": _HOSTS,
    "check_run": _HOSTS,
    "protection": _HOSTS,
    "environment": _HOSTS,
    "organisation": _HOSTS,
    "member_access": _HOSTS,
    "audit_event": _HOSTS,
    "reuse": _HOSTS,
    "security_finding": _HOSTS,
    "version": _HOSTS,
    "deployment": "a source of deployments: kind `gitops`, `argocd`, `github`, `gitlab`, or `git` "
    "with `deploy_tags`",
    "incident": "a source of incidents: kind `pagerduty`, or issues of `github` and `gitlab`",
    "alert": "kind `alertmanager` or `prometheus`",
    "indicator": "kind `prometheus`, or `events`",
    "pipeline_run": "an orchestrator or CI: kind `airflow`, `jenkins`, `github` or `gitlab`",
    "task_run": "an orchestrator: kind `airflow`",
    "data_check": "checks of data: kind `dbt`, `great_expectations` or `evidently`",
    "model": _REGISTRY,
    "model_version": _REGISTRY,
    "model_event": _REGISTRY,
    "training_run": "kind `mlflow` or `wandb`",
    "evaluation": "kind `mlflow`, `wandb` or `evidently`",
    "model_card": "kind `model_cards`",
    "artifact": "an image registry: kind `oci`",
}


def teller(entity: str) -> str:
    """Which kind of source would tell it."""
    for name in (entity, *_parts(entity)):
        if name in _TELLERS:
            return _TELLERS[name]
    return "a source of your own: `events`, or `table` with a mapping"


def _parts(entity: str) -> list[str]:
    """What a part of an entity is a part of: `code_finding` of a security finding."""
    if entity.endswith("_finding"):
        return ["security_finding"]
    return ["member_access"] if entity.endswith("_access") else []
