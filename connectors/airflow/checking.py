"""What an account may read, for `cairn doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.airflow import assets, dags, newest, tasks
from connectors.airflow.api import AirflowApi
from connectors.credential import CredentialError
from connectors.http.errors import HttpError, Refused
from connectors.interface import Finding, Severity

_LISTS = {
    "dags": dags.PATH,
    "import errors": dags.ERRORS_PATH,
    "runs": newest.PATH,
    "assets": assets.PATH,
}
_NEEDS = "needed: the role Viewer"


def findings(api: AirflowApi, source: str) -> Iterator[Finding]:
    """Yields the version, then what can be read of each list."""
    try:
        version = api.require_version()
    except (HttpError, CredentialError) as error:
        yield Finding(Severity.ERROR, error.what, error.where, error.fix)
        return
    yield Finding(Severity.OK, f"is Airflow {version}", source)
    for name, path in _LISTS.items():
        yield _finding(api, f"{source} {name}", path, is_posted=False)
    yield _finding(api, f"{source} tasks", tasks.PATH, is_posted=True)


def _finding(api: AirflowApi, where: str, path: str, *, is_posted: bool) -> Finding:
    try:
        if is_posted:
            api.post(path, {"page_limit": 1}).json()
        else:
            api.get(path, {"limit": 1}).json()
    except Refused as refused:
        what = f"refused: {refused.what}"
        return Finding(Severity.WARNING, what, where, f"{refused.fix} ({_NEEDS})")
    except (HttpError, CredentialError) as error:
        return Finding(Severity.ERROR, error.what, error.where, error.fix)
    return Finding(Severity.OK, "readable", where)
