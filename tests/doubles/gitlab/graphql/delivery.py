"""Fields of pipelines, jobs, environments, deployments and findings."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.graphql.slices import Slice
from tests.doubles.gitlab.graphql.changes import actor, writer
from tests.doubles.gitlab.graphql.resolvers import (
    RESOLVERS,
    by_key,
    connection,
    field,
    global_id,
    in_order,
    loud,
    plain,
)
from tests.doubles.gitlab.world import (
    Deployment,
    DeploymentApproval,
    Environment,
    Job,
    Pipeline,
    User,
    Vulnerability,
)

connection("CiJob", "Deployment")
global_id("Pipeline", "Ci::Pipeline")
loud("Pipeline", "status")
plain(
    "Pipeline",
    "created_at",
    "finished_at",
    "name",
    "project",
    "ref",
    "sha",
    "source",
    "started_at",
    "updated_at",
    "upstream",
    mergeRequestEventType="event_type",
)
RESOLVERS["Pipeline"]["iid"] = lambda run, _context: str(run.iid)
loud("CiJob", "status")
plain(
    "CiJob",
    "created_at",
    "finished_at",
    "name",
    "started_at",
    allowFailure="is_allowed_to_fail",
    downstreamPipeline="downstream",
    retried="is_retried",
)
global_id("Environment", "Environment")
plain("Environment", "name", "state")
loud("Environment", "tier")
global_id("Deployment", "Deployment")
loud("Deployment", "status")
plain(
    "Deployment",
    "created_at",
    "finished_at",
    "job",
    "ref",
    "sha",
    "updated_at",
    pendingApprovalCount="pending_approvals",
    tag="is_tag",
)
RESOLVERS["Deployment"]["iid"] = lambda shown, _context: str(shown.iid)
loud("DeploymentApproval", "status")
plain("DeploymentApproval", "comment", "created_at", updatedAt="created_at")
global_id("Vulnerability", "Vulnerability")
loud("Vulnerability", "state", "severity", "report_type", "dismissal_reason")
plain(
    "Vulnerability",
    "detected_at",
    "dismissed_at",
    "resolved_at",
    "title",
    resolvedOnDefaultBranch="is_gone",
)
RESOLVERS["VulnerabilityScanner"] = {
    "name": lambda name, _context: name,
    "vendor": lambda _name, _context: "Example",
}
RESOLVERS["VulnerabilityIdentifier"] = {
    "name": lambda name, _context: name,
    "externalId": lambda name, _context: name.rpartition("-")[2],
    "externalType": lambda name, _context: name.partition("-")[0].lower(),
    "url": lambda _name, _context: None,
}
LOCATIONS = {
    "sast": "VulnerabilityLocationSast",
    "secret_detection": "VulnerabilityLocationSecretDetection",
    "dependency_scanning": "VulnerabilityLocationDependencyScanning",
    "container_scanning": "VulnerabilityLocationContainerScanning",
}
for _location in LOCATIONS.values():
    RESOLVERS[_location] = {
        "file": lambda found, _context: found.location.get("file"),
        "image": lambda found, _context: found.location.get("image"),
        "dependency": lambda found, _context: found.location.get("dependency"),
    }
RESOLVERS["VulnerableDependency"] = {
    "package": lambda told, _context: told.get("package"),
    "version": lambda told, _context: told.get("version"),
}
RESOLVERS["VulnerablePackage"] = {"name": lambda name, _context: name}


@field("Pipeline", "user")
def pipeline_user(run: Pipeline, _context: Any) -> User | None:
    return actor(run.user)


@field("Pipeline", "jobs")
def jobs(
    run: Pipeline,
    _context: Any,
    retried: bool | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Slice:
    found = [job for job in run.jobs if retried is None or job.is_retried is retried]
    return by_key(found, lambda job: (job.id,), first, after)


@field("Pipeline", "downstream")
def downstream(
    run: Pipeline, _context: Any, first: int | None = None, after: str | None = None
) -> Slice:
    return in_order([job.downstream for job in run.jobs if job.downstream], first, after)


@field("CiJob", "id")
def job_id(job: Job, _context: Any) -> str:
    return f"gid://gitlab/Ci::{'Bridge' if job.is_bridge else 'Build'}/{job.id}"


@field("CiJob", "kind")
def job_kind(job: Job, _context: Any) -> str:
    return "BRIDGE" if job.is_bridge else "BUILD"


@field("Environment", "deployments")
def deployments(
    place: Environment,
    context: Any,
    orderBy: dict[str, str] | None = None,  # noqa: N803 - its name there
    first: int | None = None,
    after: str | None = None,
) -> Slice:
    context.once("deployments")
    name, direction = next(iter((orderBy or {"id": "ASC"}).items()))
    attribute = {"createdAt": "created_at", "finishedAt": "finished_at", "id": "created_at"}[name]
    found = [
        shown
        for shown in place.project.deployments
        if shown.environment is place and getattr(shown, attribute)
    ]
    return by_key(
        found,
        lambda shown: (getattr(shown, attribute).timestamp(), shown.id),
        first,
        after,
        is_descending=direction == "DESC",
    )


@field("Deployment", "approvals")
def approvals(shown: Deployment, _context: Any) -> list[DeploymentApproval]:
    return [] if shown.environment.project.plan == "free" else shown.approvals


@field("Deployment", "triggerer")
def triggerer(shown: Deployment, _context: Any) -> User | None:
    return actor(shown.user)


@field("DeploymentApproval", "user")
def approver(approval: DeploymentApproval, context: Any) -> User:
    return writer(approval.user, context)


@field("Vulnerability", "scanner")
def scanner(found: Vulnerability, _context: Any) -> str:
    return found.scanner


@field("Vulnerability", "primaryIdentifier")
def identifier(found: Vulnerability, _context: Any) -> str:
    return found.identifier


@field("Vulnerability", "location")
def location(found: Vulnerability, _context: Any) -> Vulnerability:
    return found


@field("Vulnerability", "falsePositive")
def false_positive(_found: Vulnerability, _context: Any) -> bool:
    return False
