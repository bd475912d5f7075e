"""The files of a configuration repository as a commit leaves them, and the versions in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from connectors.git.objects import AbsentObject, ObjectReader
from connectors.gitops.layers import File
from connectors.gitops.rules import Match, Rule
from connectors.gitops.values import Found, Unread
from data.model import GapReason

MAX_FILE_BYTES = 5 << 20
"""A larger file is not read: no configuration comes near."""

_CORRUPT = "its content is corrupt"
_WHY_ABSENT = {
    GapReason.MISSING_OBJECT: "its content is missing from the repository",
    GapReason.TRUNCATED: f"it is larger than {MAX_FILE_BYTES >> 20} MiB",
}


class FileVersion(NamedTuple):
    """A configuration file as a commit leaves it."""

    path: str
    match: Match
    blob: str | None
    """Git's hash of its content; None if the commit removes it."""


class Contents:
    """What was found in a number of files."""

    def __init__(
        self,
        rules: Sequence[Rule],
        found: Mapping[tuple[str, int], Sequence[Found] | Unread],
        absent: Sequence[str],
    ) -> None:
        self._rules = rules
        self._found = found
        self.absent = absent
        """Hashes of contents that are missing or corrupt."""

    def file(self, version: FileVersion, before: File | None) -> tuple[File | None, Unread | None]:
        """The file as it is now, and why it could not be read if that is so.

        A file that cannot be read says what it said `before`.
        """
        if version.blob is None:
            return None, None
        found = self._found[version.blob, version.match.rule]
        if isinstance(found, Unread):
            settings = before.settings if before else ()
            return File(version.match, version.blob, settings, is_held=True), found
        rule = self._rules[version.match.rule]
        settings, left_aside = rule.settings(version.match.captures, found)
        return File(version.match, version.blob, settings, left_aside), None


def read_contents(
    objects: ObjectReader, rules: Sequence[Rule], versions: Iterable[FileVersion]
) -> Contents:
    """Reads the contents of files, each once, and finds the versions in them."""
    rules_of: dict[str, set[int]] = {}
    for version in versions:
        if version.blob:
            rules_of.setdefault(version.blob, set()).add(version.match.rule)
    found: dict[tuple[str, int], Sequence[Found] | Unread] = {}
    absent: list[str] = []
    for blob, content in zip(rules_of, objects.read_all(rules_of), strict=True):
        if isinstance(content, AbsentObject):
            why = Unread(content.reason, _WHY_ABSENT.get(content.reason, _CORRUPT))
            found |= {(blob, rule): why for rule in rules_of[blob]}
            absent += [blob] if content.reason is not GapReason.TRUNCATED else []
        else:
            for rule in rules_of[blob]:
                found[blob, rule] = rules[rule].value.finder.find(content.data)
    return Contents(rules, found, absent)
