"""Keeps a mirror of a repository that is elsewhere, and keeps its credentials to itself."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from connectors.credential import Credential, redact
from connectors.git.process import clean_environment, error_line, require_git, run_to_end
from connectors.git.repository import GitRepository
from connectors.interface import SourceUnavailable

PROTOCOLS = ("https", "http", "ssh", "git", "file")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SCP_FORM = re.compile(r"[\w.][\w.-]*@\w[\w.-]*:[\w./~][^:]*")
_OPTIONS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=",
    "fetch.recurseSubmodules=false",
    "gc.autoDetach=false",
    "maintenance.autoDetach=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
)
# What users set for git's connections. Nothing else that begins with GIT_ reaches git.
_KEPT = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_PROXY_COMMAND")
_SECONDS = 4 * 3600
_FIX = "check the address, the network, and what `token` may read"
_REDIRECTED = re.compile(r"returned error: 30\d")


def address_problem(url: str) -> str | None:
    """Why an address is not one to clone from; None if it is."""
    if _SCP_FORM.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "is no address"
    is_named = bool(parts.path) if parts.scheme == "file" else bool(host)
    is_safe = url.isprintable() and not host.startswith("-")
    if parts.scheme not in PROTOCOLS or not is_named or not is_safe:
        return f"must begin with one of {', '.join(PROTOCOLS)} and ://, or with user@host:"
    if parts.password is not None or (parts.username is not None and parts.scheme != "ssh"):
        return "must not hold a user name or password: set `token` instead"
    if parts.query or parts.fragment:
        return "must not hold a query or a fragment: a token belongs into `token`"
    return None


def token_problem(url: str) -> str | None:
    """Why a token cannot be sent to an address; None if it can."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return None
    return "is sent over https only: use an https `url`"


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a repository is cloned from."""

    url: str
    credential: Credential | None = None

    def refs(self) -> dict[str, str]:
        """Asks the remote for its refs; `HEAD` maps to the name of the default branch.

        Raises:
            SourceUnavailable: if the remote does not answer or refuses.
        """
        answer = self._git("ls-remote", "--symref", "--end-of-options", self.url)
        refs: dict[str, str] = {}
        for line in answer.decode("utf-8", "replace").splitlines():
            value, _, name = line.partition("\t")
            if not name.endswith("^{}"):
                refs.setdefault(name, value.removeprefix("ref: "))
        return refs

    def mirror(self, folder: Path) -> None:
        """Clones into `folder`, or brings the clone that is there up to date.

        Raises:
            SourceUnavailable: if the remote does not answer or refuses.
        """
        require_git(self.url)
        if self._is_mirrored(folder):
            self._update(folder)
        else:
            self._clone(folder)

    def _is_mirrored(self, folder: Path) -> bool:
        try:
            return GitRepository(folder).origin() == self.url
        except SourceUnavailable:
            return False

    def _clone(self, folder: Path) -> None:
        """Clones beside `folder` and moves the clone there: a kill leaves nothing half done."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        for left in folder.parent.glob(f"{folder.name}.part-*"):
            shutil.rmtree(left)
        part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.part-", dir=folder.parent))
        try:
            new, old = part / "new", part / "old"
            mirror = ("clone", "--mirror", "--quiet", "--template=")
            self._git(*mirror, "--end-of-options", self.url, str(new))
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        finally:
            shutil.rmtree(part)

    def _update(self, folder: Path) -> None:
        repository = GitRepository(folder)
        there = self.refs()
        head = there.pop("HEAD", "")
        here = repository.refs()
        if there != {ref.name: ref.sha for ref in here}:
            for left in folder.rglob("*.lock"):  # of a fetch that was killed
                left.unlink()
            fetch = ("fetch", "--prune", "--quiet", "--no-write-fetch-head", "origin")
            self._git(f"--git-dir={folder}", *fetch)
        if head.startswith("refs/heads/") and not any(r.is_head and r.name == head for r in here):
            repository.run("symbolic-ref", "HEAD", head)

    def _git(self, *arguments: str) -> bytes:
        options = [word for setting in _OPTIONS for word in ("-c", setting)]
        with tempfile.TemporaryFile() as errors:
            try:
                answer, status = run_to_end(
                    ["git", *options, *arguments], self._environment(), errors, _SECONDS
                )
            except subprocess.TimeoutExpired:
                raise SourceUnavailable(
                    f"git did not end within {_SECONDS // 3600} hours", self.url, _FIX
                ) from None
            if status:
                raise self._refused(error_line(errors))
        return answer

    def _refused(self, said: str) -> SourceUnavailable:
        if self.credential is None:
            return SourceUnavailable(redact(said), self.url, _FIX)
        if _REDIRECTED.search(said):
            what = "sends us to another address, and a token is sent to the configured one only"
            return SourceUnavailable(what, self.url, "set `url` to the address it leads to")
        return SourceUnavailable(redact(said, self.credential.hidden_words()), self.url, _FIX)

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        asked = {"GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS), "GIT_CONFIG_COUNT": "0"}
        if self.credential is None:
            return clean_environment() | kept | asked
        # A header that git keeps to this host: neither arguments nor files ever hold the token.
        # A header goes along when git follows a redirect, to whatever host: so it follows none.
        parts = urlsplit(self.url)
        base = f"http.{parts.scheme}://{parts.netloc}/"
        user = "x-token-auth" if parts.hostname == "bitbucket.org" else "x-access-token"
        pair = base64.b64encode(f"{user}:{self.credential.reveal()}".encode()).decode()
        return (
            clean_environment()
            | kept
            | asked
            | {
                "GIT_CONFIG_COUNT": "2",
                "GIT_CONFIG_KEY_0": f"{base}.extraHeader",
                "GIT_CONFIG_VALUE_0": f"Authorization: Basic {pair}",
                "GIT_CONFIG_KEY_1": f"{base}.followRedirects",
                "GIT_CONFIG_VALUE_1": "false",
            }
        )
