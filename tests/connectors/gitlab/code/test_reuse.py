"""What a project builds on, read over the double of GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from connectors.gitlab.code.includes import LARGEST_BYTES, includes_of, matching
from connectors.gitlab.code.reuse import ReusedParts
from data.model import GapReason, Reuse
from tests.connectors.gitlab.one_reader import OneReader
from tests.doubles.gitlab import story

SHA = "0123456789abcdef0123456789abcdef01234567"
PIPELINE = f"""
include:
  - local: /ci/build.yml
  - project: acme/shared
    ref: {SHA}
    file: [/lint.yml, deploy.yml]
  - project: acme/shared
    file: test.yml
  - remote: https://user:hunter2@ci.example.com/a.yml?private_token=hunter2
  - template: Jobs/SAST.gitlab-ci.yml
  - component: $CI_SERVER_FQDN/acme/scan/all@~latest
  - component: git.example.com/acme/lint/all@{SHA}
    inputs: {{stage: test}}
variables:
  PASSWORD: hunter2
test:
  script: [make, !reference [.base, script]]
child:
  trigger:
    include: ci/child.yml
"""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneReader]:
    made = OneReader(tmp_path, ReusedParts)
    with closing(made):
        push(made, {".gitlab-ci.yml": PIPELINE, "ci/build.yml": "include: ci/more.yml\n"})
        yield made


def push(source: OneReader, files: dict[str, str]) -> None:
    """Leaves the default branch with these files alone."""
    source.project.files = files
    story.push(source.world, source.project, source.dev, source.at(), "Push")


def told(source: OneReader, kind: str) -> dict[str, tuple[Any, ...]]:
    rows = [row for row in source.all_of(Reuse) if row.kind == kind]
    return {row.name: (row.path, row.version, row.is_pinned) for row in rows}


def signs(source: OneReader) -> dict[str, str]:
    return {name: path for name, (path, *_) in told(source, "file").items()}


def test_what_a_pipeline_includes_is_told_with_version_and_whether_it_is_pinned(
    source: OneReader,
) -> None:
    source.sync()
    own = ".gitlab-ci.yml"
    assert told(source, "include") == {
        "./ci/build.yml": (own, None, None),
        "acme/shared:lint.yml": (own, SHA, True),
        "acme/shared:deploy.yml": (own, SHA, True),
        "acme/shared:test.yml": (own, None, False),
        "https://ci.example.com/a.yml": (own, None, False),
        "template:Jobs/SAST.gitlab-ci.yml": (own, None, None),
        "./ci/child.yml": (own, None, None),
        "./ci/more.yml": ("ci/build.yml", None, None),
    }
    assert told(source, "component") == {
        "$CI_SERVER_FQDN/acme/scan/all": (own, "~latest", False),
        "git.example.com/acme/lint/all": (own, SHA, True),
    }


def test_no_text_of_a_file_is_archived(source: OneReader) -> None:
    source.sync()
    assert "hunter2" not in source.house.everything()


def test_files_show_how_a_project_is_built(source: OneReader) -> None:
    files = ("infra/main.tf", "chart/Chart.yaml", "Dockerfile", "tests/test_app.py")
    push(source, dict.fromkeys([*files, ".gitlab/CODEOWNERS", ".gitlab-ci.yml"], ""))
    source.sync()
    assert signs(source) == {
        "ci": ".gitlab-ci.yml",
        "code_owners": ".gitlab/CODEOWNERS",
        "dockerfile": "Dockerfile",
        "helm": "chart/Chart.yaml",
        "terraform": "infra/main.tf",
        "tests": "tests/test_app.py",
    }


def test_nothing_is_read_again_until_a_day_is_over_and_something_was_pushed(
    source: OneReader,
) -> None:
    source.sync()
    push(source, {"Dockerfile": ""})
    assert source.sync().pages == 0
    assert source.questions == 0
    source.pass_day()
    source.sync()
    assert signs(source) == {"dockerfile": "Dockerfile"}
    source.pass_day()
    source.sync()
    assert source.questions == 1


def test_a_push_that_changes_nothing_here_gives_no_rows(source: OneReader) -> None:
    source.sync()
    rows = source.all_of(Reuse)
    story.push(source.world, source.project, source.dev, source.at(), "Other text")
    source.pass_day()
    source.sync()
    assert source.all_of(Reuse) == rows
    assert b"is_unchanged" in source.house.pages()[-1][1]


def test_what_is_no_longer_there_is_gone(source: OneReader) -> None:
    source.sync()
    push(source, {"README.md": ""})
    source.pass_day()
    source.sync()
    assert source.all_of(Reuse) == []


def test_a_pipeline_may_be_defined_elsewhere(source: OneReader) -> None:
    source.project.ci_config_path = "deploy.yml@acme/shared:main"
    source.sync()
    assert told(source, "include") == {
        "acme/shared:deploy.yml": ("the project's settings", "main", False)
    }
    source.project.ci_config_path = "ci/build.yml"
    source.pass_day()
    source.sync()
    assert set(told(source, "include")) == {"./ci/more.yml"}
    assert signs(source)["ci"] == "ci/build.yml"


def test_a_tree_that_is_too_large_is_told_in_part(source: OneReader) -> None:
    push(source, {f"src/{number:03}.py": "" for number in range(150)} | {"zz/main.tf": ""})
    with patch("connectors.gitlab.code.tree.MOST_PAGES", 1):
        source.sync()
    assert signs(source) == {}
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.TRUNCATED]
    source.pass_day()
    push(source, {"zz/main.tf": ""})
    source.sync()
    assert set(signs(source)) == {"terraform"}
    assert source.house.gaps() == []


def test_a_pipeline_file_that_was_cut_off_is_read_by_its_name(source: OneReader) -> None:
    many = {f"a/{number:03}.py": "" for number in range(150)}
    push(source, many | {"ci.yml": "include: z.yml", "z.yml": "include: {template: A.yml}"})
    source.project.ci_config_path = "ci.yml"
    with patch("connectors.gitlab.code.tree.MOST_PAGES", 1):
        source.sync()
    assert set(told(source, "include")) == {"./z.yml", "template:A.yml"}


def test_more_pipeline_files_than_are_read_are_told(source: OneReader) -> None:
    parts = {f"ci/{number}.yml": "include: {template: A.yml}" for number in range(5)}
    push(source, parts | {".gitlab-ci.yml": "include: ci/*.yml"})
    with patch("connectors.gitlab.code.tree.MOST_FILES", 3):
        source.sync()
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.UNREADABLE]
    assert len(source.asked("repository/files")) == 3


def test_more_files_than_fit_on_a_page_are_read(source: OneReader) -> None:
    push(source, {f"src/{number:03}.py": "" for number in range(250)} | {"zz/main.tf": ""})
    source.sync()
    assert set(signs(source)) == {"terraform"}


def test_a_file_that_is_no_yaml_is_a_gap(source: OneReader) -> None:
    push(source, {".gitlab-ci.yml": "include: [\n"})
    source.sync()
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.UNREADABLE]


def test_code_that_may_not_be_seen_is_a_gap_and_what_is_known_of_it_stays(
    source: OneReader,
) -> None:
    source.sync()
    rows = source.all_of(Reuse)
    source.double.refuse("repository/", 403)
    source.pass_day()
    source.sync()
    gaps = source.gaps
    assert [gap.reason for gap in gaps.values()] == [GapReason.NO_PERMISSION]
    assert source.sync().pages == 0
    assert (source.questions, source.gaps, source.all_of(Reuse)) == (1, gaps, rows)
    source.double.allow()
    source.sync()
    assert (source.gaps, source.all_of(Reuse)) == ({}, rows)


def test_code_that_is_not_there_is_asked_for_once_a_day(source: OneReader) -> None:
    source.double.refuse("repository/", 404)
    source.sync()
    source.double.allow()
    source.sync()
    assert (source.questions, source.all_of(Reuse)) == (0, [])
    source.pass_day()
    source.sync()
    assert source.gaps == {}
    assert source.all_of(Reuse)


@pytest.mark.parametrize("odd", [{"path": None}, {"path": []}, {"type": None}])
def test_a_file_without_a_name_is_a_gap_and_looked_for_again(
    source: OneReader, odd: dict[str, Any]
) -> None:
    push(source, {"Dockerfile": "", "main.tf": ""})
    source.double.damage("repository/tree", lambda said: [{**said[0], **odd}, *said[1:]])
    source.sync()
    assert set(signs(source)) == {"terraform"}
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.UNREADABLE]
    source.double.allow()
    source.pass_day()
    source.sync()
    assert set(signs(source)) == {"dockerfile", "terraform"}
    assert source.house.gaps() == []


def test_a_project_without_code_is_not_asked_for(source: OneReader) -> None:
    source.project.branches.clear()
    source.sync()
    assert source.questions == 0


def test_archived_pages_alone_give_the_same_rows(source: OneReader, tmp_path: Path) -> None:
    source.sync()
    push(source, {"Dockerfile": ""})
    source.pass_day()
    source.sync()
    assert source.house.is_rebuilt_alike(source.connector(), tmp_path)


def test_a_local_include_may_be_a_pattern() -> None:
    paths = ["ci/a.yml", "ci/deep/b.yml", "c.yml"]
    assert matching("ci/*.yml", paths) == ["ci/a.yml"]
    assert matching("ci/**.yml", paths) == ["ci/a.yml", "ci/deep/b.yml"]
    assert matching("**/*.yml", paths) == paths
    assert matching("c.yml", paths) == ["c.yml"]


@pytest.mark.parametrize(
    "text",
    [b"include: [", b"a: &a [*a]", b"\x00", b"[" * 5000, b"x" * (LARGEST_BYTES + 1)],
)
def test_what_is_no_pipeline_is_said_and_not_followed(text: bytes) -> None:
    found, problem = includes_of(text)
    assert list(found) == []
    assert problem or text == b"a: &a [*a]"


def test_an_empty_file_includes_nothing() -> None:
    assert includes_of(b"") == ([], None)
    assert includes_of(b"include:\n") == ([], None)
