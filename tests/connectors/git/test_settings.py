"""Settings of a `git` source, and what doctor says of them."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.git.check_tags import untold_deployments
from connectors.git.repository import GitRepository
from connectors.git.settings import Settings
from connectors.interface import Finding, Severity
from tests.connectors.git.builder import GitRepo, brought
from tests.connectors.git.reading import GitReader, context


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "either `path` or `url`"),
        ({"path": "web", "url": "https://github.com/acme/web"}, "either `path` or `url`"),
        ({"path": "web", "nmae": "x"}, "nmae"),
        ({"url": "ext::sh -c x"}, "must begin with"),
        ({"url": "https://ada:pw@github.com/acme/web"}, "set `token` instead"),
        ({"path": "web", "token": "env:T"}, "`token` is sent over https only"),
        ({"url": "https://github.com/acme/web", "token": "ghp_1234"}, "never the secret itself"),
        ({"path": "https://ada:pw@host.example/x.git"}, "set `url` instead of `path`"),
        ({"path": "web\0"}, "holds a NUL"),
        ({"path": "repos/**web"}, "stand alone between slashes"),
        ({"path": "~nobody-of-this-name/web"}, "a `~` of nobody"),
        ({"path": "web", "deploy_tags": "{version}{version}"}, "more than once"),
        ({"path": "web", "deploy_tags_regex": "v.{0,4294967296}"}, "is no regular expression"),
        ({"path": "web", "branch": "--all"}, "no name of a branch"),
        ({"path": "web", "web_url": "javascript:alert(1)"}, "must be a web address"),
        ({"path": "web", "web_url": "https://ada:pw@github.com/a/b"}, "without a user name"),
        ({"path": "web", "deploy_tags_regex": "("}, "is no regular expression"),
        ({"path": "web", "deploy_tags": "v", "deploy_tags_regex": "v"}, "either `deploy_tags`"),
        ({"path": "repos/*", "repository": "web"}, "for one repository"),
        ({"path": "repos/*", "services": {"a": "a"}}, "for one repository"),
        ({"path": "web", "host": "sourceforge"}, "github"),
    ],
)
def test_settings_that_do_not_fit_are_refused_with_the_way_out(
    settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**settings)
    assert message in str(caught.value)
    assert "pw" not in str(caught.value).replace("never the secret", "")
    assert "ghp_1234" not in str(caught.value)


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, f in Settings.model_fields.items() if not f.description] == []


def test_folders_of_services_are_read_however_they_are_written() -> None:
    folders = {"a": "./services/a/", "b": "/services/b", "all": ".", "every": ""}
    assert Settings(path="web", services=folders).services == {
        "a": "services/a",
        "b": "services/b",
        "all": "",
        "every": "",
    }


def _findings(tmp_path: Path, **settings: Any) -> list[Finding]:
    return list(GitReader(tmp_path, **settings).connector().check())


def test_doctor_tells_the_mainline_and_which_tags_would_be_deployments(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web")
    head = repo.commit("first")
    for tag in ("v1.2", "v1.9", "v1.10", "v2.0-rc1", "v0.30", "nightly"):
        repo.tag(tag)
    mainline, tags = _findings(tmp_path, path="web", deploy_tags="v{version}")
    assert (mainline.severity, tags.severity) == (Severity.OK, Severity.OK)
    assert mainline.what == f"mainline main at {head[:10]}, 6 tags"
    assert tags.what == "4 tags are deployments (v1.10, v1.9, v1.2 and 1 more), 2 are not"


def test_the_newest_release_is_newer_than_its_candidates(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first")
    for tag in ("v2.0-rc2", "v2.0", "v2.0-rc1", "v" + "1" * 200):
        repo.tag(tag)
    settings = {"path": "web", "deploy_tags": "v{version}", "include_prereleases": True}
    _, tags = _findings(tmp_path, **settings)
    assert tags.what.endswith("1, v2.0, v2.0-rc2 and 1 more), 0 are not")


def test_doctor_tells_when_a_clone_was_fetched_and_how_to_do_it(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first")
    (tmp_path / "here").mkdir()
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "a clone"))
    clone = GitRepo(tmp_path / "a clone")
    line = brought(repo.sha("main"), address=str(repo.path))
    clone.fetched(datetime(2026, 5, 1, 12, tzinfo=UTC), line)
    _, told = _findings(tmp_path / "here", path="../a clone")
    assert told.severity is Severity.OK
    assert told.what == "last fetched 2026-05-01 12:00 UTC, and Cairn does not fetch it"
    assert told.fix == f"run `git -C '{tmp_path}/a clone' fetch --tags`, or use `url`"


def test_doctor_tells_how_a_bare_clone_is_fetched_with_its_branches(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first")
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    new = repo.commit("second")
    _, told = _findings(tmp_path, path="bare.git")
    command = re.fullmatch(r"run `(.*)`, or use `url`", told.fix)
    assert command
    subprocess.run(shlex.split(command[1]), check=True, capture_output=True)
    assert GitRepository(tmp_path / "bare.git").head() == new


def _untold(tmp_path: Path, **settings: Any) -> Finding:
    return untold_deployments("web", Settings(**settings), context(tmp_path))


def test_tags_that_look_like_releases_are_offered_as_deployments(tmp_path: Path) -> None:
    for name, tags in (("web", ("v1.0", "v1.1", "nightly")), ("api", ("v0.1", "api-1.0"))):
        repo = GitRepo(tmp_path / "repos" / name)
        repo.commit("first")
        for tag in tags:
            repo.tag(tag)
    found = _untold(tmp_path, path="repos/*")
    assert (found.severity, found.where) == (Severity.WARNING, "web")
    assert found.what == "nothing says what was deployed; 3 tags look like v1.2.3"
    assert 'set `deploy_tags = "v{version}"`' in found.fix
    assert "`gitops` source" in found.fix


def test_without_such_tags_no_pattern_is_made_up(tmp_path: Path) -> None:
    GitRepo(tmp_path / "web").commit("first")
    found = _untold(tmp_path, path="web")
    assert found.what == "nothing says what was deployed"
    assert "deploy_tags =" not in found.fix


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"deploy_tags": "release-{version}"}, "no tag is a deployment"),
        ({"services": {"pay": "srevices/pay"}}, "which the mainline does not have"),
        ({"branch": "gone"}, "has no branch `gone`"),
        ({"path": "nowhere"}, "no such folder"),
    ],
)
def test_doctor_finds_what_does_not_fit(
    tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first", {"services/pay/a": "1"})
    repo.tag("v1")
    wrong = [f for f in _findings(tmp_path, **{"path": "web"} | settings) if f.fix]
    assert len(wrong) == 1
    assert message in wrong[0].what
    assert wrong[0].severity is not Severity.OK


def test_doctor_warns_of_empty_and_shallow_repositories_and_of_folders_left_out(
    tmp_path: Path,
) -> None:
    repo = GitRepo(tmp_path / "whole")
    repo.commit("first")
    repo.commit("second")
    (tmp_path / "repos").mkdir()
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "repos/shallow"))
    GitRepo(tmp_path / "repos" / "empty")
    (tmp_path / "repos" / "notes").mkdir()
    warned = {Path(f.where).name: f.what for f in _warnings(tmp_path)}
    assert "shallow clone" in warned["shallow"]
    assert "it has no commit" in warned["empty"]
    assert "left out" in warned["notes"]


def _warnings(tmp_path: Path) -> list[Finding]:
    found = _findings(tmp_path, path="repos/*")
    return [finding for finding in found if finding.severity is Severity.WARNING]


def test_links_are_told_from_the_remote_without_its_password(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web")
    sha = repo.commit("Add a button (#12)")
    repo.git("remote", "add", "origin", "https://ada:secret@github.com/acme/web.git")
    reader = GitReader(tmp_path, path="web").sync()
    assert reader.commit(sha).url == f"https://github.com/acme/web/commit/{sha}"
    assert reader.change(sha).url == "https://github.com/acme/web/pull/12"
    assert not any(b"secret" in batch.payload for batch in reader.batches)


def test_a_host_whose_name_says_nothing_gives_links_when_its_style_is_said(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web")
    sha = repo.commit("Add a button (#12)")
    repo.git("remote", "add", "origin", "git@code.example.org:acme/web.git")
    assert GitReader(tmp_path, path="web").sync().change(sha).url is None
    said = GitReader(tmp_path, path="web", host="gitlab").sync()
    assert said.change(sha).url == "https://code.example.org/acme/web/-/merge_requests/12"


def test_a_tag_with_quotes_is_offered_as_toml_reads_it(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web")
    repo.commit("first")
    repo.tag('say"-1.0')
    fix = _untold(tmp_path, path="web").fix
    offered = re.search(r"set `(.*?)` if", fix)
    assert offered
    assert tomllib.loads(offered[1]) == {"deploy_tags": 'say"-{version}'}
