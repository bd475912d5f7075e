"""Deployments that a `gitops` source reads from a configuration repository."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.interface import Reading
from data.model import Deployment, Repository, Service
from tests.connectors.git.builder import FIRST_AT, GitRepo, brought
from tests.connectors.git.reading import context
from tests.connectors.gitops.config_repository import PER_ENVIRONMENT, ConfigReader, deploy, image


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "config")


@pytest.fixture
def reader(tmp_path: Path) -> ConfigReader:
    return ConfigReader(tmp_path)


def test_a_new_value_is_a_deployment(repo: GitRepo, tmp_path: Path) -> None:
    sha = deploy(repo, "v1")
    reader = ConfigReader(
        tmp_path,
        **PER_ENVIRONMENT,
        web_url="https://github.example/acme/config",
    ).sync()
    assert reader.one(Deployment) == Deployment(
        id=f"gitops:flux#{sha}/prod/shop",
        source="flux",
        url=f"https://github.example/acme/config/commit/{sha}",
        service="shop",
        environment="prod",
        repository=None,
        sha=None,
        version="v1",
        status="success",
        started_at=None,
        deployed_at=FIRST_AT + timedelta(hours=1),
        run=sha,
        attempt=1,
        title="shop v1",
    )
    assert reader.one(Service).name == "shop"
    assert reader.one(Repository) == Repository(
        id="gitops:flux#repository/flux",
        source="flux",
        url="https://github.example/acme/config",
        name="flux",
        default_branch="main",
        head_sha=sha,
        is_shallow=False,
        commit_count=1,
    )


def test_each_change_of_the_value_is_a_deployment(repo: GitRepo, reader: ConfigReader) -> None:
    for tag in ("v1", "v2", "v3"):
        deploy(repo, tag)
    assert reader.sync().versions() == ["v1", "v2", "v3"]


def test_the_same_value_written_otherwise_is_no_deployment(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    repo.commit(
        "format", {"apps/shop/prod.yaml": "# our shop\n'image': \"registry.example/shop:v1\""}
    )
    assert reader.sync().versions() == ["v1"]


def test_the_same_tag_from_another_registry_is_no_deployment(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    repo.commit("move", {"apps/shop/prod.yaml": image("v1", "mirror.example:5000/shop")})
    assert reader.sync().versions() == ["v1"]


def test_where_the_command_is_run_changes_nothing(
    repo: GitRepo, reader: ConfigReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(repo, "v1")
    reader.sync()
    tree = tmp_path / "tree"
    (tree / "apps").mkdir(parents=True)
    repo.git("config", "core.bare", "false")
    repo.git("config", "core.worktree", str(tree))  # as in a submodule
    repo.commit("format", {"apps/shop/prod.yaml": f"# our shop\n{image('v1')}"})
    monkeypatch.chdir(tree / "apps")
    assert reader.sync().versions() == ["v1"]


def test_a_renamed_file_with_the_same_value_is_no_deployment(tmp_path: Path, repo: GitRepo) -> None:
    deploy(repo, "v1")
    repo.commit("rename", {"apps/shop/prod.yaml": None, "clusters/eu/shop/prod.yaml": image("v1")})
    rules = [{"pattern": "**/{service}/{environment}.yaml"}]
    assert ConfigReader(tmp_path, **PER_ENVIRONMENT | {"rule": rules}).sync().versions() == ["v1"]


def test_a_renamed_file_with_a_new_value_is_one_deployment(tmp_path: Path, repo: GitRepo) -> None:
    deploy(repo, "v1")
    repo.commit("rename", {"apps/shop/prod.yaml": None, "new/shop/prod.yaml": image("v2")})
    rules = [{"pattern": "*/{service}/{environment}.yaml"}]
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT | {"rule": rules}).sync()
    assert reader.versions() == ["v1", "v2"]


def test_a_removed_file_is_no_deployment_and_its_return_is_one(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    repo.commit("remove", {"apps/shop/prod.yaml": None})
    assert reader.sync().versions() == ["v1"]
    deploy(repo, "v1")
    assert reader.sync().versions() == ["v1", "v1"]


def test_a_removed_value_is_no_deployment_and_its_return_is_one(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    repo.commit("remove", {"apps/shop/prod.yaml": "replicas: 0\n"})
    deploy(repo, "v1")
    assert reader.sync().versions() == ["v1", "v1"]


def test_a_return_to_an_earlier_version_is_a_deployment_of_it(
    repo: GitRepo, reader: ConfigReader
) -> None:
    for tag in ("v1", "v2", "v1"):
        deploy(repo, tag)
    assert reader.sync().versions() == ["v1", "v2", "v1"]


def test_two_services_in_one_commit_are_two_deployments_of_one_run(
    repo: GitRepo, reader: ConfigReader
) -> None:
    files = {"apps/shop/prod.yaml": image("v1"), "apps/cart/prod.yaml": image("v7")}
    sha = repo.commit("both", files)
    reader.sync()
    assert [(row.service, row.version, row.run) for row in reader.deployments()] == [
        ("cart", "v7", sha),
        ("shop", "v1", sha),
    ]
    assert sorted(row.name for row in reader.all(Service)) == ["cart", "shop"]


def test_a_merge_deploys_what_it_brings_to_the_mainline_at_its_own_time(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    repo.ref("refs/heads/topic", "main")
    for tag in ("v2", "v3"):
        repo.commit(tag, {"apps/shop/prod.yaml": image(tag)}, on="topic")
    repo.commit("else", {"README": "x"})
    merged = repo.merge("topic", "Merge topic")
    reader.sync()
    assert reader.versions() == ["v1", "v3"]
    last = reader.deployments()[-1]
    assert (last.run, last.deployed_at) == (merged, repo.now)


def test_a_commit_that_came_by_a_merge_is_no_deployment_again(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    repo.ref("refs/heads/topic", "main")
    repo.commit("v2", {"apps/shop/prod.yaml": image("v2")}, on="topic")
    deploy(repo, "v3")
    repo.commit("keep ours", on="main", parents=[repo.sha("main"), repo.sha("topic")])
    assert reader.sync().versions() == ["v1", "v3"]


def test_the_commit_of_the_service_is_read_from_the_version(tmp_path: Path, repo: GitRepo) -> None:
    deploy(repo, "prod-5badb8c-20260821180038")
    deploy(repo, "latest")
    settings = PER_ENVIRONMENT | {"version_sha": "-(?P<sha>[0-9a-f]{7,40})-"}
    reader = ConfigReader(tmp_path, **settings).sync()
    assert [row.sha for row in reader.deployments()] == ["5badb8c", None]


def test_service_and_repository_are_made_of_placeholders(tmp_path: Path, repo: GitRepo) -> None:
    repo.commit("one", {"apps/web/shop/prod.yaml": image("v1")})
    reader = ConfigReader(
        tmp_path,
        value={"yaml": "image"},
        service_name="{namespace}-{service}",
        repository="acme/{service}",
        rule=[{"pattern": "apps/{namespace}/{service}/{environment}.yaml"}],
    ).sync()
    assert reader.one(Deployment).service == "web-shop"
    assert reader.one(Deployment).repository == "acme/shop"
    assert reader.one(Service).repository == "acme/shop"


def test_a_changed_digest_of_the_same_tag_is_a_deployment_and_a_new_pin_is_none(
    repo: GitRepo, reader: ConfigReader
) -> None:
    for tag in ("v1", f"v1@sha256:{'a' * 64}", f"v1@sha256:{'b' * 64}"):
        deploy(repo, tag)
    assert reader.sync().versions() == ["v1", "v1"]


def test_only_the_environments_that_are_named_are_read(tmp_path: Path, repo: GitRepo) -> None:
    for environment in ("prod", "stg", "image-policy"):
        deploy(repo, "v1", environment)
    rule = {"pattern": "apps/{service}/{environment}.yaml", "environments": ["prod", "stg"]}
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT | {"rule": [rule]}).sync()
    assert {row.environment for row in reader.deployments()} == {"prod", "stg"}


def test_an_excluded_file_is_not_read(tmp_path: Path, repo: GitRepo) -> None:
    deploy(repo, "v1")
    deploy(repo, "v1", service="sandbox-shop")
    rule = {"pattern": "apps/{service}/{environment}.yaml", "exclude": ["apps/sandbox-*"]}
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT | {"rule": [rule]}).sync()
    assert [row.service for row in reader.deployments()] == ["shop"]


def test_a_link_is_no_file_of_its_own(repo: GitRepo, reader: ConfigReader) -> None:
    deploy(repo, "v1")
    blob = repo.git("hash-object", "-w", "--stdin", stdin=image("v7").encode())
    repo.git("read-tree", "main")
    repo.git("update-index", "--add", "--cacheinfo", f"120000,{blob},apps/shop/stg.yaml")
    tree = repo.git("write-tree")
    who = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.org")
    repo.ref("refs/heads/main", repo.git(*who, "commit-tree", "-p", "main", "-m", "link", tree))
    assert {row.environment for row in reader.sync().deployments()} == {"prod"}


def test_a_branch_that_is_named_is_the_one_that_deploys(tmp_path: Path, repo: GitRepo) -> None:
    deploy(repo, "v1")
    repo.ref("refs/heads/live", "main")
    deploy(repo, "v2")
    assert ConfigReader(tmp_path, **PER_ENVIRONMENT, branch="live").sync().versions() == ["v1"]


def test_nothing_new_is_no_page(repo: GitRepo, reader: ConfigReader) -> None:
    deploy(repo, "v1")
    assert reader.sync().batches
    assert reader.sync().batches == []


def test_new_commits_are_an_increment(repo: GitRepo, reader: ConfigReader) -> None:
    deploy(repo, "v1")
    reader.sync()
    deploy(repo, "v2")
    repo.commit("nothing of ours", {"README": "x"})
    reader.sync()
    assert [batch.reading for batch in reader.batches] == [Reading.INCREMENT]
    assert reader.versions() == ["v1", "v2"]
    assert reader.one(Repository).commit_count == 3


def test_a_force_push_is_read_anew_and_forgets_what_never_landed(
    repo: GitRepo, reader: ConfigReader
) -> None:
    for tag in ("v1", "v2", "v3"):
        deploy(repo, tag)
    reader.sync()
    repo.ref("refs/heads/main", "main~2")
    deploy(repo, "v9")
    reader.sync()
    assert {batch.reading for batch in reader.batches} == {Reading.COMPLETE}
    assert reader.versions() == ["v1", "v9"]


def test_a_rewritten_history_is_forgotten_also_if_reading_it_was_interrupted(
    repo: GitRepo, reader: ConfigReader
) -> None:
    for tag in ("v1", "v2", "v3", "v4", "v5"):
        deploy(repo, tag)
    reader.sync()
    repo.ref("refs/heads/main", "main~2")
    for tag in ("v8", "v9"):
        deploy(repo, tag)
    reader.sync(most=1)
    reader.sync()
    assert {batch.reading for batch in reader.batches} == {Reading.COMPLETE}
    assert reader.versions() == ["v1", "v2", "v3", "v8", "v9"]


def test_a_branch_set_back_forgets_what_came_after(repo: GitRepo, reader: ConfigReader) -> None:
    for tag in ("v1", "v2"):
        deploy(repo, tag)
    reader.sync()
    repo.ref("refs/heads/main", "main~1")
    assert reader.sync().versions() == ["v1"]


def test_a_mainline_merged_the_other_way_round_is_read_anew(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    repo.ref("refs/heads/topic", "main")
    deploy(repo, "v2")
    reader.sync()
    repo.commit("t", {"apps/cart/prod.yaml": image("v5")}, on="topic")
    parents = [repo.sha("topic"), repo.sha("main")]
    both = {"apps/shop/prod.yaml": image("v2")}
    repo.commit("foxtrot", both, on="main", parents=parents)
    reader.sync()
    assert {batch.reading for batch in reader.batches} == {Reading.COMPLETE}
    assert [(row.service, row.version) for row in reader.deployments()] == [
        ("shop", "v1"),
        ("cart", "v5"),
        ("shop", "v2"),
    ]


def test_a_force_push_during_a_killed_first_reading_leaves_nothing_behind(
    repo: GitRepo, reader: ConfigReader
) -> None:
    for tag in ("v1", "v2", "v3", "v4", "v5"):
        deploy(repo, tag)
    reader.sync(most=2)
    repo.ref("refs/heads/main", "main~4")
    deploy(repo, "v9")
    reader.sync()
    reader.sync()
    assert reader.versions() == ["v1", "v9"]
    assert reader.sync().batches == []


def test_the_last_page_says_up_to_when_a_clone_is_complete(
    repo: GitRepo, reader: ConfigReader
) -> None:
    for tag in ("v1", "v2", "v3"):
        deploy(repo, tag)
    reader.sync()
    assert [batch.is_last for batch in reader.batches] == [False, True]
    assert [batch.complete_until for batch in reader.batches] == [None, repo.now]


def test_progress_counts_the_commits_of_the_mainline(
    repo: GitRepo, reader: ConfigReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, int | None]] = []
    watched = replace(context(reader.folder), progress=lambda *words: told.append(words))
    monkeypatch.setattr("tests.connectors.gitops.config_repository.context", lambda folder: watched)
    for tag in ("v1", "v2", "v3"):
        deploy(repo, tag)
    reader.sync()
    assert told == [("flux", 2, 3), ("flux", 3, 3)]


def test_a_fetch_that_brings_nothing_moves_the_time_a_clone_is_complete_until(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    reader.sync()
    repo.come_from()
    repo.fetched(repo.now + timedelta(days=2), brought(repo.sha("main")))
    reader.sync()
    (batch,) = reader.batches
    assert batch.reading is Reading.INCREMENT
    assert batch.complete_until == repo.now + timedelta(days=2)
    assert reader.versions() == ["v1"]
    assert reader.sync().batches == []


def test_a_mirror_of_an_address_is_kept_and_followed(tmp_path: Path, repo: GitRepo) -> None:
    deploy(repo, "v1")
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT, path=None, url=repo.path.as_uri())
    assert reader.sync().versions() == ["v1"]
    deploy(repo, "v2")
    assert reader.sync().versions() == ["v1", "v2"]
    assert reader.one(Repository).name == "flux"
    assert reader.sync().batches == []


def test_doctor_tells_a_path_that_the_system_refuses(tmp_path: Path) -> None:
    settings = PER_ENVIRONMENT | {"path": "x" * 300}
    (finding,) = ConfigReader(tmp_path, **settings).connector().check()
    assert finding.what == "cannot be read (File name too long)"


def deploy_at(repo: GitRepo, at: datetime, tag: str) -> None:
    repo.commit(tag, {"apps/shop/prod.yaml": image(tag)}, at=at)


def test_commits_of_times_that_cannot_be_right_are_told_and_no_deployments(
    repo: GitRepo, reader: ConfigReader
) -> None:
    for at in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 2, 7, tzinfo=UTC)):
        deploy_at(repo, at, f"of-{at.year}")
    deploy_at(repo, FIRST_AT, "v3")
    deploy_at(repo, datetime(9999, 6, 1, tzinfo=UTC), "of-9999")
    assert reader.sync().versions() == ["v3"]
    gap = reader.gap("clock/")
    assert (gap.count, gap.since_at, gap.until_at) == (3, None, None)


@pytest.mark.parametrize("year", [2027, 2099, 2106])
def test_a_clock_that_is_ahead_does_not_claim_that_the_future_is_known(
    repo: GitRepo, reader: ConfigReader, year: int
) -> None:
    deploy_at(repo, FIRST_AT, "v1")
    deploy_at(repo, datetime(year, 2, 7, tzinfo=UTC), "v2")
    reader.sync()
    assert {batch.complete_until for batch in reader.batches} == {FIRST_AT}


@pytest.mark.parametrize("syncs", [1, 2])
def test_a_clock_that_is_behind_does_not_change_the_order_of_the_mainline(
    repo: GitRepo, reader: ConfigReader, syncs: int
) -> None:
    ahead = FIRST_AT + timedelta(seconds=5)
    deploy_at(repo, ahead, "v1")
    if syncs == 2:
        reader.sync()
    deploy_at(repo, FIRST_AT, "v2")
    deploy_at(repo, FIRST_AT + timedelta(seconds=2), "v3")
    deploy_at(repo, FIRST_AT + timedelta(hours=1), "v4")
    reader.sync()
    assert {row.version: row.deployed_at for row in reader.all(Deployment)} == {
        **dict.fromkeys(("v1", "v2", "v3"), ahead),
        "v4": FIRST_AT + timedelta(hours=1),
    }


def test_a_commit_from_another_year_moves_no_other(repo: GitRepo, reader: ConfigReader) -> None:
    deploy_at(repo, datetime(2090, 1, 1, tzinfo=UTC), "v1")
    deploy_at(repo, FIRST_AT, "v2")
    assert reader.sync().versions() == ["v2", "v1"]
    assert reader.deployments()[0].deployed_at == FIRST_AT


def test_a_commit_without_a_time_has_that_of_the_one_before(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    before = repo.now
    dated = repo.git("cat-file", "commit", deploy(repo, "v2"))
    undated = re.sub(r"(?m)> \d+ \+0000$", "> 99999999999999999 +0000", dated)
    sha = repo.store("commit", undated.encode())
    (repo.git_dir / "refs/heads/main").write_text(f"{sha}\n")
    reader.sync()
    assert sorted(row.version or "" for row in reader.deployments()) == ["v1", "v2"]
    assert {row.deployed_at for row in reader.deployments()} == {before}
    assert reader.gap("clock/").count == 1
