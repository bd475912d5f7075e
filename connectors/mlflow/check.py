"""What `cairn doctor` says of an MLflow server."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from connectors.http.errors import HttpError, NotFound, Refused, Unauthorized
from connectors.interface import Finding, Json, Severity
from connectors.mlflow.api import Server
from connectors.mlflow.naming import pairs

_OLDEST = 2
"""Major version from which registry and runs are asked for as they are here."""
_SHOWN = 12


def findings(server: Server) -> Iterator[Finding]:
    """Asks for one page of each kind, and names what tells which version is in production.

    Raises:
        HttpError: if the server cannot be reached.
    """
    yield _version(server)
    yield from _models(server)
    yield from _readable(server, "model-versions/search", "the right to read registered models")
    yield _experiments(server)


def _version(server: Server) -> Finding:
    if server.is_gitlab:
        what = "GitLab's registry: no aliases, no stages, the newest version of each model alone"
        return Finding(Severity.WARNING, what, server.address)
    try:
        version = server.version()
    except Unauthorized:
        raise
    except (NotFound, Refused):
        version = ""
    major = re.match(r"(\d+)\.\d+", version)
    if major is None:
        what = "does not tell its version; 2 and 3 are supported"
        return Finding(Severity.WARNING, what, server.address)
    if int(major[1]) < _OLDEST:
        what = f"is MLflow {version}, which is not supported"
        return Finding(Severity.ERROR, what, server.address, "update the server to 2.3 or later")
    return Finding(Severity.OK, f"is MLflow {version}", server.address)


def _models(server: Server) -> Iterator[Finding]:
    where = f"{server.address} registered models"
    try:
        answer = server.get("registered-models/search", {"max_results": 1000})
    except HttpError as error:
        yield _failed(error, where, "the right to read registered models")
        return
    models = answer.get("registered_models") or []
    aliases = Counter(told["alias"] for model in models for told in model.get("aliases") or [])
    versions = [v for model in models for v in model.get("latest_versions") or []]
    stages = Counter(v["current_stage"] for v in versions if v.get("current_stage") not in _NONE)
    tags = Counter(key for v in versions for key in pairs(v))
    more = "at least " if answer.get("next_page_token") else ""
    yield Finding(Severity.OK, f"readable; {more}{len(models)} models", where)
    for kind, found in (("aliases", aliases), ("stages", stages), ("tags of versions", tags)):
        yield Finding(Severity.OK, f"{kind} in use: {_named(found)}", where)


_NONE: Iterable[Json] = (None, "", "None")


def _named(found: Counter[str]) -> str:
    if not found:
        return "none"
    return ", ".join(f"{name} ({count})" for name, count in found.most_common(_SHOWN))


def _readable(server: Server, path: str, needs: str) -> Iterator[Finding]:
    where = f"{server.address} {path}"
    if server.is_gitlab:
        return
    try:
        server.get(path, {"max_results": 1})
    except HttpError as error:
        yield _failed(error, where, needs)
    else:
        yield Finding(Severity.OK, f"readable ({needs})", where)


def _experiments(server: Server) -> Finding:
    where, needs = f"{server.address} experiments and runs", "the right to read experiments"
    try:
        pages = server.searched("experiments/search", {"max_results": 1}, "experiments", str)
        ids = [item["experiment_id"] for item in next(pages).items]
        if ids:
            asked = {"experiment_ids": ids, "max_results": 1}
            next(server.searched("runs/search", asked, "runs", str))
    except HttpError as error:
        return _failed(error, where, needs)
    return Finding(Severity.OK, f"readable ({needs})", where)


def _failed(error: HttpError, where: str, needs: str) -> Finding:
    if isinstance(error, Refused):
        fix = f"{error.fix} (needed: {needs})"
        return Finding(Severity.WARNING, f"refused: {error.what}", where, fix)
    return Finding(Severity.ERROR, error.what, where, error.fix)
