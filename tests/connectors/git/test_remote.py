"""Mirrors of repositories that are elsewhere, and the token that must not be seen."""

from __future__ import annotations

import base64
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from connectors.credential import Credential
from connectors.git.remote import Remote, address_problem, token_problem
from connectors.interface import Severity, SourceUnavailable
from data.model import Commit, Repository, Version
from tests.connectors.git.builder import GitRepo
from tests.connectors.git.reading import NOW, GitReader

TOKEN = "tok-0123456789abcdef"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "there" / "web.git", is_bare=True)
    repo.commit("first")
    return repo


@pytest.fixture
def reader(repo: GitRepo, tmp_path: Path) -> GitReader:
    return GitReader(tmp_path / "here", url=f"file://{repo.path}")


class _Guarded(SimpleHTTPRequestHandler):
    """Serves a repository's files to those who bring the token."""

    seen: list[str]
    wanted = "Basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()

    def do_GET(self) -> None:
        header = self.headers.get("Authorization", "")
        self.seen.append(header)
        if header == self.wanted:
            super().do_GET()
        else:
            self.send_error(401, f"not with {header}")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def web(repo: GitRepo) -> Iterator[str]:
    repo.git("update-server-info")
    _Guarded.seen = []
    handler = partial(_Guarded, directory=str(repo.path.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/web.git"
        server.shutdown()
        thread.join()


def test_an_address_is_mirrored_and_read(repo: GitRepo, reader: GitReader) -> None:
    repo.tag("v1")
    reader.sync()
    assert reader.one(Repository).name == "web"
    assert reader.one(Commit).sha == repo.sha("main")
    assert reader.one(Version).name == "v1"
    assert [path.name for path in (reader.folder / "mirrors").iterdir()] == ["web.git"]
    assert reader.batches[-1].complete_until == NOW


def test_a_mirror_is_brought_up_to_date(repo: GitRepo, reader: GitReader) -> None:
    repo.tag("gone")
    reader.sync()
    assert not reader.sync().batches
    new = repo.commit("second")
    repo.ref("refs/tags/gone", None)
    reader.sync()
    assert reader.one(Repository).head_sha == new
    assert not reader.all(Version)


def test_a_mirror_follows_a_new_default_branch(repo: GitRepo, reader: GitReader) -> None:
    reader.sync()
    repo.commit("second", on="trunk", parents=[repo.sha("main")])
    repo.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    assert reader.sync().one(Repository).default_branch == "trunk"


def test_an_empty_remote_is_a_gap_until_its_first_commit(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "web.git", is_bare=True)
    reader = GitReader(tmp_path / "here", url=f"file://{repo.path}").sync()
    assert ["it has no commit" in gap.what for gap in reader.gaps()] == [True]
    repo.commit("first")
    assert not reader.sync().gaps()
    assert len(reader.all(Commit)) == 1


def test_a_clone_that_was_killed_leaves_nothing_that_is_taken_for_a_mirror(
    repo: GitRepo, reader: GitReader
) -> None:
    half = reader.folder / "mirrors" / "web.git.part-1" / "new"
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/main\n")
    reader.sync()
    assert len(reader.all(Commit)) == 1
    assert [path.name for path in (reader.folder / "mirrors").iterdir()] == ["web.git"]


def test_a_fetch_that_was_killed_does_not_lock_the_next(repo: GitRepo, reader: GitReader) -> None:
    reader.sync()
    mirror = reader.folder / "mirrors" / "web.git"
    (mirror / "packed-refs.lock").touch()
    (mirror / "refs/heads").mkdir(exist_ok=True)
    (mirror / "refs/heads/main.lock").touch()
    new = repo.commit("second")
    assert reader.sync().one(Repository).head_sha == new


def test_another_address_is_another_mirror(
    repo: GitRepo, reader: GitReader, tmp_path: Path
) -> None:
    reader.sync()
    other = GitRepo(tmp_path / "other" / "web.git", is_bare=True)
    sha = other.commit("of the other")
    moved = GitReader(reader.folder, url=f"file://{other.path}").sync()
    assert [commit.sha for commit in moved.all(Commit)] == [sha]


def test_a_remote_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    url = f"file://{tmp_path}/nowhere"
    with pytest.raises(SourceUnavailable) as caught:
        GitReader(tmp_path, url=url).sync()
    assert url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "mirrors").iterdir())


