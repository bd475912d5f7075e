"""The source `kubernetes` against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from connectors.files.kubernetes.connector import Kubernetes
from tests.connectors.conformance import Conformance
from tests.connectors.files.binding import (
    NOT_APPLICABLE,
    SECRETS,
    TIMES,
    UNMAPPED,
    Files,
    FilesBinding,
)
from tests.connectors.files.source import output
from tests.connectors.house import RowKey


def deployment(name: str, image: str) -> bytes:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: prod}}
spec: {{template: {{spec: {{containers: [{{name: main, image: "{image}"}}]}}}}}}
""".encode()


class KubernetesBinding(FilesBinding):
    """Manifests of four services."""

    connector_class = Kubernetes
    secret = "k8s-secret"  # type: ignore[assignment]

    def start(self) -> Files:
        return {"shop.yaml": output("kubernetes/shop.yaml")} | {
            f"apps/{name}.yml": deployment(name, f"registry.example/{name}:1") for name in "abc"
        }

    def further(self, number: int) -> Files:
        return {
            f"new-{number}.yaml": deployment(f"new-{number}", "registry.example/new:1"),
            "apps/a.yml": deployment("a", f"registry.example/a:{number + 1}"),
        }

    def removed(self) -> tuple[str, RowKey]:
        row = "kubernetes:shop#resource/apps/b.yml/prod/Deployment/b"
        return "apps/b.yml", ("resource", row)

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        whole = output("kubernetes/shop.yaml")
        return [
            lambda: self.write({"torn.yaml": whole[: len(whole) - 40] + b"\n\t: *k8s-secret"}),
            lambda: self.write({"torn.yaml": b"kind: !k8s-secret {k8s-secret: [}"}),
            lambda: self.write({"torn.yaml": b"a: *k8s-secret"}),
        ]

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        whole = deployment("a", "registry.example/a:1")
        ways = {
            "a list": whole.replace(b"name: a,", b"name: [a],"),
            "null": whole.replace(b"name: a,", b"name: ~,"),
            "missing": whole.replace(b"name: a,", b""),
            "renamed": whole.replace(b"name: a,", b"name2: a,"),
        }

        def damage(content: bytes) -> Callable[[], int]:
            def write() -> int:
                self.write({"apps/a.yml": content})
                return 1

            return write

        return {name: damage(content) for name, content in ways.items()}


class TestKubernetes(Conformance):
    binding = KubernetesBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        clause: reason for clause, reason in NOT_APPLICABLE.items() if clause != SECRETS
    } | {
        TIMES: "there are no times in a manifest",
        UNMAPPED: "manifests are archived by an allow-list, since they hold secrets",
    }
