"""When a clone that somebody else keeps was last brought up to date, by the traces git leaves."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from connectors.git.commit import is_plausible, signature_time
from connectors.git.repository import GitRepository

_MOST_BYTES = 16 << 20
_CLONE_LOG = Path("logs/refs/remotes/origin/HEAD")


def fetched_at(repository: GitRepository, branch: str | None, head: str | None) -> datetime | None:
    """When somebody last fetched a branch with that head, or cloned; None without a trace.

    A fetch that failed, or that was of something else, leaves a trace that does not name it:
    whether the origin had anything newer then is not known.
    """
    with suppress(OSError):
        trace = repository.git_dir / "FETCH_HEAD"
        addresses = _fetched_from(_beginning(trace), branch, head)
        if addresses:
            origin = repository.origin()
            if any(_is_same(address, origin) for address in addresses):
                return _sensible(datetime.fromtimestamp(trace.stat().st_mtime, UTC))
    with suppress(OSError):
        signature, _, what = _beginning(repository.git_dir / _CLONE_LOG).partition("\t")
        return _sensible(signature_time(signature)) if what.startswith("clone:") else None
    return None


def _fetched_from(trace: str, branch: str | None, head: str | None) -> list[str]:
    """Where a fetch found that branch with that head; a bare clone's names no branch."""
    named = rf"(?:branch '{re.escape(branch)}' of )?" if branch else r"(?:branch '.*' of )?"
    form = rf"(?m)^{re.escape(head or '-')}\t(?:not-for-merge)?\t{named}(?!tag '|branch ')(.+)$"
    return re.findall(form, trace)


def _is_same(one: str, other: str) -> bool:
    """Whether two addresses end alike: git shortens them, and a user may have rewritten them."""
    a, b = _parts(one), _parts(other)
    count = min(len(a), len(b), 2)
    return count > 0 and a[-count:] == b[-count:]


def _parts(address: str) -> list[str]:
    parts = re.findall(r"[^/:]+", address.rstrip("/").removesuffix(".git"))
    return [part for part in parts if part not in {".", ".."}]


def _sensible(at: datetime | None) -> datetime | None:
    return at if is_plausible(at) else None


def _beginning(path: Path) -> str:
    """The text of a file of git's own, if it is one; no more of it than is sensible."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(_MOST_BYTES).decode("utf-8", "replace")
