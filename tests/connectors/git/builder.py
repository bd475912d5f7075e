"""Builds small real repositories: each call is one commit, tag or ref, at a time that is told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIRST_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When the first commit is made; each further one an hour later, unless told otherwise."""

ORIGIN = "https://git.example/team/web"

AUTHOR = "Ada Example <ada@example.org>"


class GitRepo:
    """A repository in a folder of its own. Commits change no work tree."""

    def __init__(self, path: Path, *, is_bare: bool = False, branch: str = "main") -> None:
        self.path = path
        self.now = FIRST_AT
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", f"--initial-branch={branch}", *(["--bare"] if is_bare else []))

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Runs git in the repository, and returns what it prints."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            check=True,
            env={**os.environ, "GIT_ALLOW_PROTOCOL": "file"},
        )
        return done.stdout.decode().strip()

    def commit(
        self,
        message: str | bytes,
        files: Mapping[str, str | bytes | None] | None = None,
        *,
        on: str = "main",
        parents: Sequence[str] | None = None,
        at: datetime | None = None,
        authored_at: datetime | None = None,
        author: str | bytes = AUTHOR,
    ) -> str:
        """Commits on a branch and returns the hash.

        Args:
            message: as it is stored.
            files: content by path, None to delete; the rest is as in the first parent.
            on: the branch that moves to it.
            parents: default: what the branch is at.
            at: when it is committed; default: an hour after the last one.
            authored_at: when it was written; default: when it is committed.
            author: name and mail; also the committer.
        """
        self.now = at or self.now + timedelta(hours=1)
        if parents is None:
            parents = [tip] if (tip := self.tip(on)) else []
        who, text = _bytes(author), _bytes(message)
        lines = [
            b"commit refs/heads/" + on.encode(),
            b"mark :1",
            b"author %b %b" % (who, _time(authored_at or self.now)),
            b"committer %b %b" % (who, _time(self.now)),
            b"data %d\n%b" % (len(text), text),
            *(b"%b %b" % (word, sha.encode()) for word, sha in _parent_words(parents)),
            *(_file(path, content) for path, content in (files or {}).items()),
            b"get-mark :1\n",
        ]
        reset = b"" if parents else b"reset refs/heads/" + on.encode() + b"\n"
        return self.git(
            "fast-import", "--quiet", "--force", "--date-format=raw-permissive",
            stdin=reset + b"\n".join(lines),
        )  # fmt: skip

    def merge(
        self, head: str, message: str, *, onto: str = "main", at: datetime | None = None
    ) -> str:
        """Merges a commit or branch; the tree is that of `onto` with the branch's own files."""
        tip = self.sha(head)
        base = self.git("merge-base", onto, tip)
        names = self.git("diff", "--name-only", base, tip).splitlines()
        files = {name: self.git("show", f"{tip}:{name}") for name in names}
        return self.commit(message, files, on=onto, parents=[self.sha(onto), tip], at=at)

    def tag(
        self, name: str, target: str = "main", message: str = "", at: datetime | None = None
    ) -> str:
        """Sets a tag, annotated if there is a message or a time; returns what it points to."""
        sha = self.git("rev-parse", target)
        if message or at:
            kind = self.git("cat-file", "-t", sha)
            tagger = b"tagger %b %b" % (AUTHOR.encode(), _time(at or self.now))
            head = f"object {sha}\ntype {kind}\ntag {name}\n".encode()
            sha = self.store("tag", head + tagger + b"\n\n" + message.encode() + b"\n")
        self.ref(f"refs/tags/{name}", sha)
        return sha

    def ref(self, name: str, target: str | None) -> None:
        """Moves a ref, or deletes it."""
        if target is None:
            self.git("update-ref", "-d", name)
        else:
            self.git("update-ref", name, self.git("rev-parse", target))

    def store(self, kind: str, data: bytes) -> str:
        """Stores an object as it is, however broken."""
        return self.git("hash-object", "-t", kind, "-w", "--stdin", "--literally", stdin=data)

    def stored_commit(self, author: str, committer: str, message: str = "odd\n") -> str:
        """Puts a commit with signature lines of any kind on main, and returns its hash."""
        tree = self.git("rev-parse", "main^{tree}")
        head = f"tree {tree}\nparent {self.sha('main')}\n"
        data = f"{head}author {author}\ncommitter {committer}\n\n{message}".encode()
        sha = self.store("commit", data)
        (self.git_dir / "refs/heads/main").write_text(f"{sha}\n")
        return sha

    def come_from(self, address: str = ORIGIN) -> None:
        """Makes it look like a clone."""
        self.git("config", "remote.origin.url", address)

    def fetched(self, at: datetime, *lines: str) -> None:
        """Leaves the trace of a fetch that brought this: see `brought`."""
        trace = self.git_dir / "FETCH_HEAD"
        trace.write_text("".join(f"{line}\n" for line in lines))
        os.utime(trace, (at.timestamp(), at.timestamp()))

    def lose(self, sha: str) -> None:
        """Removes an object from the disk."""
        self._loose(sha).unlink()

    def corrupt(self, sha: str) -> None:
        """Spoils an object on the disk."""
        path = self._loose(sha)
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:-10])

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether `newer` contains `older`, as git says."""
        command = ["git", "merge-base", "--is-ancestor", older, newer]
        return subprocess.run(command, cwd=self.path, check=False).returncode == 0

    def sha(self, name: str) -> str:
        """Hash of the commit a name stands for."""
        return self.git("rev-parse", f"{name}^{{commit}}")

    def tip(self, branch: str) -> str | None:
        """Hash a branch is at, if there is one."""
        return self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}") or None

    @property
    def git_dir(self) -> Path:
        """Folder of refs and objects."""
        return self.path / self.git("rev-parse", "--git-dir")

    def _loose(self, sha: str) -> Path:
        return self.git_dir / "objects" / sha[:2] / sha[2:]


def brought(sha: str, what: str = "branch 'main'", address: str = ORIGIN) -> str:
    """A line that git writes of a fetch."""
    return f"{sha}\tnot-for-merge\t{what} of {address}"


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _time(at: datetime) -> bytes:
    return b"%d +0000" % int(at.timestamp())


def _parent_words(parents: Sequence[str]) -> list[tuple[bytes, str]]:
    return [(b"merge" if number else b"from", sha) for number, sha in enumerate(parents)]


def _file(path: str, content: str | bytes | None) -> bytes:
    name = b'"' + path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    if content is None:
        return b"D " + name
    data = _bytes(content)
    return b"M 100644 inline %b\ndata %d\n%b" % (name, len(data), data)
