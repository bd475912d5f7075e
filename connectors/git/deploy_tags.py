"""Which tags are deployments, of which service and version, when the user says that tags are."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLACEHOLDERS = {
    "{service}": r"(?P<service>[^/]+?)",
    "{version}": r"(?P<version>\d[^/]*)",
}
# Words of pre-releases in SemVer and PEP 440, and the short forms of the latter.
_PRERELEASE = re.compile(
    r"(?i)(?<![a-z])(?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|canary)(?![a-z])"
    r"|(?<=\d)[ab]\d+(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Release:
    """What a tag's name says."""

    service: str | None
    version: str


def pattern_of(template: str) -> str:
    """The regular expression of a template such as `{service}/v{version}`.

    `{service}` is a name without a slash; `{version}` begins with a digit and has no slash.

    Raises:
        ValueError: if the template has one of them twice.
    """
    for placeholder in _PLACEHOLDERS:
        if template.count(placeholder) > 1:
            raise ValueError(f"has {placeholder} more than once")
    parts = re.split(r"(\{service\}|\{version\})", template)
    return "".join(_PLACEHOLDERS.get(part) or re.escape(part) for part in parts)


def read_release(pattern: str, tag: str) -> Release | None:
    """What a tag deploys; None if its name does not match."""
    found = re.fullmatch(pattern, tag)
    if found is None:
        return None
    named = found.groupdict()
    return Release(named.get("service"), named.get("version") or tag)


def is_prerelease(version: str) -> bool:
    """Whether a version is an alpha, a beta, a release candidate or the like."""
    return _PRERELEASE.search(version) is not None
