"""Turns what was checked on a pull request's last commit into rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from connectors.answers.moment import moment_or_none
from connectors.answers.understanding import UNREADABLE
from connectors.github.asking import Asking, row_id
from connectors.interface import Json
from data.model import CheckResult, CheckRun, Gap

_RESULTS = {
    "SUCCESS": CheckResult.SUCCESS,
    "FAILURE": CheckResult.FAILURE,
    "ERROR": CheckResult.FAILURE,
    "TIMED_OUT": CheckResult.FAILURE,
    "STARTUP_FAILURE": CheckResult.FAILURE,
    "ACTION_REQUIRED": CheckResult.FAILURE,
    "CANCELLED": CheckResult.CANCELLED,
    "SKIPPED": CheckResult.SKIPPED,
    "NEUTRAL": CheckResult.NEUTRAL,
    "STALE": CheckResult.NEUTRAL,
    "PENDING": CheckResult.RUNNING,
    "EXPECTED": CheckResult.RUNNING,
}


def check_rows(asking: Asking, repository: str, node: Json) -> Iterator[CheckRun | Gap]:
    """Checks and statuses of a pull request's last commit; a gap if they cannot be read."""
    try:
        yield from [_row(asking, repository, sha, context) for sha, context in _contexts(node)]
    except UNREADABLE as error:
        pull = f"pull/{node.get('number')}"
        yield asking.unreadable(repository, f"{pull}/checks", error, about=_about(node) or pull)


def _about(node: Json) -> str | None:
    """What the ids of its checks begin with; null where that is not told either."""
    with suppress(*UNREADABLE):
        return "".join(f"check/{commit['oid']}" for commit in _commits(node))
    return None


def running(node: Json) -> Sequence[str] | None:
    """What has not ended of a pull request's checks; null where GitHub does not tell them."""
    if any(not commit["statusCheckRollup"] for commit in _commits(node)):
        return None
    told = ((_key(context), _said(context)) for _, context in _contexts(node))
    return sorted(key for key, said in told if _RESULTS.get(said) is CheckResult.RUNNING)


def _commits(node: Json) -> Iterator[Json]:
    return (each["commit"] for each in node["lastCommit"]["nodes"] if each)


def _contexts(node: Json) -> Iterator[tuple[str, Json]]:
    """Checks and statuses, each with the commit it is about."""
    for commit in _commits(node):
        rollup = commit["statusCheckRollup"] or {}
        for context in (rollup.get("contexts") or {}).get("nodes", ()):
            if context:
                yield commit["oid"], context


def _key(context: Json) -> str:
    is_run = context["__typename"] == "CheckRun"
    return str(context["databaseId"]) if is_run else f"status/{context['context']}"


def _said(context: Json) -> str:
    is_run = context["__typename"] == "CheckRun"
    return str(context["conclusion"] or "PENDING" if is_run else context["state"])


def _row(asking: Asking, repository: str, sha: str, context: Json) -> CheckRun:
    is_run = context["__typename"] == "CheckRun"
    suite = context.get("checkSuite") or {}
    result = _RESULTS[_said(context)]
    ended = context.get("completedAt") if is_run else context["createdAt"]
    return CheckRun(
        id=row_id(repository, "check", sha, _key(context)),
        source=asking.source,
        url=context.get("url") or context.get("targetUrl"),
        repository=repository,
        sha=sha,
        name=context["name"] if is_run else context["context"],
        reporter=(suite.get("app") or {}).get("slug"),
        result=result.value,
        started_at=moment_or_none(context.get("startedAt")),
        completed_at=None if result is CheckResult.RUNNING else moment_or_none(ended),
    )
