"""Tags of a `git` source: versions, and deployments where the user says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.git.deploy_tags import Release, is_prerelease, pattern_of, read_release
from data.model import Deployment, Gap, GapReason, Service, Version
from tests.connectors.git.builder import FIRST_AT, GitRepo
from tests.connectors.git.reading import GitReader


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first", {"a": "1"}, at=FIRST_AT)
    return repo


@pytest.fixture
def reader(repo: GitRepo) -> GitReader:
    return GitReader(repo.path.parent, path="web")


def test_a_lightweight_tag_has_the_time_of_its_commit(repo: GitRepo, reader: GitReader) -> None:
    repo.tag("v1")
    assert reader.sync().one(Version) == Version(
        id="git:web#version/v1",
        source="web",
        repository="web",
        name="v1",
        sha=repo.sha("main"),
        tagged_at=FIRST_AT,
        position=1,
    )


def test_an_annotated_tag_has_its_own_time(repo: GitRepo, reader: GitReader) -> None:
    later = FIRST_AT + timedelta(days=3)
    repo.tag("v1", message="One", at=later)
    version = reader.sync().one(Version)
    assert (version.tagged_at, version.sha) == (later, repo.sha("main"))


def test_an_annotated_tag_of_old_without_a_time_has_that_of_its_commit(
    repo: GitRepo, reader: GitReader
) -> None:
    text = f"object {repo.sha('main')}\ntype commit\ntag v1\n\nOne\n"
    repo.ref("refs/tags/v1", repo.store("tag", text.encode()))
    assert reader.sync().one(Version).tagged_at == FIRST_AT


def test_a_tag_of_a_tag_leads_to_the_commit(repo: GitRepo, reader: GitReader) -> None:
    inner = repo.tag("inner", message="inner")
    repo.tag("outer", target=inner, message="outer", at=FIRST_AT + timedelta(days=1))
    outer = reader.sync().version("outer")
    assert outer.sha == repo.sha("main")
    assert outer.tagged_at == FIRST_AT + timedelta(days=1)


def test_tags_on_files_and_folders_are_versions_of_no_commit_and_a_gap(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.tag("v1", target="main:a")
    repo.tag("v2", target="main^{tree}", message="a tree")
    repo.tag("v3")
    reader = GitReader(tmp_path, path="web", deploy_tags="v{version}").sync()
    assert {v.name: v.sha for v in reader.all(Version)} == {
        "v1": None,
        "v2": None,
        "v3": repo.sha("main"),
    }
    gap = reader.one(Gap)
    assert (gap.reason, gap.count) == (GapReason.NOT_FOUND, 2)
    assert "v1, v2" in gap.what
    assert [d.version for d in reader.all(Deployment)] == ["v3"]


def test_a_tag_that_leads_nowhere_is_a_gap(repo: GitRepo, reader: GitReader) -> None:
    (repo.git_dir / "refs/tags/v1").write_text("d" * 40 + "\n")
    broken = repo.store("tag", b"object nonsense\ntype commit\ntag v2\n\n")
    (repo.git_dir / "refs/tags/v2").write_text(f"{broken}\n")
    repo.tag("v3")
    reader.sync()
    assert {gap.reason for gap in reader.all(Gap)} == {
        GapReason.MISSING_OBJECT,
        GapReason.UNREADABLE,
    }
    assert reader.version("v3").position == 1
    assert reader.version("v1").sha is None


def test_a_tag_of_an_impossible_time_is_no_deployment_but_a_gap(
    repo: GitRepo, tmp_path: Path
) -> None:
    head = f"object {repo.sha('main')}\ntype commit\ntag v1\ntagger A <a> 4294967295 +0000\n\n"
    repo.ref("refs/tags/v1", repo.store("tag", head.encode()))
    reader = GitReader(tmp_path, path="web", deploy_tags="v{version}").sync()
    assert reader.one(Version).tagged_at is None
    assert reader.one(Gap).reason == GapReason.CLOCK
    assert not reader.all(Deployment)


def test_the_position_of_a_tag_is_the_newest_mainline_commit_it_contains(
    repo: GitRepo, reader: GitReader
) -> None:
    second = repo.commit("second")
    repo.commit("fix", {"f": "1"}, on="release", parents=[second])
    repo.tag("v2.1", "release")
    repo.commit("third")
    topic = repo.commit("topic", {"t": "1"}, on="topic", parents=[repo.sha("main")])
    repo.merge("topic", "Merge branch 'topic'")
    repo.tag("on-topic", topic)
    repo.commit("alone", on="orphan", parents=[])
    repo.tag("elsewhere", "orphan")
    reader.sync()
    assert {v.name: v.position for v in reader.all(Version)} == {
        "v2.1": 2,
        "on-topic": 3,
        "elsewhere": None,
    }


def test_a_mainline_that_catches_up_with_a_tag_moves_its_position(
    repo: GitRepo, reader: GitReader
) -> None:
    ahead = repo.commit("ahead", on="next", parents=[repo.sha("main")])
    repo.tag("v2", ahead)
    assert reader.sync().version("v2").position == 1
    repo.ref("refs/heads/main", ahead)
    assert reader.sync().version("v2").position == 2


def test_deleted_and_moved_tags_are_gone_and_moved(repo: GitRepo, reader: GitReader) -> None:
    repo.tag("gone")
    repo.tag("moved")
    reader.sync()
    new = repo.commit("second")
    repo.ref("refs/tags/gone", None)
    repo.tag("moved")
    reader.sync()
    assert {v.name: v.sha for v in reader.all(Version)} == {"moved": new}
    repo.ref("refs/tags/moved", None)
    assert not reader.sync().all(Version)


def test_tags_are_deployments_only_when_the_user_says_so(
    repo: GitRepo, reader: GitReader, tmp_path: Path
) -> None:
    repo.tag("v1.0")
    assert not reader.sync().all(Deployment)
    said = GitReader(
        tmp_path, path="web", deploy_tags="v{version}", web_url="https://github.com/acme/web"
    )
    assert said.sync().one(Deployment) == Deployment(
        id="git:web#deployment/v1.0/web",
        source="web",
        url="https://github.com/acme/web/releases/tag/v1.0",
        service="web",
        environment="production",
        repository="web",
        sha=repo.sha("main"),
        version="v1.0",
        status="success",
        started_at=None,
        deployed_at=FIRST_AT,
        run="git:web#version/v1.0",
        attempt=1,
        title="web 1.0",
    )


def test_a_tag_that_names_its_service_deploys_that_one(repo: GitRepo, tmp_path: Path) -> None:
    repo.tag("pay/v1.2")
    repo.tag("search/v3")
    reader = GitReader(
        tmp_path,
        path="web",
        services={"pay": "services/pay"},
        deploy_tags="{service}/v{version}",
        deploy_environment="live",
    ).sync()
    assert {(d.service, d.version, d.environment) for d in reader.all(Deployment)} == {
        ("pay", "pay/v1.2", "live"),
        ("search", "search/v3", "live"),
    }
    assert {s.name: s.path for s in reader.all(Service)} == {"pay": "services/pay", "search": None}


def test_a_tag_that_names_no_service_deploys_all_in_one_run(repo: GitRepo, tmp_path: Path) -> None:
    repo.tag("v1")
    reader = GitReader(
        tmp_path, path="web", services={"pay": "pay", "api": "api"}, deploy_tags="v{version}"
    ).sync()
    assert {d.service for d in reader.all(Deployment)} == {"pay", "api"}
    assert {d.run for d in reader.all(Deployment)} == {"git:web#version/v1"}


def test_release_candidates_are_versions_and_deployed_only_if_asked(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.tag("v1.0-rc1")
    repo.tag("v1.0")
    final = GitReader(tmp_path, path="web", deploy_tags="v{version}").sync()
    assert [d.version for d in final.all(Deployment)] == ["v1.0"]
    assert len(final.all(Version)) == 2
    every = GitReader(tmp_path, path="web", deploy_tags="v{version}", include_prereleases=True)
    assert len(every.sync().all(Deployment)) == 2


@pytest.mark.parametrize(
    ("template", "tag", "expected"),
    [
        ("v{version}", "v1.2.3", Release(None, "1.2.3")),
        ("v{version}", "vendor-1", None),
        ("v{version}", "pay/v1", None),
        ("r.{version}", "r.2026.08.17.0", Release(None, "2026.08.17.0")),
        ("r.{version}", "rx2026", None),
        ("{service}/v{version}", "pay/v1.0+b.2", Release("pay", "1.0+b.2")),
        ("{service}-{version}", "pay-api-2.0", Release("pay-api", "2.0")),
        ("{version}", "2.0", Release(None, "2.0")),
        ("production", "production", Release(None, "production")),
    ],
)
def test_a_template_matches_whole_tags(template: str, tag: str, expected: Release | None) -> None:
    assert read_release(pattern_of(template), tag) == expected


def test_a_regular_expression_matches_whole_tags_too() -> None:
    pattern = r"(?P<service>\w+)@(?P<version>.+)"
    assert read_release(pattern, "pay@blue") == Release("pay", "blue")
    assert read_release(pattern, "x pay@blue") is None


@pytest.mark.parametrize(
    "version",
    ["1.0-rc1", "1.0.0-RC.2", "1.0rc1", "2.0b3", "2.0a1", "1.0-alpha", "1.0.dev5", "1.0-SNAPSHOT"],
)
def test_pre_releases_are_told_by_their_words(version: str) -> None:
    assert is_prerelease(version)


@pytest.mark.parametrize(
    "version", ["1.0", "2026.08.17.0", "1.0-9f3a1b2c", "1.0+archive", "1.0-source", "1.0-debian1"]
)
def test_other_words_make_no_pre_release(version: str) -> None:
    assert not is_prerelease(version)
