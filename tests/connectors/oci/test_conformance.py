"""The `oci` source against the clauses that bind every kind of source, on a real registry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

from connectors.http.retry import Timing
from connectors.oci.connector import Oci
from connectors.oci.settings import OciSettings
from data.model import ArtifactTag, Record
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.house import RowKey
from tests.connectors.loopback import Answer, Asked, Reset
from tests.connectors.oci.proxy import HeadServer, Proxy, is_about
from tests.servers.docker_registry import PASSWORD, USER, DockerRegistry, docker_registry

REPOSITORIES = ("acme/web", "tools")
PAGE_TAGS = 3


class FewTags(Oci):
    """Pages of three tags, so that a short list has several."""

    page_tags = PAGE_TAGS


class OciBinding(Binding):
    """A registry with two repositories, one of them with five tags and an index."""

    connector_class = FewTags
    untimed: ClassVar[Collection[str]] = tuple(f"tags:{name}" for name in REPOSITORIES)
    secret = PASSWORD

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "password.txt").write_text(self.secret)
        url = running.enter_context(docker_registry(folder / "registry", has_password=True))
        self.registry = DockerRegistry(url, (USER, PASSWORD))
        self.proxy = Proxy(url)
        self.made: list[FewTags] = []
        digests = [self.push("acme/web", f"v{number}", number) for number in range(1, 5)]
        self.registry.index("acme/web", "all", digests[-1:])
        self.push("tools", "latest", 1)
        self.serving = running.enter_context(ExitStack())
        self.come_back()

    def push(self, repository: str, tag: str, number: int) -> str:
        labels = {"org.opencontainers.image.revision": f"{number:040x}"}
        return self.registry.push(repository, tag, labels=labels)

    def connector(self, clock_skew: timedelta = timedelta()) -> FewTags:
        context = self.context(clock_skew)
        timing = Timing(context.clock, self.time.sleep, lambda: 0.0)
        password = "file:password.txt"
        told = {"url": self.server.url, "username": USER, "password": password}
        self.made.append(FewTags("oci", OciSettings.model_validate(told), context, timing))
        return self.made[-1]

    def change(self) -> None:
        self.push("acme/web", "v7", 7)
        self.push("acme/web", "v2", 8)

    def vanish(self) -> None:
        self.serving.close()

    def come_back(self) -> None:
        self.server = self.serving.enter_context(HeadServer(self.proxy))

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        def much() -> None:
            self.push("acme/web", "a", 9)
            self.push("acme/web", "v1", 9)
            self.push("acme/first", "latest", 9)

        return {"tags come and move, and a repository comes": much}

    def storm(self) -> float:
        self.proxy.trouble = [
            Answer(429, headers={"Retry-After": "40"}),
            Answer(503, headers={"Retry-After": "20"}),
            Reset(),
            Answer(500),
        ]
        return 60.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        repository = stream.removeprefix("tags:")
        tags = self.registry.ask("GET", f"{repository}/tags/list").json()["tags"]
        allowed = sorted(tags)[: (page - 1) * PAGE_TAGS]

        def refused(asked: Asked) -> int:
            if page == 1:
                return status if is_about(asked, repository, "tags/list") else 0
            is_tag = asked.method == "HEAD" and is_about(asked, repository, "manifests")
            return status if is_tag and asked.path.rpartition("/")[2] not in allowed else 0

        self.proxy.refused = refused

    def allow(self) -> None:
        self.proxy.refused = lambda _: 0

    def change_untimed(self) -> None:
        self.push("tools", "latest", 2)

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        (moved,) = (row for row in rows.values() if isinstance(row, ArtifactTag))
        return moved.occurred_after_at, moved.occurred_before_at

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [
            partial(self.refuse, "tags:tools", 403, 1),
            partial(self.refuse, "tags:acme/web", 401, 1),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.registry.push("tools", "odd", annotations={"colour": "octarine"})
        return b"octarine"

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {
            "a manifest is cut": partial(self._damage, "manifests", lambda body: body[:-1]),
            "a configuration is cut": partial(self._damage, "blobs", lambda body: body[:-1]),
        }

    def _damage(self, kind: str, way: Callable[[bytes], bytes]) -> int:
        def damaged(asked: Asked, answer: Answer) -> Answer:
            is_damaged = is_about(asked, "tools", kind) and asked.method == "GET"
            return Answer(200, way(answer.body), answer.headers) if is_damaged else answer

        self.proxy.damage = damaged
        return 1

    @property
    def requests(self) -> int:
        return sum(made.requests.counted for made in self.made)

    # What it demands, the catalogue, two lists and six tags; then the manifests of six images, and
    # the configurations of those that are no index.
    fewest_requests = 1 + 1 + 2 + 6 + 6 + 5
    idle_requests = 1 + 1 + 2 + 6


class TestOci(Conformance):
    binding = OciBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_filter_the_source_does_not_know_is_noticed": "a registry is asked no filters",
        "test_only_a_complete_reading_deletes": (
            "nothing is ever deleted: a tag that goes is an event, and an image may still run"
        ),
        "test_the_same_times_told_in_another_zone_are_the_same": (
            "a registry tells no times; those of an image are part of its digest"
        ),
    }
