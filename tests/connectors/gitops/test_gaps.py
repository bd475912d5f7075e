"""What cannot be read in a configuration repository: a gap each, and not an end."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from connectors.gitops.files import MAX_FILE_BYTES
from connectors.interface import Reading, SourceUnavailable
from tests.connectors.git.builder import GitRepo
from tests.connectors.gitops.config_repository import PER_ENVIRONMENT, ConfigReader, deploy, image

BROKEN = "image: registry.example/shop:v2\n<<<<<<< HEAD\n  tag: [\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "config")


@pytest.fixture
def reader(tmp_path: Path) -> ConfigReader:
    return ConfigReader(tmp_path)


def breaks(repo: GitRepo, content: str = BROKEN) -> str:
    return repo.commit("break", {"apps/shop/prod.yaml": content})


def blob(repo: GitRepo, path: str = "apps/shop/prod.yaml") -> str:
    return repo.git("rev-parse", f"main:{path}")


def loosen(repo: GitRepo) -> None:
    """Puts every object into a file of its own, so that single ones can be lost."""
    for pack in (repo.git_dir / "objects/pack").glob("*.pack"):
        moved = repo.path / pack.name
        pack.rename(moved)
        repo.git("unpack-objects", "-q", stdin=moved.read_bytes())


def test_broken_yaml_is_a_gap_with_its_commits_and_no_deployment(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    first = breaks(repo)
    since = repo.now
    last = breaks(repo, BROKEN + "more")
    until = repo.now
    deploy(repo, "v3")
    reader.sync()
    assert reader.versions() == ["v1", "v3"]
    gap = reader.gap("unreadable/apps/shop/prod.yaml")
    assert (gap.count, gap.since_at, gap.until_at) == (2, since, until)
    assert first[:10] in gap.what
    assert last[:10] in gap.what
    assert "line 3" in gap.what


def test_the_value_after_broken_yaml_is_compared_with_the_last_one_known(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    breaks(repo)
    deploy(repo, "v1")
    assert reader.sync().versions() == ["v1"]


def test_a_mistyped_image_leaves_what_runs_unknown(repo: GitRepo, reader: ConfigReader) -> None:
    deploy(repo, "v1")
    breaks(repo, "image: registry.example/shop::v2\n")
    deploy(repo, "v2")
    assert reader.sync().versions() == ["v1", "v2"]
    assert "::v2` is no image" in reader.gap("unreadable/apps/shop/prod.yaml").what


def test_the_last_known_value_survives_from_sync_to_sync(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    breaks(repo)
    reader.sync()
    breaks(repo, BROKEN + "x")
    reader.sync()
    deploy(repo, "v1")
    assert reader.sync().versions() == ["v1"]
    deploy(repo, "v2")
    assert reader.sync().versions() == ["v1", "v2"]
    assert reader.gap("unreadable/apps/shop/prod.yaml").count == 2


def test_a_file_that_was_never_readable_deploys_when_it_is(
    repo: GitRepo, reader: ConfigReader
) -> None:
    breaks(repo)
    assert reader.sync().versions() == []
    deploy(repo, "v1")
    assert reader.sync().versions() == ["v1"]


def test_one_broken_file_does_not_hide_the_others(repo: GitRepo, reader: ConfigReader) -> None:
    deploy(repo, "v1")
    repo.commit("mixed", {"apps/shop/prod.yaml": BROKEN, "apps/cart/prod.yaml": image("v4")})
    reader.sync()
    assert [row.service for row in reader.deployments()] == ["shop", "cart"]


@pytest.mark.parametrize("how", ["lose", "corrupt"])
def test_a_file_whose_content_is_gone_is_a_gap(
    repo: GitRepo, reader: ConfigReader, how: str
) -> None:
    deploy(repo, "v1")
    deploy(repo, "v2")
    gone = blob(repo)
    deploy(repo, "v3")
    loosen(repo)
    getattr(repo, how)(gone)
    reader.sync()
    assert reader.versions() == ["v1", "v3"]
    (gap,) = reader.gaps()
    assert gap.reason == {"lose": "missing_object", "corrupt": "unreadable"}[how]
    assert gap.count == 1


def test_content_that_comes_back_closes_its_gap(repo: GitRepo, reader: ConfigReader) -> None:
    deploy(repo, "v1")
    deploy(repo, "v2")
    gone, data = blob(repo), repo.git("show", "main:apps/shop/prod.yaml")
    deploy(repo, "v3")
    loosen(repo)
    repo.lose(gone)
    assert reader.sync().gaps()
    assert reader.sync().batches == []
    assert repo.store("blob", f"{data}\n".encode()) == gone
    reader.sync()
    assert {batch.reading for batch in reader.batches} == {Reading.COMPLETE}
    assert (reader.versions(), reader.gaps()) == (["v1", "v2", "v3"], [])


def test_a_huge_file_is_left_out_and_told(repo: GitRepo, reader: ConfigReader) -> None:
    deploy(repo, "v1")
    repo.commit("huge", {"apps/cart/prod.yaml": image("v1") + "#" * MAX_FILE_BYTES})
    reader.sync()
    assert [row.service for row in reader.deployments()] == ["shop"]
    gap = reader.gap("truncated/apps/cart/prod.yaml")
    assert "larger than 5 MiB" in gap.what
    assert reader.sync().batches == []


def test_a_missing_folder_is_a_gap_and_its_changes_come_with_the_next_commit(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    deploy(repo, "v2")
    lost = repo.git("rev-parse", "main:apps/shop")
    repo.commit("cart", {"apps/shop/prod.yaml": image("v2"), "apps/shop/stg.yaml": image("v1")})
    loosen(repo)
    repo.lose(lost)
    reader.sync()
    assert reader.versions("prod") == ["v1", "v2"]
    assert reader.versions("stg") == ["v1"]
    assert len({row.run for row in reader.deployments()}) == 2
    assert reader.gap("missing_object/").count == 1


def test_a_file_removed_while_folders_were_missing_is_noticed(
    repo: GitRepo, reader: ConfigReader
) -> None:
    repo.commit("two", {"apps/shop/prod.yaml": image("v1"), "apps/cart/prod.yaml": image("v1")})
    repo.commit("out", {"apps/shop/prod.yaml": None, "apps/cart/prod.yaml": image("v2")})
    lost = repo.git("rev-parse", "main:apps")
    repo.commit("on", {"apps/cart/prod.yaml": image("v3")})
    deploy(repo, "v1")
    loosen(repo)
    repo.lose(lost)
    reader.sync()
    rows = [(row.service, row.version) for row in reader.deployments()]
    assert rows == [("cart", "v1"), ("shop", "v1"), ("cart", "v3"), ("shop", "v1")]


def test_a_history_that_breaks_off_is_read_from_there(repo: GitRepo, reader: ConfigReader) -> None:
    lost = deploy(repo, "v1")
    deploy(repo, "v2")
    deploy(repo, "v3")
    loosen(repo)
    repo.lose(lost)
    reader.sync()
    assert reader.versions() == ["v2", "v3"]
    assert reader.gap("cut-off").reason == "missing_object"
    deploy(repo, "v4")
    reader.sync()
    assert {batch.reading for batch in reader.batches} == {Reading.INCREMENT}
    assert reader.versions() == ["v2", "v3", "v4"]
    assert reader.gap("cut-off")


def test_a_repository_whose_newest_commit_is_gone_says_so_in_one_line(
    repo: GitRepo, reader: ConfigReader
) -> None:
    lost = deploy(repo, "v1")
    loosen(repo)
    repo.lose(lost)
    with pytest.raises(SourceUnavailable) as error:
        reader.sync()
    assert "newest commit" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_branch_on_a_file_is_refused_and_deletes_nothing(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    rows = dict(reader.sync().rows)
    (repo.git_dir / "refs/heads/main").write_text(f"{repo.store('blob', b'1')}\n")
    with pytest.raises(SourceUnavailable, match="`main` leads to a blob, not to a commit"):
        reader.sync()
    assert reader.rows == rows
    assert "leads to a blob" in reader.connector().check()[-1].what


def test_a_repository_that_became_empty_is_refused_and_deletes_nothing(
    repo: GitRepo, reader: ConfigReader
) -> None:
    deploy(repo, "v1")
    rows = dict(reader.sync().rows)
    shutil.rmtree(repo.path)
    GitRepo(repo.path)
    with pytest.raises(SourceUnavailable, match="it has no commit any more"):
        reader.sync()
    assert reader.rows == rows


def test_a_shallow_clone_says_that_its_first_commit_is_no_deployment_day(
    repo: GitRepo, tmp_path: Path
) -> None:
    for tag in ("v1", "v2", "v3"):
        deploy(repo, tag)
    clone = ["git", "clone", "--quiet", "--bare", "--depth=2"]
    subprocess.run([*clone, repo.path.as_uri(), str(tmp_path / "shallow")], check=True)
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT, path="shallow").sync()
    assert reader.versions() == ["v2", "v3"]
    assert reader.gap("shallow").reason == "shallow"
    subprocess.run(
        ["git", "-C", str(tmp_path / "shallow"), "fetch", "-q", "--unshallow"], check=True
    )
    assert reader.sync().versions() == ["v1", "v2", "v3"]
    assert reader.gaps() == []


def test_a_file_with_two_versions_of_a_service_gives_the_first_and_says_so(
    repo: GitRepo, tmp_path: Path
) -> None:
    two = {"apps/shop/prod.yaml": "a: {image: r/shop:v1}\nb: {image: r/job:v5}\n"}
    same = {"apps/shop/prod.yaml": "a: {image: r/shop:v2}\nb: {image: r/job:v2}\n"}
    repo.commit("two", two)
    repo.commit("same", same)
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT | {"value": {"yaml": "*.image"}}).sync()
    assert reader.versions() == ["v1", "v2"]
    assert reader.gap("truncated/apps/shop/prod.yaml").count == 1


def test_losses_beyond_what_a_cursor_should_hold_are_summed_up(
    repo: GitRepo, reader: ConfigReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.gitops.losses.MAX_LOSSES", 2)
    for service in ("a", "b", "c", "d"):
        repo.commit(service, {f"apps/{service}/prod.yaml": BROKEN})
    reader.sync()
    assert [gap.count for gap in reader.gaps() if "#gap/unreadable/" in gap.id] == [1, 1, 2]
    assert len(json.dumps(reader.cursors["deployments"])) < 2_000


def test_an_empty_repository_is_told(repo: GitRepo, reader: ConfigReader) -> None:
    assert repo.tip("main") is None
    assert reader.sync().told() == ["not_found: it has no commit"]


def test_a_branch_that_is_not_there_is_told(repo: GitRepo, tmp_path: Path) -> None:
    deploy(repo, "v1")
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT, branch="live").sync()
    assert reader.told() == ["not_found: it has no branch `live`"]


def test_a_pattern_that_matches_nothing_is_told(repo: GitRepo, tmp_path: Path) -> None:
    deploy(repo, "v1")
    rules = [{"pattern": "clusters/{service}/{environment}.yaml"}]
    reader = ConfigReader(tmp_path, **PER_ENVIRONMENT | {"rule": rules}).sync()
    assert "0 files match" in reader.gap("no-values").what


def test_a_folder_that_is_no_repository_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    with pytest.raises(SourceUnavailable, match="not a git repository"):
        ConfigReader(tmp_path).sync()


def test_names_that_are_not_utf_8_are_read(repo: GitRepo, tmp_path: Path) -> None:
    deploy(repo, "v1")
    content = repo.store("blob", image("v2").encode())
    row = b"100644 blob %b\tapps/caf\xe9/prod.yaml\0" % content.encode()
    repo.git("read-tree", "main")
    repo.git("update-index", "-z", "--index-info", stdin=row)
    who = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.org")
    tree = repo.git("write-tree")
    repo.ref("refs/heads/main", repo.git(*who, "commit-tree", "-p", "main", "-m", "latin", tree))
    reader = ConfigReader(tmp_path).sync()
    assert {row.service for row in reader.deployments()} == {"shop", "caf\ufffd"}
