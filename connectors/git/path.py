"""What a `path` in the configuration may say."""

from __future__ import annotations

from pathlib import Path


def path_problem(path: str) -> str | None:
    """Why a path cannot be one of a repository, or of several; None if it can."""
    if "://" in path:
        return "is an address: set `url` instead of `path`"
    if "\0" in path:
        return "is no path: it holds a NUL"
    if any("**" in part and part != "**" for part in Path(path).parts):
        return "has a `**` that does not stand alone between slashes"
    try:
        Path(path).expanduser()
    except RuntimeError:
        return "begins with a `~` of nobody"
    return None
