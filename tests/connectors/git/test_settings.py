"""Settings of a `git` source, and what doctor says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.git.settings import Settings
from connectors.interface import Finding, Severity
from tests.connectors.git.builder import GitRepo
from tests.connectors.git.reading import GitReader


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
        ({"path": "web", "branch": "--all"}, "no name of a branch"),
        ({"path": "web", "web_url": "javascript:alert(1)"}, "must be a web address"),
        ({"path": "web", "web_url": "https://ada:pw@github.com/a/b"}, "without a user name"),
        ({"path": "web", "deploy_tags_regex": "("}, "not a regular expression"),
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
    for tag in ("v1.0", "v1.1", "v2.0-rc1", "nightly"):
        repo.tag(tag)
    mainline, tags = _findings(tmp_path, path="web", deploy_tags="v{version}")
    assert (mainline.severity, tags.severity) == (Severity.OK, Severity.OK)
    assert mainline.what == f"mainline main at {head[:10]}, 4 tags"
    assert tags.what == "2 tags are deployments (v1.1, v1.0), 2 are not"


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
    warned = {Path(f.where).name: f.what for f in _findings(tmp_path, path="repos/*") if f.fix}
    assert "shallow clone" in warned["shallow"]
    assert "no commit yet" in warned["empty"]
    left_out = [f for f in _findings(tmp_path, path="repos/*") if f.where.endswith("notes")]
    assert [f.severity for f in left_out] == [Severity.WARNING]


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
