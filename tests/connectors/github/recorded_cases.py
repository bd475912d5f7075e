"""Which recordings go through which reader, and how many rows must come of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.model import (
    Deployment,
    Environment,
    MemberAccess,
    Pipeline,
    PipelineRun,
    Record,
    Repository,
    SecurityFinding,
)
from tests.connectors.github.past import Told
from tests.connectors.github.recordings import Recording

REPOSITORY = "/repos/{owner}/{repo}"
RUNS, WORKFLOWS, ENVIRONMENTS = "actions/runs", "actions/workflows", "environments"


@dataclass(frozen=True)
class Kind:
    """Things that one reader asks for, and their rows."""

    stream: str
    row: type[Record]
    named: Callable[[Any], object]
    """Tells which one a told thing is."""
    names: Callable[[Any], str]
    """Tells the same of its row."""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Recordings of one path, told where the reader asks."""

    kind: Kind
    template: str
    """Recordings of this path, which begins at the repository or with a slash."""
    path: str
    """Where the reader asks, below the repository."""
    listed: str = ""
    """What the list is called in the answer; empty if the answer is the list."""
    is_alone: bool = False
    """Whether one thing was recorded by itself: it is told on a list of one."""
    recent: int = 0
    """Rows that come of recordings since 2023, at least; nothing of these is left out."""
    of_old: int = 0
    """The same of older ones."""
    unread: int = 0
    """Things of older ones that lack what today's have, at most."""

    @property
    def recorded(self) -> str:
        """The whole template."""
        return self.template if self.template[:1] == "/" else f"{REPOSITORY}/{self.template}"

    def items(self, seen: Recording) -> Sequence[Any]:
        """What was recorded."""
        if self.is_alone or not self.path:
            return [seen.told]
        return list(seen.told[self.listed] if self.listed else seen.told)

    def told(self, seen: Recording) -> Told:
        """What the reader is answered."""
        path = f"repos/{seen.repository}/{self.path}".rstrip("/")
        if not self.is_alone:
            return {path: seen.answer()}
        return {path: {"total_count": 1, self.listed: [seen.told]} if self.listed else [seen.told]}


def _last(text: str) -> str:
    return text.rpartition("/")[2]


ABOUT = Kind("repository", Repository, lambda told: told["id"], lambda row: row.host_id)
ENVIRONMENT = Kind("environments", Environment, lambda told: told["name"], lambda row: row.name)
PIPELINE = Kind("pipelines", Pipeline, lambda told: told["id"], lambda row: _last(row.id))
RUN = Kind("runs", PipelineRun, lambda told: told["id"], lambda row: row.run)
RELEASE_RUN = Kind(
    "runs",
    Deployment,
    lambda told: told["id"],
    lambda row: _last(row.run),
    {"deployments": [{"from": "runs"}]},
)
DEPENDENCY, CODE, SECRET = (
    Kind(f"{kind}_findings", SecurityFinding, lambda told: told["number"], lambda row: row.number)
    for kind in ("dependency", "code", "secret")
)
ACCOUNT = Kind(
    "repository_access", MemberAccess, lambda told: told["login"], lambda row: row.subject
)
TEAM = Kind("repository_access", MemberAccess, lambda told: told["slug"], lambda row: row.subject)
KEY = Kind("repository_access", MemberAccess, lambda told: told["id"], lambda row: _last(row.id))


def _alerts(kind: Kind, path: str, recent: int, of_organisation: int, of_old: int) -> list[Case]:
    """Alerts of repositories, of organisations, which look alike, and by themselves."""
    one = f"{path}/{{alert_number}}"
    return [
        Case(kind=kind, template=path, path=path, recent=recent, of_old=of_old),
        Case(kind=kind, template=f"/orgs/{{org}}/{path}", path=path, recent=of_organisation),
        Case(kind=kind, template=one, path=path, is_alone=True, recent=2),
    ]


def _runs(kind: Kind, **floors: tuple[int, int, int]) -> list[Case]:
    templates = {
        "listed": RUNS,
        "of_workflow": f"{WORKFLOWS}/{{workflow_id}}/runs",
        "alone": f"{RUNS}/{{run_id}}",
        "attempt": f"{RUNS}/{{run_id}}/attempts/{{attempt_number}}",
    }
    return [
        Case(
            kind=kind,
            template=templates[name],
            path=RUNS,
            listed="workflow_runs",
            is_alone=name in {"alone", "attempt"},
            recent=recent,
            of_old=of_old,
            unread=unread,
        )
        for name, (recent, of_old, unread) in floors.items()
    ]


CASES = [
    Case(kind=ABOUT, template=REPOSITORY, path="", recent=103, of_old=98, unread=34),
    *_runs(RUN, listed=(33, 39, 89), of_workflow=(0, 16, 0), alone=(9, 0, 0), attempt=(1, 0, 0)),
    *_runs(RELEASE_RUN, alone=(9, 0, 0), attempt=(1, 0, 0)),
    Case(kind=PIPELINE, template=WORKFLOWS, path=WORKFLOWS, listed="workflows", of_old=2),
    Case(
        kind=PIPELINE,
        template=f"{WORKFLOWS}/{{workflow_id}}",
        path=WORKFLOWS,
        listed="workflows",
        is_alone=True,
        recent=5,
        of_old=7,
    ),
    Case(
        kind=ENVIRONMENT,
        template=ENVIRONMENTS,
        path=ENVIRONMENTS,
        listed=ENVIRONMENTS,
        of_old=2,
    ),
    Case(
        kind=ENVIRONMENT,
        template=f"{ENVIRONMENTS}/{{environment_name}}",
        path=ENVIRONMENTS,
        listed=ENVIRONMENTS,
        is_alone=True,
        of_old=2,
    ),
    *_alerts(DEPENDENCY, "dependabot/alerts", 2, 14, 0),
    *_alerts(CODE, "code-scanning/alerts", 24, 6, 1),
    *_alerts(SECRET, "secret-scanning/alerts", 3, 5, 0),
    Case(kind=ACCOUNT, template="collaborators", path="collaborators", of_old=3),
    Case(kind=TEAM, template="teams", path="teams", unread=1),
    Case(kind=KEY, template="keys", path="keys", unread=1),
    Case(kind=KEY, template="keys/{key_id}", path="keys", is_alone=True, recent=1, of_old=1),
]
