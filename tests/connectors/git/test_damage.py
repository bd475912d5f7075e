"""A `git` source keeps its head: of odd and broken repositories it loses what is lost, no more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.interface import Reading, Severity, SourceUnavailable
from data.model import Change, Commit, Gap, GapReason, Repository, Version
from tests.connectors.git.builder import FIRST_AT, GitRepo
from tests.connectors.git.reading import GitReader


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "web")


@pytest.fixture
def reader(repo: GitRepo) -> GitReader:
    return GitReader(repo.path.parent, path="web")


def _one_line(gap: Gap) -> str:
    assert "\n" not in gap.what
    assert gap.fix
    return gap.what


@pytest.mark.parametrize("name", ["nowhere", "file", "folder"])
def test_what_is_no_repository_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(SourceUnavailable) as caught:
        GitReader(tmp_path, path=name).sync()
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.fix


def test_a_repository_that_may_not_be_looked_at_hides_no_other(tmp_path: Path) -> None:
    GitRepo(tmp_path / "repos" / "web").commit("first")
    (tmp_path / "repos" / "api").mkdir()
    (tmp_path / "repos" / "api" / ".git").write_text(f"gitdir: {'x' * 300}\n")
    connector = GitReader(tmp_path, path="repos/*").connector()
    streams = {stream.name: stream for stream in connector.discover()}
    assert list(streams) == ["api/history", "api/tags", "web/history", "web/tags"]
    assert list(connector.pull(streams["web/history"], None))
    with pytest.raises(SourceUnavailable, match="File name too long"):
        list(connector.pull(streams["api/history"], None))
    findings = {finding.severity: finding for finding in connector.check()}
    assert findings[Severity.ERROR].what == "cannot be read (File name too long)"
    assert any(finding.what.startswith("mainline main") for finding in connector.check())


@pytest.mark.parametrize("path", ["x" * 300, "x" * 300 + "/*"])
def test_doctor_tells_a_path_that_the_system_refuses(tmp_path: Path, path: str) -> None:
    (finding,) = GitReader(tmp_path, path=path).connector().check()
    assert finding.severity is Severity.ERROR
    assert finding.fix


def test_a_folder_that_only_looks_like_a_repository_is_told_by_git(tmp_path: Path) -> None:
    (tmp_path / "web/.git/objects").mkdir(parents=True)
    (tmp_path / "web/.git/HEAD").write_text("nonsense")
    with pytest.raises(SourceUnavailable, match="not a git repository"):
        GitReader(tmp_path, path="web").sync()


def test_a_pattern_that_names_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="names no git repository"):
        GitReader(tmp_path, path="repos/*").sync()


def test_two_repositories_of_one_name_are_told(tmp_path: Path) -> None:
    GitRepo(tmp_path / "a" / "web")
    GitRepo(tmp_path / "b" / "web")
    with pytest.raises(SourceUnavailable, match="two repositories are called `web`"):
        GitReader(tmp_path, path="*/web").sync()


def test_an_empty_repository_is_a_gap_until_its_first_commit(
    repo: GitRepo, reader: GitReader
) -> None:
    (gap,) = reader.sync().gaps()
    assert gap.reason == GapReason.NOT_FOUND
    assert "it has no commit" in _one_line(gap)
    assert not reader.rows
    repo.commit("first")
    assert not reader.sync().gaps()
    assert len(reader.all(Commit)) == 1


def test_a_branch_that_is_not_there_is_a_gap(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("first")
    (gap,) = GitReader(tmp_path, path="web", branch="gone").sync().gaps()
    assert "no branch `gone`" in _one_line(gap)


def test_a_shallow_clone_says_since_when_it_knows(repo: GitRepo, tmp_path: Path) -> None:
    for day in range(1, 5):
        repo.commit(f"day {day}", {"a": str(day)}, at=FIRST_AT + timedelta(days=day))
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", "--depth=2", f"file://{repo.path}", str(clone))
    reader = GitReader(tmp_path, path="clone", services={"a": "a"}).sync()
    (gap,) = reader.gaps()
    assert gap.reason == GapReason.SHALLOW
    assert "before 2026-01-08" in _one_line(gap)
    assert gap.fix == "run `git fetch --unshallow` there"
    assert gap.until_at == FIRST_AT + timedelta(days=3)
    assert reader.one(Repository).is_shallow
    assert [c.position for c in reader.all(Commit)] == [1, 2]
    assert {c.title: c.services for c in reader.all(Change)} == {"day 3": (), "day 4": ("a",)}


def test_the_gap_of_a_shallow_clone_stays_while_nothing_changes(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit("first")
    repo.commit("second")
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(tmp_path / "clone"))
    reader = GitReader(tmp_path, path="clone").sync()
    before = reader.gaps()
    assert reader.sync().gaps() == before != []


def test_a_shallow_clone_that_is_completed_is_read_anew(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("first")
    head = repo.commit("second")
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", str(clone))
    reader = GitReader(tmp_path, path="clone").sync()
    assert reader.commit(head).position == 1
    repo.git("-C", str(clone), "fetch", "--quiet", "--unshallow")
    assert reader.sync().commit(head).position == 2
    assert not reader.gaps()
    assert not reader.one(Repository).is_shallow


@pytest.mark.parametrize(
    ("harm", "reason"),
    [("lose", GapReason.MISSING_OBJECT), ("corrupt", GapReason.UNREADABLE)],
)
def test_history_below_a_broken_commit_is_a_gap_and_the_rest_is_read(
    repo: GitRepo, reader: GitReader, harm: str, reason: GapReason
) -> None:
    repo.commit("first")
    broken = repo.commit("second")
    third = repo.commit("third")
    head = repo.commit("fourth")
    getattr(repo, harm)(broken)
    (gap,) = reader.sync().gaps()
    assert (gap.reason, gap.count) == (reason, 1)
    assert broken[:10] in _one_line(gap)
    assert {commit.sha for commit in reader.all(Commit)} == {third, head}
    assert not reader.sync().batches
    assert reader.gaps() == [gap]


def test_a_lost_commit_that_comes_back_closes_the_gap(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    lost = repo.commit("second")
    repo.commit("third")
    data = repo.git("cat-file", "commit", lost).encode()
    repo.lose(lost)
    reader.sync()
    assert repo.store("commit", data) == lost
    reader.sync()
    assert not reader.gaps()
    assert sorted(commit.position or 0 for commit in reader.all(Commit)) == [1, 2, 3]


def test_a_new_commit_on_a_broken_history_is_read(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    lost = repo.commit("second")
    repo.commit("third")
    repo.lose(lost)
    reader.sync()
    new = repo.commit("fourth")
    assert reader.sync().commit(new).position == 2
    assert {batch.reading for batch in reader.batches} == {Reading.COMPLETE}


def _lose_head(repo: GitRepo) -> None:
    repo.lose(repo.commit("second"))


def _corrupt_head(repo: GitRepo) -> None:
    repo.corrupt(repo.commit("second"))


def _point_branch_at_a_blob(repo: GitRepo) -> None:
    (repo.git_dir / "refs/heads/main").write_text(f"{repo.store('blob', b'1')}\n")


def _point_head_at_a_tree(repo: GitRepo) -> None:
    tree = repo.git("rev-parse", "main^{tree}")
    (repo.git_dir / "HEAD").write_text(f"{tree}\n")


def _empty_the_branch_file(repo: GitRepo) -> None:
    (repo.git_dir / "refs/heads/main").write_text("")


def _lose_the_index_of_all_packs(repo: GitRepo) -> None:
    repo.git("gc", "--quiet")
    for index in repo.git_dir.glob("objects/pack/*.idx"):
        index.unlink()


def _empty_all_packs(repo: GitRepo) -> None:
    repo.git("gc", "--quiet")
    for pack in repo.git_dir.glob("objects/pack/*.pack"):
        pack.unlink()
        pack.touch()


_DAMAGES = (
    (_lose_head, "the newest commit of `main` cannot be read"),
    (_corrupt_head, "the newest commit of `main` cannot be read"),
    (_point_branch_at_a_blob, "`main` leads to a blob, not to a commit"),
    (_point_head_at_a_tree, "`HEAD` leads to a tree, not to a commit"),
    (_empty_the_branch_file, "`main` holds no hash of a commit"),
    (_lose_the_index_of_all_packs, "the newest commit of `main` cannot be read"),
    (_empty_all_packs, "the newest commit of `main` cannot be read"),
)


@pytest.mark.parametrize(("damage", "what"), _DAMAGES)
def test_a_mainline_that_is_damaged_at_its_end_is_refused(
    repo: GitRepo, reader: GitReader, damage: Callable[[GitRepo], None], what: str
) -> None:
    repo.commit("first")
    damage(repo)
    with pytest.raises(SourceUnavailable, match=what) as refused:
        reader.sync()
    assert "git fsck" in refused.value.fix
    (finding,) = (f for f in reader.connector().check() if f.severity is Severity.ERROR)
    assert what in finding.what
    assert "git fsck" in finding.fix


@pytest.mark.parametrize(("damage", "what"), _DAMAGES)
def test_damage_deletes_nothing_of_what_was_read(
    repo: GitRepo, reader: GitReader, damage: Callable[[GitRepo], None], what: str
) -> None:
    repo.commit("first")
    repo.tag("v1")
    rows = dict(reader.sync().rows)
    repo.tag("v2")
    damage(repo)
    with pytest.raises(SourceUnavailable, match=what):
        reader.sync()
    assert reader.rows == rows


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_mainline_that_went_away_deletes_nothing(
    repo: GitRepo, reader: GitReader, is_empty: bool
) -> None:
    repo.commit("first")
    repo.tag("v1")
    rows = dict(reader.sync().rows)
    if is_empty:
        shutil.rmtree(repo.path)
        GitRepo(repo.path)
    else:
        repo.git("branch", "--move", "main", "trunk")
        repo.git("symbolic-ref", "HEAD", "refs/heads/main")
    what = "it has no commit any more" if is_empty else "it has no branch `main` any more"
    with pytest.raises(SourceUnavailable, match=what):
        reader.sync()
    assert reader.rows == rows


@pytest.mark.parametrize("loss", ["renamed over there", "remote renamed here"])
def test_a_branch_that_the_remote_has_no_more_is_not_replaced_by_an_old_one_of_its_name(
    repo: GitRepo, tmp_path: Path, loss: str
) -> None:
    repo.commit("first")
    repo.tag("v1")
    clone = GitRepo(tmp_path / "clone")
    shutil.rmtree(clone.path)
    repo.git("clone", "--quiet", str(repo.path), str(clone.path))
    repo.commit("second")
    clone.git("fetch", "--quiet", "--tags")
    reader = GitReader(tmp_path, path="clone").sync()
    rows = dict(reader.rows)
    if loss == "renamed over there":
        repo.git("branch", "--move", "main", "trunk")
        clone.git("fetch", "--quiet", "--prune")
    else:
        clone.git("remote", "rename", "origin", "upstream")
    clone.tag("v2")
    with pytest.raises(
        SourceUnavailable, match=r"has no branch `(origin/)?main` any more"
    ) as error:
        reader.sync()
    assert "git remote set-head origin --auto" in error.value.fix
    assert reader.rows == rows
    if loss == "renamed over there":
        (gap,) = GitReader(tmp_path, path="clone").sync().gaps()
        assert "it has no branch `main`" in _one_line(gap)
        clone.git("remote", "set-head", "origin", "--auto")
        assert reader.sync().one(Repository).default_branch == "trunk"
        assert not reader.gaps()


def test_a_tag_that_breaks_deletes_no_tag_that_was_read(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    repo.tag("v1")
    rows = dict(reader.sync().rows)
    (repo.git_dir / "refs/tags/v1").write_text("")
    with pytest.raises(SourceUnavailable, match="tags that hold no hash: v1; what was read"):
        reader.sync()
    assert reader.rows == rows


def test_packed_refs_that_were_lost_delete_nothing(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    repo.tag("v1")
    rows = dict(reader.sync().rows)
    repo.git("pack-refs", "--all")
    repo.commit("second")
    (repo.git_dir / "packed-refs").write_text("")
    with pytest.raises(SourceUnavailable, match="the list of packed refs is empty"):
        reader.sync()
    assert reader.rows == rows


def test_tags_of_a_repository_without_the_branch_are_read_and_read_again(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit("first")
    repo.tag("v1")
    reader = GitReader(tmp_path, path="web", branch="gone").sync()
    repo.tag("v2")
    assert reader.sync().version("v2").sha
    assert "no branch `gone`" in _one_line(reader.gaps()[0])


def test_a_tag_that_is_no_hash_is_a_gap(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    repo.tag("v1")
    repo.tag("v2")
    (repo.git_dir / "refs/tags/v1").write_text("")
    (gap,) = reader.sync().gaps()
    assert gap.reason == GapReason.MISSING_OBJECT
    assert "tags that lead to an object that is not there: 1 (v1)" in _one_line(gap)
    assert reader.version("v2").sha


def test_a_lost_tree_hides_what_a_change_touched_and_nothing_else(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit("first", {"pay/a": "1"})
    hidden = repo.commit("second", {"pay/a": "2"})
    tree = repo.git("rev-parse", "main:pay")
    after = repo.commit("third", {"web/a": "1"})
    repo.lose(tree)
    reader = GitReader(tmp_path, path="web", services={"pay": "pay", "web": "web"}).sync()
    (gap,) = reader.gaps()
    assert (gap.reason, gap.count) == (GapReason.MISSING_OBJECT, 1)
    assert hidden[:10] in _one_line(gap)
    assert reader.change(hidden).services == ()
    assert reader.change(after).services == ("web",)


def test_lost_files_are_not_missed(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("first", {"pay/a": "1"})
    sha = repo.commit("second", {"pay/a": None, "pay/b": "1"})
    repo.lose(repo.git("rev-parse", "main~1:pay/a"))
    reader = GitReader(tmp_path, path="web", services={"pay": "pay"}).sync()
    assert not reader.gaps()
    assert reader.change(sha).services == ("pay",)


def test_a_squash_that_lost_a_commit_of_its_branch_is_a_gap(
    repo: GitRepo, reader: GitReader
) -> None:
    tip = repo.commit("first")
    lost = repo.commit("a", on="t1", parents=[tip])
    repo.ref("refs/pull/1/head", repo.commit("b", on="t1"))
    whole = repo.commit("c", on="t2", parents=[tip])
    repo.ref("refs/pull/2/head", whole)
    repo.commit("One (#1)")
    two = repo.commit("Two (#2)")
    repo.lose(lost)
    (gap,) = reader.sync().gaps()
    assert gap.count == 1
    assert "lost commits of their branch" in _one_line(gap)
    assert reader.change(two).head_sha == whole


def test_names_and_messages_in_other_encodings_are_read(repo: GitRepo, reader: GitReader) -> None:
    tree = repo.git("mktree")
    who = b"Jos\xe9 <j@example.org> 1767600000 +0000"
    lines = [b"tree " + tree.encode(), b"author " + who, b"committer " + who]
    latin = [*lines, b"encoding ISO-8859-1", b"", b"Caf\xe9"]
    repo.ref("refs/heads/main", repo.store("commit", b"\n".join(latin)))
    reader.sync()
    assert reader.one(Commit).subject == "Café"
    assert "José".encode("unicode_escape").replace(b"xe9", b"u00e9") in reader.batches[0].payload


@pytest.mark.parametrize("encoding", [b"", b"encoding klingon", b"encoding unicode_escape"])
def test_bytes_that_are_no_text_are_replaced(
    repo: GitRepo, reader: GitReader, encoding: bytes
) -> None:
    tree = repo.git("mktree")
    who = b"\xff\xfe <\xff> 1767600000 +0000"
    lines = [b"tree " + tree.encode(), b"author " + who, b"committer " + who]
    lines += [encoding] if encoding else []
    sha = repo.store("commit", b"\n".join([*lines, b"", b"a\xff\\ud800b\x1b[31m\x00c"]))
    (repo.git_dir / "refs/heads/main").write_text(f"{sha}\n")
    assert reader.sync().one(Commit).subject == "a\ufffd\\ud800b [31m c"


def test_tags_whose_names_look_alike_when_read_stay_two(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    second = repo.commit("second")
    packed = b"%s refs/tags/v\xfe\n%s refs/tags/v\xff\n" % (first.encode(), second.encode())
    (repo.git_dir / "packed-refs").write_bytes(packed)
    assert {v.sha for v in reader.sync().all(Version)} == {first, second}


@pytest.mark.parametrize("seconds", ["0", "4294967297", "-5000000000"])
def test_a_clock_that_was_not_set_is_a_gap_and_starts_no_span(
    repo: GitRepo, reader: GitReader, seconds: str
) -> None:
    repo.commit("first")
    sha = repo.stored_commit(f"A <a> {seconds} +0000", "A <a> 1767700000 +0000")
    (gap,) = reader.sync().gaps()
    assert (gap.reason, gap.count) == (GapReason.CLOCK, 1)
    assert sha[:10] in _one_line(gap)
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    assert reader.commit(sha).authored_at == expected
    assert reader.change(sha).first_commit_at is None


@pytest.mark.parametrize("seconds", [0, 4294967295, 253390000000])
def test_a_change_of_a_time_that_cannot_be_right_is_left_out_and_told(
    repo: GitRepo, reader: GitReader, seconds: int
) -> None:
    first = repo.commit("first")
    sha = repo.stored_commit("A <a> 1767700000 +0000", f"A <a> {seconds} +0000")
    reader.sync()
    assert [change.landed_sha for change in reader.all(Change)] == [first]
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert reader.commit(sha).committed_at == expected
    (gap,) = reader.gaps()
    assert (gap.reason, gap.count) == (GapReason.CLOCK, 1)
    assert "changes left out because" in _one_line(gap)
    assert sha[:10] in gap.what


def test_a_head_from_the_future_does_not_claim_that_the_future_is_known(
    repo: GitRepo, reader: GitReader
) -> None:
    repo.commit("first", at=FIRST_AT)
    repo.stored_commit("A <a> 4294967295 +0000", "A <a> 4294967295 +0000")
    assert {batch.complete_until for batch in reader.sync().batches} == {FIRST_AT}


@pytest.mark.parametrize(
    "signature",
    [
        "A <a> 99999999999999 +0000",
        "A <a> 999999999999999999999999999 +0000",
        "A <a> soon +0000",
        "A <a>",
        "",
    ],
)
def test_a_date_that_no_calendar_has_is_a_gap_and_the_history_goes_on(
    repo: GitRepo, reader: GitReader, signature: str
) -> None:
    first = repo.commit("first")
    odd = repo.stored_commit("A <a> 1767700000 +0000", signature)
    last = repo.commit("last", parents=[odd])
    (gap,) = reader.sync().gaps()
    assert (gap.reason, gap.count) == (GapReason.CLOCK, 1)
    assert {c.sha: c.position for c in reader.all(Commit)} == {first: 1, last: 3}


def test_losses_add_up_the_same_in_one_reading_or_in_several(
    repo: GitRepo, reader: GitReader
) -> None:
    repo.commit("first")
    for _ in range(3):
        repo.stored_commit("A <a> 0 +0000", "A <a> 1767700000 +0000")
        reader.sync()
    assert reader.gaps() == GitReader(repo.path.parent, path="web").sync().gaps()
    assert [gap.count for gap in reader.gaps()] == [3]


def test_a_repository_cannot_make_us_run_anything(repo: GitRepo, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 0\n")
    program.chmod(0o755)
    first = repo.commit("first", {"a.txt": "1", ".gitattributes": "* diff=evil filter=evil\n"})
    repo.commit("second", {"a.txt": "2"})
    repo.lose(first)
    for key in (
        "core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.editor",
        "core.alternateRefsCommand", "diff.external", "diff.evil.textconv", "diff.evil.command",
        "filter.evil.smudge", "filter.evil.clean", "gpg.program", "credential.helper",
        "uploadpack.packObjectsHook", "alias.log", "alias.rev-list", "pager.log",
    ):  # fmt: skip
        repo.git("config", key, str(program))
    repo.git("config", "core.hooksPath", str(tmp_path))
    repo.git("config", "log.showSignature", "true")
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.partialClone", "origin")
    repo.git("config", "remote.origin.url", f"ext::{program}")
    repo.git("config", "remote.origin.promisor", "true")
    (repo.git_dir / "hooks" / "post-checkout").symlink_to(program)
    GitReader(tmp_path, path="web", services={"a": "a.txt"}).sync()
    assert not (tmp_path / "ran").exists()


def test_grafts_and_replacements_do_not_bend_history(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    second = repo.commit("second")
    third = repo.commit("third")
    repo.git("replace", second, first)
    (repo.git_dir / "info/grafts").write_text(f"{third}\n")
    reader.sync()
    assert {c.sha: c.position for c in reader.all(Commit)} == {first: 1, second: 2, third: 3}


def test_a_further_work_tree_is_read_like_the_first(repo: GitRepo, tmp_path: Path) -> None:
    sha = repo.commit("first", {"a": "1"})
    repo.git("worktree", "add", "--quiet", str(tmp_path / "tree"), "main", "--force")
    assert GitReader(tmp_path, path="tree").sync().one(Commit).sha == sha
