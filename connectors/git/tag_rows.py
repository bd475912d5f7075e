"""Turns a repository's tags into versions and, if the user says so, deployments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.git.deploy_tags import is_prerelease, read_release
from connectors.git.page import Line, read_page
from connectors.git.rows import FIX_OBJECTS, Naming, links_of, some
from connectors.git.tags import Tag
from data.model import Deployment, DeploymentStatus, Gap, GapReason, Record, Version

_GAPS = {
    GapReason.NOT_FOUND: (
        "name a file or a folder, not a commit",
        "point them to commits, or leave them if they are meant so",
    ),
    GapReason.CLOCK: (
        "have a time that cannot be right, and are no deployments",
        "correct the clock of the machine that made them, and tag again",
    ),
    GapReason.MISSING_OBJECT: ("lead to an object that is not there", FIX_OBJECTS),
    GapReason.UNREADABLE: ("lead to an object that is damaged", FIX_OBJECTS),
    GapReason.TRUNCATED: ("lead to an object that is too large to be read", FIX_OBJECTS),
}


def tag_rows(source: str, payload: bytes) -> list[Record]:
    """Maps the page of all tags."""
    header, lines = read_page(payload)
    tags = []
    for line in lines:
        position = line.pop("position")
        tags.append((Tag(**line), position))
    return list(_Page(Naming(source, header["repository"]), header, tags).rows())


@dataclass(frozen=True, slots=True)
class _Page:
    naming: Naming
    header: Line
    tags: Sequence[tuple[Tag, int | None]]
    """Tags and the highest mainline ordinal each contains."""

    def rows(self) -> Iterator[Record]:
        deployments = [row for tag, _ in self.tags for row in self._deployments(tag)]
        for tag, position in self.tags:
            yield self._version(tag, position)
        yield from deployments
        deployed = {deployment.service for deployment in deployments}
        for name in sorted(deployed - set(self._services())):
            yield self.naming.service(name, None)
        yield from self._gaps()

    def _services(self) -> Sequence[str]:
        return list(self.header["services"]) or [self.naming.repository]

    def _version(self, tag: Tag, position: int | None) -> Version:
        return Version(
            id=self.naming.id("version", _key(tag)),
            source=self.naming.source,
            url=links_of(self.header).tag(tag.name),
            repository=self.naming.repository,
            name=tag.name,
            sha=tag.commit,
            tagged_at=tag.tagged_at,
            position=position,
        )

    def _deployments(self, tag: Tag) -> Iterator[Deployment]:
        rule = self.header["deploy_tags"]
        release = read_release(rule["pattern"], tag.name) if rule else None
        deployed_at = tag.tagged_at
        if release is None or deployed_at is None or tag.commit is None:
            return
        if is_prerelease(release.version) and not rule["include_prereleases"]:
            return
        for service in [release.service] if release.service else self._services():
            yield Deployment(
                id=self.naming.id("deployment", f"{_key(tag)}/{service}"),
                source=self.naming.source,
                url=links_of(self.header).tag(tag.name),
                service=service,
                environment=rule["environment"],
                repository=self.naming.repository,
                sha=tag.commit,
                version=tag.name,
                status=DeploymentStatus.SUCCESS.value,
                started_at=None,
                deployed_at=deployed_at,
                run=self.naming.id("version", _key(tag)),
                attempt=1,
                title=f"{service} {release.version}",
            )

    def _gaps(self) -> Iterator[Gap]:
        lost: dict[GapReason, list[str]] = defaultdict(list)
        for tag, _ in self.tags:
            reason = _problem(tag)
            if reason:
                lost[reason].append(tag.name)
        for reason, names in lost.items():
            what, fix = _GAPS[reason]
            words = f"tags that {what}: {len(names)} ({some(names)})"
            yield self.naming.gap(f"tags/{reason.value}", reason, words, fix, len(names))


def _problem(tag: Tag) -> GapReason | None:
    if tag.commit is None:
        is_other = tag.leads_to in {"blob", "tree"}
        return GapReason.NOT_FOUND if is_other else GapReason(tag.leads_to)
    return None if tag.tagged_at else GapReason.CLOCK


def _key(tag: Tag) -> str:
    """Its name, and where bytes of the name were replaced also its hash: two may look alike."""
    return f"{tag.name}@{tag.sha[:10]}" if "\ufffd" in tag.name else tag.name
