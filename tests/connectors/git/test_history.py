"""The history of a `git` source: commits, their positions, and how changes landed."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import connectors.git.history
from connectors.git.repository import GitRepository
from connectors.git.state import read_state
from connectors.interface import Reading
from data.model import Change, Commit, Repository, Service
from tests.connectors.git.builder import FIRST_AT, ORIGIN, GitRepo, brought
from tests.connectors.git.reading import GitReader


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "web")


@pytest.fixture
def reader(repo: GitRepo) -> GitReader:
    return GitReader(repo.path.parent, path="web")


def test_a_clone_gives_its_repository_and_one_service(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    head = repo.commit("second")
    reader.sync()
    assert reader.one(Repository) == Repository(
        id="git:web#repository/web",
        source="web",
        url=None,
        name="web",
        default_branch="main",
        head_sha=head,
        is_shallow=False,
        commit_count=2,
    )
    assert reader.one(Service).name == "web"
    assert reader.one(Service).repository == "web"
    assert reader.one(Service).path is None


def test_a_repository_is_called_like_its_source_unless_its_name_is_said(tmp_path: Path) -> None:
    GitRepo(tmp_path / "web.git", is_bare=True).commit("first")
    reader = GitReader(tmp_path, source="shop", path="web.git").sync()
    assert reader.one(Repository).name == "shop"
    named = GitReader(tmp_path, source="shop", path="web.git", repository="acme/shop").sync()
    assert named.one(Repository).name == "acme/shop"


def test_repositories_that_a_pattern_names_are_called_like_their_folders(tmp_path: Path) -> None:
    GitRepo(tmp_path / "repos" / "web.git", is_bare=True).commit("first")
    reader = GitReader(tmp_path, source="all", path="repos/*").sync()
    assert reader.one(Repository).name == "web"


def test_a_repository_of_another_name_than_its_source_has_both_in_its_ids(
    repo: GitRepo, tmp_path: Path
) -> None:
    sha = repo.commit("first")
    reader = GitReader(tmp_path, source="all", path="web", repository="web").sync()
    assert reader.commit(sha).id == f"git:all/web#commit/{sha}"


def test_a_commit_tells_its_times_in_utc_and_no_person(repo: GitRepo, reader: GitReader) -> None:
    written = FIRST_AT - timedelta(days=3)
    sha = repo.commit("  subject\n\nbody", authored_at=written, at=FIRST_AT)
    reader.sync()
    assert reader.one(Commit) == Commit(
        id=f"git:web#commit/{sha}",
        source="web",
        repository="web",
        sha=sha,
        parents=(),
        authored_at=written,
        committed_at=FIRST_AT,
        subject="subject",
        position=1,
        is_mainline=True,
    )
    assert "ada" not in str(list(reader.rows.values())).lower()
    assert b"ada@example.org" in reader.batches[0].payload


def test_positions_count_the_mainline_and_a_branch_has_that_of_its_merge(
    repo: GitRepo, reader: GitReader
) -> None:
    first = repo.commit("first")
    second = repo.commit("second")
    work = [repo.commit("work", {"a": "1"}, on="topic", parents=[first])]
    work.append(repo.commit("more", {"a": "2"}, on="topic"))
    merge = repo.merge("topic", "Merge branch 'topic'")
    reader.sync()
    places = {c.sha: (c.position, c.is_mainline) for c in reader.all(Commit)}
    assert places == {
        first: (1, True),
        second: (2, True),
        merge: (3, True),
        work[0]: (3, False),
        work[1]: (3, False),
    }


def test_a_commit_that_only_a_tag_reaches_has_no_position_but_its_first_version(
    repo: GitRepo, reader: GitReader
) -> None:
    first = repo.commit("first")
    repo.commit("second")
    fix = repo.commit("fix", on="release", parents=[first])
    repo.tag("v1.0.2-rc1", "release")
    repo.tag("v1.0.2", "release", at=repo.now + timedelta(days=2))
    later = repo.commit("later", on="release")
    repo.tag("v1.0.10", "release", at=repo.now + timedelta(days=3))
    reader.sync()
    assert reader.commit(fix).position is None
    assert reader.commit(fix).first_version == "v1.0.2"
    assert reader.commit(later).first_version == "v1.0.10"
    assert reader.commit(first).first_version is None
    assert {change.landed_sha for change in reader.all(Change)}.isdisjoint({fix, later})


def test_a_branch_without_a_tag_is_not_read(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    repo.commit("unfinished", on="topic", parents=[first])
    reader.sync()
    assert [commit.sha for commit in reader.all(Commit)] == [first]


def test_a_merged_change_begins_with_its_oldest_commit(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    begun = FIRST_AT - timedelta(days=9)
    repo.commit("a", {"a": "1"}, on="topic", parents=[first])
    head = repo.commit("b", {"a": "2"}, on="topic", authored_at=begun)
    merge = repo.merge("topic", "Merge pull request #12 from ada/topic\n\nAdd a button\n")
    reader.sync()
    assert reader.change(merge) == Change(
        id=f"git:web#change/{merge}",
        source="web",
        repository="web",
        number="12",
        kind="merge",
        title="Add a button",
        branch="topic",
        landed_sha=merge,
        head_sha=head,
        position=2,
        commit_count=2,
        first_commit_at=begun,
        opened_at=None,
        reviewed_at=None,
        merged_at=repo.now,
        services=("web",),
        reverts=None,
        is_hotfix=False,
    )


def test_a_squash_begins_when_its_author_says(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    begun = FIRST_AT - timedelta(days=2)
    sha = repo.commit("Add a button (#12)", authored_at=begun)
    reader.sync()
    change = reader.change(sha)
    assert (change.kind, change.number, change.title) == ("squash", "12", "Add a button")
    assert (change.head_sha, change.commit_count) == (None, 1)
    assert change.first_commit_at == begun


@pytest.mark.parametrize(
    "ref", ["refs/pull/12/head", "refs/merge-requests/12/head", "refs/pull-requests/12/from"]
)
def test_a_squash_begins_with_its_branch_where_a_mirror_still_has_it(
    repo: GitRepo, reader: GitReader, ref: str
) -> None:
    first = repo.commit("first")
    begun = FIRST_AT - timedelta(days=5)
    repo.commit("wip", on="topic", parents=[first], authored_at=begun)
    head = repo.commit("done", on="topic")
    repo.ref(ref, head)
    sha = repo.commit("Add a button (#12)")
    reader.sync()
    assert reader.change(sha).head_sha == head
    assert reader.change(sha).first_commit_at == begun
    assert len(reader.all(Commit)) == 2


def test_a_branch_that_is_squashed_twice_begins_anew_each_time(
    repo: GitRepo, reader: GitReader
) -> None:
    first = repo.commit("first")
    repo.ref("refs/pull/1/head", repo.commit("old", on="develop", parents=[first]))
    repo.commit("Release one (#1)")
    second = repo.commit("new", on="develop")
    second_at = repo.now
    repo.ref("refs/pull/2/head", second)
    sha = repo.commit("Release two (#2)")
    reader.sync()
    assert reader.change(sha).first_commit_at == second_at


def test_a_number_that_lands_again_does_not_take_the_branch_of_the_first(
    repo: GitRepo, reader: GitReader
) -> None:
    first = repo.commit("first")
    repo.ref("refs/pull/3/head", repo.commit("work", on="topic", parents=[first]))
    repo.commit("Work (#3)")
    reader.sync()
    again = repo.commit("Work (#3)")
    again_at = repo.now
    assert reader.sync().change(again).first_commit_at == again_at
    assert GitReader(repo.path.parent, path="web").sync().rows == reader.rows


def test_a_branch_written_after_it_landed_does_not_say_when_it_began(
    repo: GitRepo, reader: GitReader
) -> None:
    first = repo.commit("first")
    ahead = FIRST_AT + timedelta(days=30)
    head = repo.commit("work", on="topic", parents=[first], authored_at=ahead)
    repo.ref("refs/pull/3/head", head)
    begun = FIRST_AT + timedelta(hours=3)
    sha = repo.commit("Work (#3)", authored_at=begun, at=FIRST_AT + timedelta(hours=5))
    assert reader.sync().change(sha).first_commit_at == begun


def test_a_branch_from_before_a_rewrite_of_the_mainline_is_not_measured(
    repo: GitRepo, reader: GitReader
) -> None:
    repo.commit("of old", on="past", parents=[])
    repo.ref("refs/pull/3/head", repo.commit("work", on="past"))
    repo.commit("first")
    sha = repo.commit("Work (#3)")
    reader.sync()
    assert reader.change(sha).head_sha is None
    assert reader.change(sha).first_commit_at == reader.change(sha).merged_at


def test_a_direct_push_is_a_change_of_one_commit(repo: GitRepo, reader: GitReader) -> None:
    sha = repo.commit("hotfix: stop the bleeding")
    reader.sync()
    change = reader.change(sha)
    assert (change.kind, change.number, change.commit_count) == ("direct", None, 1)
    assert change.title == "hotfix: stop the bleeding"
    assert change.is_hotfix


def test_the_branch_of_a_hotfix_marks_it_too(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    repo.commit("x", {"x": "1"}, on="hotfix/login", parents=[first])
    sha = repo.merge("hotfix/login", "Merge branch 'hotfix/login'")
    assert reader.sync().change(sha).is_hotfix


def test_a_revert_names_the_commit_it_undoes(repo: GitRepo, reader: GitReader) -> None:
    bad = repo.commit("Bad idea (#4)")
    sha = repo.commit(f'Revert "Bad idea (#4)" (#5)\n\nThis reverts commit {bad}.\n')
    reader.sync()
    assert reader.commit(sha).reverts_sha == bad
    assert reader.change(sha).reverts == bad


def test_a_revert_by_number_names_the_number(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("Bad idea (#4)")
    sha = repo.commit('Revert "Bad idea" (#5)\n\nReverts acme/web#4')
    assert reader.sync().change(sha).reverts == "4"


def test_a_revert_that_only_quotes_a_title_finds_the_newest_change_of_that_title(
    repo: GitRepo, reader: GitReader
) -> None:
    repo.commit("Bad idea [a.*] (#2)")
    newer = repo.commit("Bad idea [a.*] (#4)")
    repo.commit("Bad idea [a.*] and more (#6)")
    sha = repo.commit('Revert "Bad idea [a.*]" (#7)')
    cut = repo.commit('Revert "Bad idea [a.*] an…" (#8)')
    reader.sync()
    assert reader.change(sha).reverts == newer
    assert reader.commit(reader.change(cut).reverts or "").subject.endswith("(#6)")


def test_a_merged_revert_names_what_its_commit_undoes(repo: GitRepo, reader: GitReader) -> None:
    bad = repo.commit("Bad idea")
    repo.commit(f"Undo\n\nThis reverts commit {bad}.", {"u": "1"}, on="undo", parents=[bad])
    sha = repo.merge("undo", 'Merge pull request #5 from ada/undo\n\nRevert "Bad notion"')
    assert reader.sync().change(sha).reverts == bad


def test_a_squash_that_undid_its_own_work_reverts_nothing(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    sha = repo.commit(f"Feature (#9)\n\n* try\n\n* Revert try\n\nThis reverts commit {'a' * 40}.")
    assert reader.sync().change(sha).reverts is None


def test_a_cherry_pick_names_the_commit_it_was_picked_from(
    repo: GitRepo, reader: GitReader
) -> None:
    first = repo.commit("first")
    fix = repo.commit("Fix (#3)")
    pick = repo.commit(
        f"Fix (#3)\n\n(cherry picked from commit {fix})", on="release", parents=[first]
    )
    repo.tag("v1.0.1", "release")
    assert reader.sync().commit(pick).picked_sha == fix


def test_services_are_those_whose_folder_the_change_touched(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "mono")
    first = repo.commit("first", {"services/pay/a": "1", "services/payout/a": "1"})
    docs = repo.commit("docs", {"README": "1"})
    repo.commit("both", {"services/pay/a": "2", "lib/x": "2"}, on="t", parents=[docs])
    merge = repo.merge("t", "Merge pull request #1 from ada/t\n\nBoth")
    gone = repo.commit("delete", {"services/payout/a": None})
    services = {"pay": "services/pay/", "payout": "./services/payout", "lib": "lib"}
    reader = GitReader(tmp_path, path="mono", services=services).sync()
    assert reader.change(first).services == ("pay", "payout")
    assert reader.change(docs).services == ()
    assert reader.change(merge).services == ("pay", "lib")
    assert reader.change(gone).services == ("payout",)
    assert {s.name: s.path for s in reader.all(Service)} == {
        "pay": "services/pay",
        "payout": "services/payout",
        "lib": "lib",
    }


def test_a_service_of_the_whole_repository_is_touched_by_every_change(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "mono")
    sha = repo.commit("docs", {"README": "1"})
    reader = GitReader(tmp_path, path="mono", services={"all": ".", "pay": "pay"}).sync()
    assert reader.change(sha).services == ("all",)


def test_nothing_new_is_nothing_read(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    repo.tag("v1")
    reader.sync()
    assert not reader.sync().batches


def test_nothing_new_costs_one_process_a_stream(
    repo: GitRepo, reader: GitReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("first")
    repo.tag("v1")
    reader.sync()
    started: list[object] = []
    popen = subprocess.Popen

    def count(*arguments: Any, **options: Any) -> Any:
        started.append(arguments)
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", count)
    reader.sync()
    assert len(started) == 2


def test_a_page_is_the_same_bytes_whenever_it_is_read(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first (#1)")
    repo.tag("v1")
    payloads = [batch.payload for batch in reader.sync().batches]
    again = GitReader(repo.path.parent, path="web").sync()
    assert [batch.payload for batch in again.batches] == payloads


def test_a_push_adds_only_what_is_new(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    reader.sync()
    new = repo.commit("second")
    history, tags = reader.sync().batches
    assert history.reading is Reading.INCREMENT
    assert history.payload.count(b'"commit":') == 1
    assert tags.payload.count(b"\n") == 1, "a header, and no tag"
    assert reader.commit(new).position == 2
    assert reader.one(Repository).commit_count == 2


def test_a_release_branch_that_is_merged_later_gets_its_position(
    repo: GitRepo, reader: GitReader
) -> None:
    first = repo.commit("first")
    fix = repo.commit("fix", {"f": "1"}, on="release", parents=[first])
    repo.tag("v1.0.1", "release")
    assert reader.sync().commit(fix).position is None
    repo.merge("release", "Merge branch 'release'")
    reader.sync()
    assert reader.commit(fix).position == 2
    assert reader.commit(fix).first_version is None


def _rewrites(repo: GitRepo) -> dict[str, str]:
    """Ways to leave the old head off the first-parent history, and the head after each."""
    first, old = repo.sha("main~1"), repo.sha("main")
    forced = repo.commit("instead", on="forced", parents=[first])
    theirs = repo.commit("local", {"l": "1"}, on="foxtrot", parents=[first])
    foxtrot = repo.commit("Merge branch 'main'", on="foxtrot", parents=[theirs, old])
    return {"force push": forced, "foxtrot merge": foxtrot, "shorter": first}


@pytest.mark.parametrize("way", ["force push", "foxtrot merge", "shorter"])
def test_rewritten_history_is_read_anew_and_what_is_gone_goes(
    repo: GitRepo, reader: GitReader, way: str
) -> None:
    repo.commit("first")
    repo.commit("second")
    reader.sync()
    repo.ref("refs/heads/main", _rewrites(repo)[way])
    reader.sync()
    assert {batch.reading for batch in reader.batches} == {Reading.COMPLETE}
    assert reader.rows == GitReader(repo.path.parent, path="web").sync().rows


def test_another_default_branch_is_another_mainline(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    repo.commit("second")
    other = repo.commit("other", on="trunk", parents=[first])
    reader.sync()
    repo.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    reader.sync()
    assert reader.one(Repository).default_branch == "trunk"
    assert {commit.sha for commit in reader.all(Commit)} == {first, other}


def test_a_branch_that_is_renamed_keeps_its_rows(repo: GitRepo, reader: GitReader) -> None:
    repo.commit("first")
    reader.sync()
    repo.git("branch", "-m", "main", "trunk")
    before = set(reader.rows)
    history, _ = reader.sync().batches
    assert history.reading is Reading.INCREMENT
    assert reader.one(Repository).default_branch == "trunk"
    assert set(reader.rows) == before


def test_commits_of_a_deleted_tag_go(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    repo.commit("side", on="release", parents=[first])
    repo.tag("v1", "release")
    reader.sync()
    repo.ref("refs/tags/v1", None)
    reader.sync()
    assert [commit.sha for commit in reader.all(Commit)] == [first]


def test_the_branch_can_be_named(repo: GitRepo, tmp_path: Path) -> None:
    first = repo.commit("first")
    stable = repo.commit("stable", on="stable", parents=[first])
    repo.commit("second")
    reader = GitReader(tmp_path, path="web", branch="stable").sync()
    assert {commit.sha for commit in reader.all(Commit)} == {first, stable}


def test_a_clone_shows_the_branch_of_its_remote_not_its_own_old_copy(
    repo: GitRepo, tmp_path: Path
) -> None:
    old = repo.commit("first")
    repo.git("clone", "--quiet", str(repo.path), str(tmp_path / "clone"))
    new = repo.commit("second")
    clone = GitReader(tmp_path, path="clone")
    assert clone.sync().one(Repository).head_sha == old
    repo.git("-C", str(tmp_path / "clone"), "fetch", "--quiet")
    assert clone.sync().one(Repository).head_sha == new
    assert clone.one(Repository).default_branch == "main"


def test_a_detached_head_is_read_too(repo: GitRepo, reader: GitReader) -> None:
    first = repo.commit("first")
    repo.commit("second")
    (repo.git_dir / "HEAD").write_text(f"{first}\n")
    repository = reader.sync().one(Repository)
    assert (repository.head_sha, repository.default_branch) == (first, None)


def test_a_fetch_without_news_moves_only_the_time_up_to_which_all_is_known(
    repo: GitRepo, reader: GitReader
) -> None:
    repo.come_from()
    head = repo.commit("first", at=FIRST_AT)
    reader.sync()
    assert {batch.complete_until for batch in reader.batches} == {FIRST_AT}
    before = dict(reader.rows)
    repo.fetched(FIRST_AT + timedelta(days=2), brought(head))
    history, tags = reader.sync().batches
    assert history.reading is Reading.INCREMENT
    assert history.complete_until == tags.complete_until == FIRST_AT + timedelta(days=2)
    assert reader.rows == before


@pytest.mark.parametrize(
    "fetched",
    [
        (),
        (brought("d" * 40),),
        ("HEAD", "branch 'other'", ORIGIN),
        ("HEAD", "tag 'v1'", ORIGIN),
        ("HEAD", "branch 'main'", "https://git.example/fork/web"),
    ],
)
def test_a_fetch_that_failed_or_was_of_something_else_says_nothing_of_the_mainline(
    repo: GitRepo, reader: GitReader, fetched: tuple[str, ...]
) -> None:
    repo.come_from()
    head = repo.commit("first", at=FIRST_AT)
    lines = [brought(head, *fetched[1:])] if fetched[:1] == ("HEAD",) else fetched
    repo.fetched(FIRST_AT + timedelta(days=2), *lines)
    assert {batch.complete_until for batch in reader.sync().batches} == {FIRST_AT}


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("https://git.example/team/web.git", "https://git.example/team/web"),
        ("git@git.example:team/web.git", "git.example:team/web"),
        ("../web", "/somewhere/else/web"),
        ("short:team/web", "https://git.example/team/web"),
    ],
)
def test_the_address_of_a_fetch_may_be_written_otherwise(
    repo: GitRepo, reader: GitReader, origin: str, address: str
) -> None:
    repo.come_from(origin)
    head = repo.commit("first", at=FIRST_AT)
    repo.fetched(FIRST_AT + timedelta(days=2), brought(head, address=address))
    until = FIRST_AT + timedelta(days=2)
    assert {batch.complete_until for batch in reader.sync().batches} == {until}


def _clone(repo: GitRepo, folder: Path) -> GitRepo:
    """A clone that was made five days after the first commit, for all that git wrote of it."""
    repo.git("clone", "--quiet", str(repo.path), str(folder))
    trace = folder / ".git" / "logs" / "refs" / "remotes" / "origin" / "HEAD"
    cloned_at = FIRST_AT + timedelta(days=5)
    trace.write_text(re.sub(r"> \d+ ", f"> {cloned_at.timestamp():.0f} ", trace.read_text()))
    return GitRepo(folder)


def test_what_git_does_to_a_clone_without_asking_its_origin_says_nothing(
    repo: GitRepo, tmp_path: Path
) -> None:
    repo.commit("first", at=FIRST_AT)
    clone = _clone(repo, tmp_path / "clone")
    clone.git("-c", "gc.reflogExpire=never", "gc", "--quiet")
    clone.git("remote", "set-head", "origin", "main")
    clone.tag("mine", message="set here", at=FIRST_AT + timedelta(days=9))
    batches = GitReader(tmp_path, path="clone").sync().batches
    assert {batch.complete_until for batch in batches} == {FIRST_AT + timedelta(days=5)}


def test_a_fetch_by_git_itself_is_known_of(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("first", at=FIRST_AT)
    clone = _clone(repo, tmp_path / "clone")
    clone.git("fetch", "--quiet")
    state = read_state(GitRepository(clone.path), None)
    assert state.fetched_at
    assert datetime.now(UTC) - state.fetched_at < timedelta(minutes=5)
    clone.git("remote", "add", "fork", str(repo.path.parent / "fork"))
    repo.git("clone", "--quiet", str(repo.path), str(repo.path.parent / "fork"))
    clone.git("fetch", "--quiet", "fork")
    assert read_state(GitRepository(clone.path), None).fetched_at == FIRST_AT + timedelta(days=5)


def test_a_release_after_the_last_commit_is_within_what_is_known(
    repo: GitRepo, reader: GitReader
) -> None:
    repo.commit("first", at=FIRST_AT)
    released_at = FIRST_AT + timedelta(days=3)
    repo.tag("v1", message="One", at=released_at)
    repo.tag("v2", message="By a clock that is wrong", at=datetime(2100, 1, 1, tzinfo=UTC))
    ends = [batch.complete_until for batch in reader.sync().batches]
    assert ends == [released_at, released_at]


def test_a_clone_shows_what_happened_until_it_was_made(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit("first", at=FIRST_AT)
    _clone(repo, tmp_path / "clone")
    until = FIRST_AT + timedelta(days=5)
    assert GitReader(tmp_path, path="clone").sync().batches[-1].complete_until == until


def test_a_kill_at_any_page_is_resumed_to_the_same_rows(
    repo: GitRepo, reader: GitReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connectors.git.history, "PAGE_COMMITS", 2)
    tip = repo.commit("first")
    for number in range(4):
        repo.commit(f"work {number}", {str(number): "1"}, on=f"t{number}", parents=[tip])
        tip = repo.merge(f"t{number}", f"Merge pull request #{number} from ada/t\n\nT")
    for number in range(5):
        repo.commit(f"fix {number}", on="release", parents=None if number else [tip])
    repo.tag("v1", "release")
    expected = reader.sync().rows
    pages = len(reader.batches)
    assert pages > 6
    for page in range(pages):
        killed = GitReader(repo.path.parent, path="web").sync(most=page)
        assert killed.sync().rows == expected
        assert killed.cursors == reader.cursors


def test_a_reading_that_was_killed_and_overtaken_by_a_rewrite_leaves_nothing_old(
    repo: GitRepo, reader: GitReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connectors.git.history, "PAGE_COMMITS", 1)
    for number in range(4):
        repo.commit(f"old {number}")
    reader.sync(most=2)
    repo.commit("new", on="other", parents=[])
    repo.ref("refs/heads/main", "other")
    assert [commit.subject for commit in reader.sync().all(Commit)] == ["new"]


def test_several_repositories_by_a_pattern_are_read_apart(tmp_path: Path) -> None:
    for name in ("api", "web.git"):
        GitRepo(tmp_path / "repos" / name, is_bare=True).commit(name)
    (tmp_path / "repos" / "notes").mkdir()
    (tmp_path / "repos" / "README").touch()
    reader = GitReader(tmp_path, source="all", path="repos/*").sync()
    assert {r.name: r.id for r in reader.all(Repository)} == {
        "api": "git:all/api#repository/api",
        "web": "git:all/web#repository/web",
    }
    assert {commit.repository: commit.subject for commit in reader.all(Commit)} == {
        "api": "api",
        "web": "web.git",
    }