def test_the_token_is_sent_and_kept_nowhere(
    web: str, reader: GitReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments: list[str] = []
    popen = subprocess.Popen

    def watch(command: list[str], *rest: object, **options: object) -> object:
        arguments.extend(command)
        return popen(command, *rest, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", watch)
    monkeypatch.setenv("WEB_TOKEN", TOKEN)
    said = GitReader(reader.folder, url=web, token="env:WEB_TOKEN").sync()
    assert len(said.all(Commit)) == 1
    assert set(_Guarded.seen) == {_Guarded.wanted}
    secrets = (TOKEN, _Guarded.wanted.removeprefix("Basic "))
    written = [path.read_bytes() for path in reader.folder.rglob("*") if path.is_file()]
    shown = [*map(str.encode, arguments), *written, *(b.payload for b in said.batches)]
    for secret in secrets:
        assert not any(secret.encode() in text for text in shown)


def test_a_token_that_is_refused_is_not_in_the_error(
    web: str, reader: GitReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_TOKEN", "wrong-0123456789")
    with pytest.raises(SourceUnavailable) as caught:
        GitReader(reader.folder, url=web, token="env:WEB_TOKEN").sync()
    assert "wrong-0123456789" not in str(caught.value)
    assert base64.b64encode(b"x-access-token:wrong-0123456789").decode() not in str(caught.value)
    assert "token" in caught.value.fix


class _Elsewhere(SimpleHTTPRequestHandler):
    """Sends everybody to another server."""

    target: str

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.target + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.mark.parametrize("is_wanted_by_user", [False, True])
def test_the_token_follows_no_redirect_to_another_server(
    web: str,
    reader: GitReader,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    is_wanted_by_user: bool,
) -> None:
    monkeypatch.setenv("WEB_TOKEN", TOKEN)
    _Elsewhere.target = web.removesuffix("/web.git")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        host = f"http://127.0.0.1:{server.server_port}/"
        if is_wanted_by_user:
            (tmp_path / ".gitconfig").write_text(f'[http "{host}"]\n\tfollowRedirects = true\n')
            monkeypatch.setenv("HOME", str(tmp_path))
        url = f"{host}web.git"
        with pytest.raises(SourceUnavailable) as caught:
            GitReader(reader.folder, url=url, token="env:WEB_TOKEN").sync()
        server.shutdown()
        thread.join()
    assert _Guarded.seen == []
    assert (caught.value.where, "another address" in caught.value.what) == (url, True)
    assert caught.value.fix == "set `url` to the address it leads to"
    assert "\n" not in str(caught.value)


def test_nobody_is_asked_for_a_password(web: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="terminal prompts disabled"):
        Remote(web).mirror(tmp_path / "mirror.git")


def test_a_token_that_is_not_there_is_told(web: str, reader: GitReader) -> None:
    reader = GitReader(reader.folder, url=web, token="env:NO_SUCH_TOKEN")
    with pytest.raises(Exception, match="there is no token"):
        reader.sync()


def test_a_token_for_bitbucket_has_the_user_name_bitbucket_wants(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WEB_TOKEN", TOKEN)
    remote = Remote("https://bitbucket.org/acme/web", Credential("env:WEB_TOKEN", tmp_path))
    environment = remote._environment()
    assert environment["GIT_CONFIG_KEY_0"] == "http.https://bitbucket.org/.extraHeader"
    pair = environment["GIT_CONFIG_VALUE_0"].rpartition(" ")[2]
    assert base64.b64decode(pair) == f"x-token-auth:{TOKEN}".encode()


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/web.git",
        "http://localhost:3000/acme/web",
        "ssh://git@git.example.org:2222/acme/web.git",
        "git@github.com:acme/web.git",
        "git://git.example.org/web",
        "file:///srv/git/web.git",
    ],
)
def test_addresses_that_git_can_clone_are_taken(url: str) -> None:
    assert address_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c whoami",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=x@host:web",
        "ssh://-oProxyCommand=touch/web",
        "git@-oProxyCommand=x:web",
        "ftp://git.example.org/web",
        "/srv/git/web.git",
        "web",
        "https://",
        "https://[git.example.org/web",
        "https://git.example.org/web\n",
        "",
    ],
)
def test_addresses_that_could_run_something_are_refused(url: str) -> None:
    assert address_problem(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://ada:secret@github.com/acme/web",
        "https://secret@github.com/acme/web",
        "ssh://git:secret@git.example.org/web",
        "https://git.example.org/web.git?private_token=secret",
        "https://git.example.org/web.git#secret",
        "https://ada@git.example.org/web.git?private_token=secret",
    ],
)
def test_an_address_with_a_secret_in_it_is_refused_without_showing_it(url: str) -> None:
    problem = address_problem(url)
    assert problem is not None
    assert "token" in problem
    assert "secret" not in problem


def test_a_token_goes_over_https_or_to_this_machine_only() -> None:
    assert token_problem("https://github.com/acme/web") is None
    assert token_problem("http://127.0.0.1:1/web") is None
    for url in ("http://git.example.org/web", "git@github.com:acme/web", "git://x/web"):
        assert token_problem(url)


def test_doctor_asks_the_remote_and_changes_nothing(repo: GitRepo, reader: GitReader) -> None:
    (finding,) = reader.connector().check()
    assert finding.severity is Severity.OK
    assert not (reader.folder / "mirrors").exists()
