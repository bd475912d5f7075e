"""What repositories build on, and what their files show, read over the double of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.github.code.files import Files
from connectors.github.code.reuse import ReusedParts
from connectors.github.code.uses import LARGEST_BYTES, Used, read_use, uses_of
from connectors.hosting.signs import SIGNS, shown_by
from data.model import Gap, GapReason, Reuse
from tests.connectors.github.one_stream import A_DAY, TOKEN, OneStream
from tests.doubles.github import story

SHA = "8f4b7f84864484a7bf31766abe9204da3cbe65b3"
WORKFLOW = f"""
on: push
env: {{MAIL: dev-1@example.com, PASSWORD: hunter2hunter2}}
jobs:
  shared:
    uses: acme/shared/.github/workflows/build.yml@v2
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@{SHA}
      - uses: actions/checkout@{SHA}
      - uses: ./.github/actions/local
      - run: make test
"""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneStream]:
    yield from made(tmp_path, ReusedParts)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[OneStream]:
    yield from made(tmp_path, Files)


def made(folder: Path, reader: type) -> Iterator[OneStream]:
    source = OneStream(folder, reader)
    push(source, "Begin")
    yield source
    source.close()


def push(source: OneStream, message: str = "More") -> None:
    source.time.at += A_DAY
    story.push(source.world, source.repository, source.dev, source.time.at, message)


def workflow(source: OneStream, name: str, text: str) -> None:
    source.repository.files[f".github/workflows/{name}"] = text.encode()


def test_shared_workflows_and_actions_are_told_with_what_pins_them(source: OneStream) -> None:
    workflow(source, "ci.yml", WORKFLOW)
    assert not source.sync().errors
    told = {row.name: (row.kind, row.version, row.is_pinned) for row in source.rows(Reuse)}
    assert told == {
        "acme/shared/.github/workflows/build.yml": ("workflow", "v2", False),
        "actions/checkout": ("action", SHA, True),
        "./.github/actions/local": ("action", None, None),
    }
    assert {row.path for row in source.rows(Reuse)} == {".github/workflows/ci.yml"}


def test_the_text_of_a_workflow_is_not_archived(source: OneStream) -> None:
    workflow(source, "ci.yml", WORKFLOW)
    source.sync()
    everything = source.house.everything()
    assert "actions/checkout" in everything
    assert not [word for word in ("hunter2", "example.com", "make test") if word in everything]


def test_nothing_is_asked_until_something_is_pushed(source: OneStream) -> None:
    workflow(source, "ci.yml", WORKFLOW)
    source.sync()
    assert source.sync().pages == 0
    assert not source.asked("graphql")
    workflow(source, "ci.yml", "jobs: {}")
    push(source)
    source.sync()
    assert source.rows(Reuse) == []


def test_a_push_that_changes_no_workflow_changes_nothing(source: OneStream) -> None:
    workflow(source, "ci.yml", WORKFLOW)
    source.sync()
    pages = len(source.house.pages())
    push(source)
    source.sync()
    assert len(source.house.pages()) == pages
    assert source.sync().pages == 0


def test_a_broken_file_is_a_gap_and_the_others_stand(source: OneStream) -> None:
    workflow(source, "ci.yml", WORKFLOW)
    workflow(source, "odd.yml", "jobs: [\nsecret: hunter2hunter2")
    source.sync()
    assert len(source.rows(Reuse)) == 3
    (gap,) = source.rows(Gap)
    assert (gap.reason, "odd.yml" in gap.what) == (GapReason.UNREADABLE, True)
    assert "hunter2" not in source.house.everything()


def test_a_repository_without_workflows_uses_nothing(source: OneStream) -> None:
    assert not source.sync().errors
    assert source.rows(Reuse) == source.rows(Gap) == []


def test_a_file_that_was_not_told_is_a_gap(source: OneStream) -> None:
    workflow(source, "ci.yml", WORKFLOW)

    def untold(told: Any) -> Any:
        told["data"]["repository"]["object"]["entries"][0]["object"] = None
        return told

    source.double.damage("graphql", untold)
    assert not source.sync().errors
    (gap,) = source.rows(Gap)
    assert "is told in part, or not at all" in gap.what


def test_without_the_right_to_read_files_it_is_unknown_what_they_use(source: OneStream) -> None:
    refusal = {"type": "FORBIDDEN", "path": ["repository", "object"], "message": "no access"}
    source.double.damage("graphql", lambda told: {**told, "errors": [refusal]})
    source.sync()
    (gap,) = source.house.standing(source.stream)
    assert gap.reason == GapReason.NO_PERMISSION


@pytest.mark.parametrize(
    ("text", "used"),
    [
        (f"actions/checkout@{SHA}", Used("actions/checkout", SHA, True)),
        ("actions/checkout@v4", Used("actions/checkout", "v4", False)),
        ("actions/checkout@8f4b7f8", Used("actions/checkout", "8f4b7f8", False)),
        ("a/b/.github/workflows/c.yml@" + "a" * 64, None),
        ("./local", Used("./local", None, None)),
        ("actions/checkout", Used("actions/checkout", None, False)),
        ("docker://alpine", Used("docker://alpine", None, False)),
        ("docker://alpine:3.20", Used("docker://alpine", "3.20", False)),
        ("docker://host:5000/a", Used("docker://host:5000/a", None, False)),
        (
            f"docker://alpine@sha256:{'0' * 64}",
            Used("docker://alpine", f"sha256:{'0' * 64}", True),
        ),
        (f"docker://alpine@{SHA}", Used("docker://alpine", SHA, False)),
    ],
)
def test_only_a_full_hash_or_digest_pins(text: str, used: Used | None) -> None:
    expected = used or Used("a/b/.github/workflows/c.yml", "a" * 64, True)
    assert read_use(text) == expected


def test_a_file_that_stands_for_a_huge_one_is_given_up() -> None:
    lines = ["a0: &a0 [{uses: x/y@v1}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    bomb = "\n".join(lines) + "\njobs: {x: {steps: *a8}}"
    assert uses_of(bomb) == ([], None)
    wide = "s: &s [" + "{uses: x/y@v1}," * 2000 + "]\njobs:\n"
    wide += "".join(f"  j{n}: {{steps: *s}}\n" for n in range(2000))
    assert uses_of(wide)[1] == "is no YAML, or stands for too much"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "x" * (LARGEST_BYTES + 1), "\ud800", "\x00", "a: b: c"]
)
def test_what_is_no_workflow_is_said_to_be_none(text: str) -> None:
    uses, problem = uses_of(text)
    assert not uses
    assert problem or text == "\ud800"


def test_odd_shapes_use_nothing() -> None:
    for text in ("", "jobs", "jobs: [1]", "jobs: {a: 1}", "jobs: {a: {steps: {}}}", "- x"):
        assert uses_of(text) == ([], None)


# --- what files show -----------------------------------------------------------------------------


def test_files_show_how_a_repository_is_built(tree: OneStream) -> None:
    for path in ("Dockerfile", "infra/main.tf", "infra/deep/other.tf", "tests/test_web.py", "a.py"):
        tree.repository.files[path] = b""
    assert not tree.sync().errors
    told = {row.name: row.path for row in tree.rows(Reuse)}
    assert told == {
        "dockerfile": "Dockerfile",
        "terraform": "infra/main.tf",
        "tests": "tests/test_web.py",
    }
    assert tree.rows(Reuse)[0].id == "github:acme/web#file/dockerfile"


def test_files_are_looked_at_when_something_was_pushed(tree: OneStream) -> None:
    tree.repository.files["Dockerfile"] = b""
    tree.sync()
    assert tree.sync().pages == 0
    assert not tree.double.asked.like("git/trees")
    del tree.repository.files["Dockerfile"]
    push(tree)
    tree.sync()
    assert tree.rows(Reuse) == []


def test_a_tree_that_was_cut_off_shows_what_is_there_and_not_what_is_absent(
    tree: OneStream,
) -> None:
    tree.repository.files.update({"Dockerfile": b"", "tests/test_a.py": b""})
    tree.sync()
    tree.repository.is_tree_truncated = True
    push(tree)
    tree.sync()
    assert {row.name for row in tree.rows(Reuse)} == {"dockerfile", "tests"}
    assert [gap.reason for gap in tree.rows(Gap)] == [GapReason.TRUNCATED]
    tree.repository.is_tree_truncated = False
    del tree.repository.files["Dockerfile"]
    push(tree)
    tree.sync()
    assert [row.name for row in tree.rows(Reuse)] == ["tests"]
    assert tree.rows(Gap) == []


def test_without_the_right_to_read_files_nothing_is_known(tree: OneStream) -> None:
    tree.double.add_token(TOKEN, "dev-1", ["metadata:read"])
    tree.sync()
    (gap,) = tree.house.standing(tree.stream)
    assert gap.reason == GapReason.NO_PERMISSION


def test_a_repository_to_which_nothing_was_pushed_has_no_files(tree: OneStream) -> None:
    tree.double.refuse("git/trees", 409, "Git Repository is empty.")
    assert not tree.sync().errors
    assert tree.house.gaps() == []


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("charts/web/Chart.yaml", "helm"),
        (".github/dependabot.yml", "dependency_updates"),
        (".github/renovate.json", "dependency_updates"),
        ("docs/CODEOWNERS", "code_owners"),
        ("deploy/k8s/web.yaml", "kubernetes"),
        ("overlays/prod/kustomization.yaml", "kubernetes"),
        ("roles/web/tasks/main.yml", "ansible"),
        ("MODEL_CARD.md", "model_card"),
        ("analytics/dbt_project.yml", "dbt"),
        ("research/Fraud.ipynb", "notebooks"),
        (".github/workflows/ci.yml", "ci"),
        ("Jenkinsfile", "ci"),
        ("pkg/web_test.go", "tests"),
        ("src/web.spec.ts", "tests"),
        ("SECURITY.md", "security_policy"),
        ("Pulumi.yaml", "pulumi"),
        ("api.Dockerfile", "dockerfile"),
    ],
)
def test_a_file_shows(path: str, sign: str) -> None:
    assert shown_by([path]) == {sign: path}


@pytest.mark.parametrize(
    "path",
    ["node_modules/x/Dockerfile", "web/vendor/y/main.tf", "latest.py", "contest.txt", "my.tfvars"],
)
def test_a_file_of_others_or_of_another_kind_shows_nothing(path: str) -> None:
    assert shown_by([path]) == {}


def test_signs_are_named_in_order() -> None:
    assert list(SIGNS) == sorted(SIGNS)
