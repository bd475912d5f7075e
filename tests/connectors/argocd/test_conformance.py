"""Argo CD against the conformance suite, on a double of it on loopback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import ClassVar

from connectors.argocd.connector import ArgoCd
from connectors.interface import Json
from tests.connectors.api_binding import ApiBinding
from tests.connectors.conformance import Conformance
from tests.doubles.argocd.double import Application, ArgoCdDouble


class ArgoCdBinding(ApiBinding):
    """A server with a few applications."""

    connector_class: ClassVar[type[ArgoCd]] = ArgoCd
    questions: ClassVar[Mapping[str, str]] = {"applications": "GET /api/v1/applications"}
    later: ClassVar[str] = "there is one page"
    filters: ClassVar[frozenset[str]] = frozenset({"projects"})

    def make_double(self) -> ArgoCdDouble:
        return ArgoCdDouble(self.time)

    def settings(self) -> Mapping[str, Json]:
        return {"projects": ["default"]}

    def tell_the_story(self) -> None:
        self.time.at -= timedelta(days=40)
        self.double.add("search", project="another")
        self.web = self.double.add("web")
        self.pay = self.double.add("pay")
        for number in range(4):
            self.deploy(self.web, f"{number:040x}")
            self.deploy(self.pay, f"{number + 100:040x}")
        self.deploy(self.pay, "f" * 40, phase="Failed")

    def deploy(self, application: Application, revision: str, phase: str = "Succeeded") -> None:
        """A sync from begin to end."""
        self.wait(hours=5)
        self.double.begin(application, self.time.at)
        self.wait(minutes=2)
        images = [f"registry.example/{application.name}:{revision[-6:]}"]
        self.double.end(application, self.time.at, revision, images, phase)

    def change(self) -> None:
        self.deploy(self.web, "a" * 40)
        self.deploy(self.pay, "b" * 40, phase="Failed")
        self.deploy(self.double.add("new"), "c" * 40)

    def add_unmapped(self) -> bytes:
        self.web.history[0].facts["colour"] = "octarine"
        return b"octarine"

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        def entries(page: Json) -> list[Json]:
            web = [item for item in page["items"] or [] if item["metadata"]["name"] == "web"]
            return list(web[0]["status"]["history"][:2])

        return dict(self.damaged("applications", entries, ["id", "deployedAt"]))

    fewest_requests = 1
    idle_requests = 1


class TestArgoCd(Conformance):
    binding = ArgoCdBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_a_list_that_shifts_while_paged_loses_and_doubles_nothing": (
            "all applications are told in one answer"
        ),
        "test_only_a_complete_reading_deletes": "what was deployed stays, whatever is deleted",
        "test_what_has_no_time_is_bounded_by_two_readings": "what is deployed has a time",
    }
