"""What an account may read, for `cairn doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.airflow import assets, dags, newest, tasks
from connectors.airflow.api import AirflowApi
from connectors.credential import CredentialError
from connectors.http.errors import HttpError, Refused
from connectors.interface import Finding, Severity

_LISTS = {
    "dags": (dags.PATH, "DAGs"),
    "import errors": (dags.ERRORS_PATH, "import errors"),
    "runs": (newest.PATH, "DAGs and DAG runs"),
    "assets": (assets.PATH, "assets and asset aliases"),
    "tasks": (tasks.PATH, "DAGs, DAG runs and task instances"),
}
"""What is asked for, where, and what an account must be allowed to read for it."""


def findings(api: AirflowApi, source: str) -> Iterator[Finding]:
    """Yields the version, then what can be read of each list."""
    try:
        version = api.require_version()
    except (HttpError, CredentialError) as error:
        yield Finding(Severity.ERROR, error.what, error.where, error.fix)
        return
    yield Finding(Severity.OK, f"is Airflow {version}", source)
    for name, (path, right) in _LISTS.items():
        yield _finding(api, f"{source} {name}", path, right)


def _finding(api: AirflowApi, where: str, path: str, right: str) -> Finding:
    try:
        if path == tasks.PATH:
            api.post(path, {"page_limit": 1}).json()
        else:
            api.get(path, {"limit": 1}).json()
    except Refused as refused:
        what = f"refused: {refused.what}"
        needs = f"needed: the role Viewer, or one that may read {right}"
        return Finding(Severity.WARNING, what, where, f"{refused.fix} ({needs})")
    except (HttpError, CredentialError) as error:
        return Finding(Severity.ERROR, error.what, error.where, error.fix)
    return Finding(Severity.OK, "readable", where)
