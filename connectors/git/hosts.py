"""Where a person can see a commit, a change or a tag: links by the style of the Git host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import quote, urlsplit


class HostStyle(StrEnum):
    """Whose way of writing links a web address follows."""

    GITHUB = "github"
    GITLAB = "gitlab"
    BITBUCKET = "bitbucket"
    GITEA = "gitea"


# {sha}, {number} and {tag} below the repository's page.
_LINKS = {
    HostStyle.GITHUB: ("commit/{}", "pull/{}", "releases/tag/{}"),
    HostStyle.GITLAB: ("-/commit/{}", "-/merge_requests/{}", "-/tags/{}"),
    HostStyle.BITBUCKET: ("commits/{}", "pull-requests/{}", "src/{}"),
    HostStyle.GITEA: ("commit/{}", "pulls/{}", "releases/tag/{}"),
}
_SCP_FORM = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!//)/?(.+)")


@dataclass(frozen=True, slots=True)
class Links:
    """Web addresses of one repository; all None where the host's style is not known."""

    web_url: str | None
    style: HostStyle | None

    @classmethod
    def of(cls, web_url: str | None, style: HostStyle | None = None) -> Self:
        """Links below `web_url`, in the style its host's name tells unless one is given."""
        return cls(web_url, style or _style(web_url))

    def commit(self, sha: str) -> str | None:
        """Page of a commit."""
        return self._link(0, sha)

    def change(self, number: str) -> str | None:
        """Page of a pull or merge request."""
        return self._link(1, number)

    def tag(self, name: str) -> str | None:
        """Page of a tag."""
        return self._link(2, name)

    def _link(self, which: int, value: str) -> str | None:
        if self.web_url is None or self.style is None:
            return None
        path = _LINKS[self.style][which].format(quote(value, safe="/"))
        return f"{self.web_url.rstrip('/')}/{path}"


def web_address(remote: str, style: HostStyle | None = None) -> str | None:
    """The page of the repository a remote address names; None if its host's style is not known.

    User names, passwords and ports of the remote are left out.
    """
    host, path = _host_and_path(remote)
    path = path.strip("/").removesuffix(".git").rstrip("/")
    if not path or ".." in path.split("/"):
        return None
    page = f"https://{host}/{quote(path, safe='/~')}"
    return page if style or _style(page) else None


def _host_and_path(remote: str) -> tuple[str, str]:
    scp = _SCP_FORM.fullmatch(remote)
    if scp:
        return scp[1].lower(), scp[2]
    try:
        parts = urlsplit(remote)
    except ValueError:
        return "", ""
    if parts.scheme not in {"https", "http", "ssh", "git"}:
        return "", ""
    return (parts.hostname or "").removeprefix("ssh."), parts.path


def _style(web_url: str | None) -> HostStyle | None:
    host = urlsplit(web_url).hostname if web_url else None
    names = re.split(r"[.-]", host or "")
    return next((style for style in HostStyle if style in names), None)
