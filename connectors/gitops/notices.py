"""What a configuration repository does not tell, as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.git.rows import FIX_OBJECTS
from connectors.gitops.cursor import Notice
from connectors.gitops.layers import Layers
from connectors.gitops.mainline import ConfigCommit
from data.model import GapReason

OF_HISTORY = ("shallow", "cut-off")
"""Notices that stay true when later commits are read."""


def shallow() -> Notice:
    """The clone leaves out older history."""
    return Notice(
        "shallow",
        GapReason.SHALLOW,
        "a shallow clone: deployments before its first commit are not known, and all that ran "
        "then looks deployed by it",
        "run `git fetch --unshallow` there",
    )


def cut_off(first: ConfigCommit) -> Notice:
    """The mainline breaks off at a commit that cannot be read."""
    return Notice(
        "cut-off",
        GapReason.MISSING_OBJECT,
        f"history breaks off before {first.sha[:10]}: its parent cannot be read",
        FIX_OBJECTS,
    )


def notices_of(layers: Layers) -> Iterator[Notice]:
    """What the rules leave open about the files of the newest commit."""
    if not any(file.settings for file in layers.files.values()):
        yield Notice(
            "no-values",
            GapReason.NOT_FOUND,
            f"{len(layers.files)} files match the rules now, and none of them sets a version",
            "correct `pattern` and `value` of the rules",
        )
    if unused := layers.unused_bases():
        yield Notice(
            "not-inherited",
            GapReason.NOT_FOUND,
            f"{len(unused)} base files set versions for no environment, as none has a file beside "
            f"them ({_some(unused)})",
            'set `inherit_when = "always"` for them, or leave them out with `exclude`',
            len(unused),
        )
    if shadowed := layers.shadowed():
        yield Notice(
            "shadowed",
            GapReason.TRUNCATED,
            f"{len(shadowed)} files set another version than an earlier file does for the same "
            f"service and environment, and are not used ({_some(shadowed)})",
            "tell the services apart in `service_name`, or leave files out with `exclude`",
            len(shadowed),
        )


def _some(paths: Sequence[str]) -> str:
    shown = ", ".join(sorted(paths)[:3])
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"
