"""What manifests of Kubernetes say, and that no secret in them is ever kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.files.kubernetes.connector import Kubernetes
from data.model import Resource
from tests.connectors.files.kubernetes.test_conformance import deployment
from tests.connectors.files.source import FileSource, made, output


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[FileSource]:
    with made(Kubernetes, tmp_path) as source:
        yield source


def test_every_object_of_every_document_and_list_is_known(cluster: FileSource) -> None:
    cluster.read({"shop.yaml": output("kubernetes/shop.yaml")})
    found = {row.name: (row.provider, row.image, row.environment) for row in cluster.all(Resource)}
    assert found == {
        "StatefulSet/queue": ("apps", "registry.example/queue:7", None),
        "shop-prod/ConfigMap/settings": ("core", None, "shop-prod"),
        "shop-prod/CronJob/report": ("batch", "registry.example/report@sha256:0123", "shop-prod"),
        "shop-prod/Deployment/web": ("apps", "registry.example/shop/web:1.10", "shop-prod"),
        "shop-prod/Secret/database": ("core", None, "shop-prod"),
    }


def test_common_labels_are_let_through_and_others_by_a_setting(tmp_path: Path) -> None:
    with made(Kubernetes, tmp_path, label_keys=["secret-label"]) as source:
        source.read({"shop.yaml": output("kubernetes/shop.yaml")})
        web = source.one(Resource, "Deployment/web")
        assert web.service == "shop"
        assert web.labels == (
            "app.kubernetes.io/name=shop",
            "app.kubernetes.io/part-of=store",
            "app.kubernetes.io/version=1.10",
            "secret-label=k8s-secret-label",
        )
        assert source.one(Resource, "Secret/database").labels == ()


def test_nothing_else_is_archived(cluster: FileSource) -> None:
    cluster.read({"shop.yaml": output("kubernetes/shop.yaml")})
    assert "k8s-secret" not in cluster.everything()


@pytest.mark.parametrize(
    "template",
    [
        b"apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n",
        b"{{- if .Values.on }}\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n{{- end }}\n",
        b"apiVersion: v1\nkind: Service\nmetadata:\n  name: a-{{ .Release.Name }}\n",
        deployment("a", "registry.example/a:{{ .Values.tag }}"),
    ],
)
def test_a_template_that_is_not_rendered_is_told(cluster: FileSource, template: bytes) -> None:
    cluster.read({"templates/a.yaml": template})
    assert cluster.all(Resource) == []
    assert cluster.told() == [
        "unreadable: templates/a.yaml: it is a Helm template that is not rendered"
    ]


def test_braces_in_a_text_make_no_template(cluster: FileSource) -> None:
    manifest = deployment("a", "registry.example/a:1") + b"annotations: 'is {{ $value }} high'\n"
    cluster.read({"a.yaml": manifest})
    assert (len(cluster.all(Resource)), cluster.told()) == (1, [])


def test_yaml_that_declares_nothing_is_no_gap(cluster: FileSource) -> None:
    files = {
        "values.yaml": b"image: {tag: 1}\n",
        "Chart.yaml": b"apiVersion: v2\nname: shop\n",
        "kustomization.yaml": b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        "empty.yaml": b"",
        "list.yaml": b"- 1\n- 2\n",
    }
    cluster.read(files)
    assert (cluster.all(Resource), cluster.told()) == ([], [])


def test_one_object_that_is_wrong_leaves_the_others(cluster: FileSource) -> None:
    wrong = b"---\napiVersion: v1\nkind: Pod\nmetadata: {name: [1]}\n"
    cluster.read({"a.yaml": deployment("a", "registry.example/a:1") + wrong})
    assert [row.name for row in cluster.all(Resource)] == ["prod/Deployment/a"]
    assert cluster.told() == ["unreadable: a.yaml: object 2 cannot be understood"]
