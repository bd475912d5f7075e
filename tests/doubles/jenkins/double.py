"""Jenkins' remote API on loopback, as its own page on the API and its code tell it.

`builds` are the newest hundred, `allBuilds` all, newest first; `{M,N}` cuts a list. A folder has
jobs, a multibranch project has a job for each branch, whose name is encoded. Without `tree`, or
with `depth`, the question is refused, as some servers do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from tests.connectors.loopback import Asked, FakeTime
from tests.doubles.api import ApiDouble
from tests.doubles.exchange import Given, Json, Problem, Token
from tests.doubles.jenkins.tree import parsed, picked
from tests.doubles.routes import Routes

ROUTES = Routes()
FREESTYLE = "hudson.model.FreeStyleProject"
PIPELINE = "org.jenkinsci.plugins.workflow.job.WorkflowJob"
FOLDER = "com.cloudbees.hudson.plugins.folder.Folder"
MULTIBRANCH = "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
USER = "hudson.model.Cause$UserIdCause"


@dataclass
class Build:
    """One build."""

    number: int
    at: datetime
    result: str | None = None
    duration: timedelta = timedelta()
    actions: list[Json] = field(default_factory=list)
    extra: dict[str, Json] = field(default_factory=dict)


@dataclass
class Job:
    """A job, or a folder of jobs."""

    name: str
    kind: str = PIPELINE
    jobs: list[Job] = field(default_factory=list)
    builds: list[Build] = field(default_factory=list)
    is_buildable: bool = True
    next_number: int = 1
    extra: dict[str, Json] = field(default_factory=dict)

    @property
    def is_folder(self) -> bool:
        return self.kind in (FOLDER, MULTIBRANCH)


class JenkinsDouble(ApiDouble):
    """One server."""

    routes: ClassVar[Routes] = ROUTES
    scheme: ClassVar[str] = "Basic "

    def __init__(self, time: FakeTime | None = None) -> None:
        super().__init__(time)
        self.jobs: list[Job] = []

    # --- what happens ---------------------------------------------------------------------------

    def begin(self, job: Job, at: datetime, *actions: Json) -> Build:
        """A build begins."""
        made = Build(job.next_number, at, actions=list(actions))
        job.next_number += 1
        job.builds.insert(0, made)
        return made

    def end(self, build: Build, result: str = "SUCCESS", minutes: float = 3) -> None:
        """It is over."""
        build.result, build.duration = result, timedelta(minutes=minutes)

    @staticmethod
    def code(url: str, sha: str, branch: str = "refs/remotes/origin/main") -> Json:
        """What the Git plugin says of a build."""
        return {
            "_class": "hudson.plugins.git.util.BuildData",
            "lastBuiltRevision": {"SHA1": sha, "branch": [{"SHA1": sha, "name": branch}]},
            "remoteUrls": [url],
        }

    @staticmethod
    def cause(kind: str = USER, **facts: Json) -> Json:
        """What started a build."""
        return {"_class": "hudson.model.CauseAction", "causes": [{"_class": kind, **facts}]}

    # --- how it says things ---------------------------------------------------------------------

    def job_json(self, job: Job, prefix: str = "") -> Json:
        """All that can be asked for of a job."""
        full_name = f"{prefix}{job.name}"
        told: dict[str, Json] = {
            "_class": job.kind,
            "name": job.name,
            "fullName": full_name,
            "url": f"http://jenkins.example/{_path(full_name)}",
            **job.extra,
        }
        if job.is_folder:
            return {**told, "jobs": [self.job_json(each, f"{full_name}/") for each in job.jobs]}
        builds = [self.build_json(full_name, build) for build in job.builds]
        last = builds[0] if builds else None
        extra = {"buildable": job.is_buildable, "builds": builds[:100], "allBuilds": builds}
        return {**told, **extra, "lastBuild": last}

    def build_json(self, full_name: str, build: Build) -> Json:
        """All that can be asked for of a build."""
        return {
            "_class": "org.jenkinsci.plugins.workflow.job.WorkflowRun",
            "number": build.number,
            "url": f"http://jenkins.example/{_path(full_name)}{build.number}/",
            "result": build.result,
            "timestamp": int(build.at.timestamp() * 1000),
            "duration": int(build.duration.total_seconds() * 1000),
            "building": build.result is None,
            "actions": [*build.actions, {}],
            "description": "secret words",
            **build.extra,
        }

    def find(self, path: str) -> tuple[str, Job]:
        """The job or folder at `job/a/job/b`, with its full name.

        Raises:
            Problem: if there is none.
        """
        names = path.strip("/").removeprefix("job/").split("/job/")
        jobs, found = self.jobs, None
        for name in names:
            found = next((job for job in jobs if job.name == name), None)
            if found is None:
                raise Problem(404, "")
            jobs = found.jobs
        assert found is not None
        return "/".join(names), found

    def told(self, asked: Asked, value: Json) -> Given:
        """What `tree` asks for.

        Raises:
            Problem: if there is none.
        """
        if "tree" not in asked.params or "depth" in asked.params:
            raise Problem(403, "name what you want by `tree`")
        return Given(picked(value, parsed(asked.params["tree"])))


def _path(full_name: str) -> str:
    return "".join(f"job/{quote(part, safe='')}/" for part in full_name.split("/"))


def all_jobs(jobs: list[Job]) -> Iterator[Job]:
    """All that are no folders."""
    for job in jobs:
        if job.is_folder:
            yield from all_jobs(job.jobs)
        else:
            yield job


@ROUTES.get("/api/json")
def server(double: JenkinsDouble, asked: Asked, token: Token) -> Given:
    """Tells the server."""
    jobs = [double.job_json(job) for job in double.jobs]
    return double.told(asked, {"_class": "hudson.model.Hudson", "jobs": jobs})


@ROUTES.get("/job/{path:path}/api/json")
def job(double: JenkinsDouble, asked: Asked, token: Token, path: str) -> Given:
    """Tells a job, a folder or a build."""
    place, _, last = path.rpartition("/")
    if len(path.split("/")) % 2 == 0:  # a name, then pairs of `job` and a name, then a number
        full_name, found = double.find(place)
        builds = [build for build in found.builds if build.number == int(last)]
        if not builds:
            raise Problem(404, "")
        return double.told(asked, double.build_json(full_name, builds[0]))
    full_name, found = double.find(path)
    prefix = full_name.rpartition("/")[0]
    return double.told(asked, double.job_json(found, f"{prefix}/" if prefix else ""))
