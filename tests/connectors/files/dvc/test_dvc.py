"""What files of DVC say, as version 3.67.1 wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.files.dvc.connector import Dvc
from data.model import Dataset, Evaluation, LineageEdge, Pipeline
from tests.connectors.files.source import FileSource, made, output

FILES = {
    name: output(f"dvc/{name}")
    for name in ("dvc.lock", "dvc.yaml", "metrics.json", "data/raw.csv.dvc", "data/images.dvc")
}


@pytest.fixture
def dvc(tmp_path: Path) -> Iterator[FileSource]:
    with made(Dvc, tmp_path) as source:
        yield source


def test_data_is_known_by_its_content(dvc: FileSource) -> None:
    dvc.read(FILES)
    found = {row.name: (row.kind, row.digest, row.is_source) for row in dvc.all(Dataset)}
    raw = "md5:02fb126998d806e8dbcb0cd7c15cf8f0"
    assert found == {
        "data/features.csv": ("file", raw, False),
        "data/images": ("folder", "md5:e558fc43a3e6d13e7d9d2e6090a2a2f2.dir", True),
        "data/raw.csv": ("file", raw, True),
        "metrics.json": ("file", "md5:90bc32efd108596385eaa97143a9b86f", False),
        "model.bin": ("file", "md5:6f8f57715090da2632453988d9a1501b", False),
    }


def test_a_stage_stands_between_what_it_reads_and_what_it_makes(dvc: FileSource) -> None:
    dvc.read(FILES)
    edges = {(row.from_kind, row.from_name, row.to_name) for row in dvc.all(LineageEdge)}
    assert edges == {
        ("dataset", "data/raw.csv", "prepare"),
        ("pipeline", "prepare", "data/features.csv"),
        ("dataset", "data/features.csv", "train"),
        ("pipeline", "train", "metrics.json"),
        ("pipeline", "train", "model.bin"),
    }
    read = dvc.one(LineageEdge, "data/features.csv/to/train")
    assert read.from_digest == "md5:02fb126998d806e8dbcb0cd7c15cf8f0"


def test_a_stage_that_makes_a_model_trains(dvc: FileSource) -> None:
    dvc.read(FILES)
    assert {row.name: row.kind for row in dvc.all(Pipeline)} == {
        "prepare": "data",
        "train": "training",
    }


def test_metrics_are_those_that_are_declared(dvc: FileSource) -> None:
    dvc.read({**FILES, "other_metrics.json": b'{"accuracy": 0.1}'})
    found = {row.metric: (row.value, row.model) for row in dvc.all(Evaluation)}
    assert found == {
        "accuracy": (0.93, "churn"),
        "nan": (None, "churn"),
        "per_class.a": (0.9, "churn"),
        "per_class.b": (0.95, "churn"),
    }


def test_metrics_below_the_folder_of_their_declaration_are_found(dvc: FileSource) -> None:
    declared = "stages:\n  fit:\n    cmd: x\n    wdir: src\n    metrics: [out/metrics.yaml]\n"
    dvc.read({"ml/dvc.yaml": declared, "ml/src/out/metrics.yaml": "loss: 0.5\nname: x\n"})
    assert [(row.metric, row.value) for row in dvc.all(Evaluation)] == [("loss", 0.5)]


def test_a_stage_names_its_files_from_its_working_folder(dvc: FileSource) -> None:
    dvc.read(
        {
            "ml/dvc.yaml": "stages:\n  a:\n    cmd: x\n    wdir: ../inputs\n  b:\n    cmd: y\n",
            "ml/dvc.lock": "schema: '2.0'\nstages:\n  a:\n    cmd: x\n    outs:\n"
            "    - path: out.csv\n      md5: aa\n  b:\n    cmd: y\n    deps:\n"
            "    - path: ../inputs/out.csv\n      md5: aa\n",
        }
    )
    assert [(row.name, row.is_source) for row in dvc.all(Dataset)] == [("inputs/out.csv", False)]
    assert [row.name for row in dvc.all(Pipeline)] == ["ml/a", "ml/b"]


def test_a_stage_that_never_ran_is_a_pipeline_without_data(dvc: FileSource) -> None:
    dvc.read({"dvc.yaml": output("dvc/dvc.yaml")})
    assert [row.name for row in dvc.all(Pipeline)] == ["prepare", "train"]
    assert dvc.all(Dataset) == []


def test_a_lock_file_of_another_schema_is_told_and_read(dvc: FileSource) -> None:
    dvc.read(FILES | {"dvc.lock": output("dvc/dvc.lock").replace(b"'2.0'", b"'3.0'")})
    assert dvc.told() == ["unreadable: dvc.lock is of schema 3.0: only what is as in 2.0 is read"]
    assert len(dvc.all(Dataset)) == 5


def test_data_that_is_added_elsewhere_is_named_from_there(dvc: FileSource) -> None:
    dvc.read({"meta/raw.csv.dvc": "wdir: ../data\nouts:\n- path: raw.csv\n  md5: aa\n"})
    assert [row.name for row in dvc.all(Dataset)] == ["data/raw.csv"]


SECRETIVE = {
    "dvc.yaml": """
stages:
  train:
    cmd: train --token hunter2-command
    wdir: .
    params: [{other.yaml: [hunter2-name]}]
    vars: [{key: hunter2-variable}]
    meta: {note: hunter2-note}
    deps: [data/raw.csv]
    outs: [model.bin]
    metrics: [{metrics.yaml: {remote: hunter2-remote}}]
  each:
    foreach: [hunter2-item]
    do: {cmd: run --key hunter2-key}
params: [hunter2-file]
artifacts: {churn: {path: model.bin, type: model, desc: hunter2-words, labels: [hunter2-label]}}
""",
    "dvc.lock": """
schema: '2.0'
stages:
  train:
    cmd: train --token hunter2-command
    deps: [{path: data/raw.csv, md5: aa, cloud: {secret: {etag: hunter2-etag}}}]
    params: {params.yaml: {db.password: hunter2-password}}
    outs: [{path: model.bin, md5: bb, remote: hunter2-remote}]
""",
    "data/raw.csv.dvc": """
meta: {note: hunter2-note}
frozen: true
deps: [{path: raw.csv, repo: {url: 'https://u:hunter2-url@git.example/x'}}]
outs: [{path: raw.csv, md5: aa, desc: as delivered, labels: [hunter2-label], remote: hunter2-r}]
""",
    "metrics.yaml": "loss: 0.5\nnote: hunter2-note\nparts: [1, hunter2-part]\n",
    "own_metrics.json": '{"accuracy": 0.1, "token": "hunter2-token", "is_ok": true}',
}


def test_neither_commands_nor_parameters_nor_notes_are_archived(dvc: FileSource) -> None:
    dvc.read(SECRETIVE)
    assert "hunter2" not in dvc.everything()
    assert [row.description for row in dvc.all(Dataset) if row.name == "data/raw.csv"] == [
        "as delivered"
    ]
    found = {(row.metric, row.value, row.model) for row in dvc.all(Evaluation)}
    assert found == {("loss", 0.5, "churn"), ("parts.0", 1, "churn")}
    assert [row.name for row in dvc.all(Pipeline)] == ["each", "train"]
    assert len(dvc.all(LineageEdge)) == 2
    assert dvc.told() == []
