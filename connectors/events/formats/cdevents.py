"""CDEvents 0.4 and later, alone or in a CloudEvents envelope.

https://github.com/cdevents/spec: versions 0.4.1, 0.5.1 and the draft of 0.6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

from connectors.events.fields import Misfit, found, needed, needed_time, text
from connectors.events.formats.interface import Event, Format, Headers, Scheme
from connectors.events.told import Told
from connectors.interface import Json
from data.model import DeploymentStatus, RunResult

_OUTCOMES = {
    "success": RunResult.SUCCESS,
    "failure": RunResult.FAILURE,
    "error": RunResult.FAILURE,
    "cancel": RunResult.CANCELLED,
}
_TYPE = re.compile(r"dev\.cdevents\.([a-z]+)\.([a-z]+)\.\d+\.\d+\.\d+\S*")
_PURL = re.compile(r"pkg:[^/@?#]+/([^@?#]+)@([^?#]+)(?:\?([^#]*))?")
"""Name, version and qualifiers of a package URL, as `pkg:oci/web@sha256%3A…?tag=v1`."""
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DEPLOYED = ("deployed", "upgraded", "rolledback")


class CDEvents(Format):
    """Runs, deployments, incidents and artifacts of software delivery."""

    name: ClassVar[str] = "cdevents"
    schemes: ClassVar[tuple[Scheme, ...]] = (Scheme.BEARER,)
    entities: ClassVar[tuple[str, ...]] = (
        "pipeline_run", "task_run", "deployment", "incident", "artifact",
    )  # fmt: skip

    def event_id(self, headers: Headers, body: Json) -> str:  # noqa: ARG002
        """Source and id of its context, which are unique together."""
        event = _unwrapped(body)
        return f"{needed(event, 'context.source')}#{needed(event, 'context.id')}"

    def occurred_at(self, body: Json) -> str | None:
        """The time of its context."""
        return needed_time(_unwrapped(body), "context.timestamp")

    def tell(self, prefix: str, event: Event) -> Iterator[Told]:
        """What its type says of its subject."""
        body = _unwrapped(event.body)
        named = _TYPE.fullmatch(needed(body, "context.type"))
        if named is None:
            return
        subject, what = named.groups()
        telling = _TELLING.get(subject)
        if telling is not None:
            needed(body, "subject.id")
            yield from telling(prefix, body, what, needed_time(body, "context.timestamp"))


def _pipeline_run(prefix: str, body: Json, what: str, at: str) -> Iterator[Told]:
    facts = {
        "run": needed(body, "subject.id"),
        "attempt": 1,
        **_told("pipeline", text(body, "subject.content.pipelineName")),
        **_told("url", _address(body)),
    }
    yield _progress("pipeline_run", f"{prefix}run/{_subject(body)}", facts, what, body, at)


def _task_run(prefix: str, body: Json, what: str, at: str) -> Iterator[Told]:
    facts = {
        # The event names the run of the pipeline by its id alone: where it ran stands for it.
        "pipeline": text(body, "subject.content.pipelineRun.source")
        or needed(body, "context.source"),
        "run": needed(body, "subject.content.pipelineRun.id"),
        "attempt": 1,
        **_told("name", text(body, "subject.content.taskName")),
        **_told("url", _address(body)),
    }
    yield _progress("task_run", f"{prefix}task/{_subject(body)}", facts, what, body, at)


def _progress(kind: str, id: str, facts: dict[str, Any], what: str, body: Json, at: str) -> Told:
    """A run that waits, has begun or is over."""
    first = {"created_at": at}
    if what == "finished":
        outcome = needed(body, "subject.content.outcome")
        if outcome not in _OUTCOMES:
            raise Misfit(f"`outcome` is {outcome[:40]!r}, which is none of CDEvents")
        ended = {"result": _OUTCOMES[outcome].value, "finished_at": at}
        return Told(kind, id, at, {**facts, **ended}, first, rank=2)
    began = {"started_at": at} if what == "started" else {}
    facts["result"] = RunResult.RUNNING.value
    return Told(kind, id, at, facts, {**first, **began}, rank=1)


def _service(prefix: str, body: Json, what: str, at: str) -> Iterator[Told]:
    if what not in _DEPLOYED:
        return
    service = needed(body, "subject.id")
    package = _PURL.match(text(body, "subject.content.artifactId") or "")
    version = _version(package) if package else None
    facts = {
        "service": service,
        "environment": needed(body, "subject.content.environment.id"),
        "version": version,
        "sha": version if version and _SHA.fullmatch(version) else None,
        "status": DeploymentStatus.SUCCESS.value,
        "deployed_at": at,
        "attempt": 1,
        "run": text(body, "context.chainId"),
        "title": f"{service} {version or ''}".strip(),
    }
    id = f"{prefix}deployment/{needed(body, 'context.source')}/{needed(body, 'context.id')}"
    yield Told("deployment", id, at, facts, is_whole=True)


def _incident(prefix: str, body: Json, what: str, at: str) -> Iterator[Told]:
    id = f"{prefix}incident/{_subject(body)}"
    if what == "resolved":
        yield Told("incident", id, at, {"resolved_at": at}, rank=2)
    elif what in ("detected", "reported"):
        name = text(body, "subject.content.description") or needed(body, "subject.id")
        facts = {
            "title": name,
            # Detected after it was resolved: it is open again.
            "resolved_at": None,
            "reopened_count": 0,
            "is_withdrawn": False,
            **_told("service", text(body, "subject.content.service.id")),
            **_told("environment", text(body, "subject.content.environment.id")),
            **_told("url", _address(body)),
        }
        yield Told("incident", id, at, facts, {"started_at": at}, rank=1)


def _artifact(prefix: str, body: Json, what: str, at: str) -> Iterator[Told]:
    package = _PURL.fullmatch(needed(body, "subject.id"))
    digest = unquote(package[2]) if package else ""
    if package is None or ":" not in digest or what not in ("packaged", "published"):
        return
    name = unquote(package[1])
    first = {"first_seen_at": at, **({"created_at": at} if what == "packaged" else {})}
    facts = {"repository": name, "digest": digest}
    yield Told("artifact", f"{prefix}artifact/{name}@{digest}", at, facts, first)


_TELLING: dict[str, Callable[[str, Json, str, str], Iterator[Told]]] = {
    "pipelinerun": _pipeline_run,
    "taskrun": _task_run,
    "service": _service,
    "incident": _incident,
    "artifact": _artifact,
}


def _unwrapped(body: Json) -> Json:
    """The event, also out of a CloudEvents envelope (structured mode)."""
    data = found(body, "data")
    return data if isinstance(data, dict) and found(body, "context") is None else body


def _subject(body: Json) -> str:
    """An id is unique within its source, which is that of the event if it names none."""
    where = text(body, "subject.source") or needed(body, "context.source")
    return f"{where}/{needed(body, 'subject.id')}"


def _address(body: Json) -> str | None:
    told = text(body, "subject.content.uri") or text(body, "subject.content.url")
    return told if told and told.startswith(("https://", "http://")) else None


def _version(package: re.Match[str]) -> str:
    """The tag of an image, else what follows its `@`."""
    tags = parse_qs(package[3] or "").get("tag")
    return tags[0] if tags else unquote(package[2])


def _told(name: str, value: str | None) -> dict[str, Json]:
    return {name: value} if value is not None else {}
