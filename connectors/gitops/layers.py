"""What runs where: the files of a configuration repository laid over each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from connectors.gitops.rules import InheritWhen, Match, Rule, Setting
from connectors.gitops.values import Value


class Slot(NamedTuple):
    """A service in an environment: one version at a time."""

    service: str
    environment: str


@dataclass(frozen=True, slots=True)
class File:
    """What one file of the repository sets, as far as it is known."""

    match: Match
    blob: str
    """Git's hash of its content."""
    settings: Sequence[Setting] = ()
    left_aside: int = 0
    """Values in it that are not used."""
    is_held: bool = False
    """Whether it could not be read last time, so that what it said before still counts."""


@dataclass(frozen=True, slots=True)
class SlotChange:
    """A slot that runs another version than before a commit, or none any more."""

    slot: Slot
    before: Value | None
    after: Value | None
    path: str
    """File that sets the new version; none in it, the file whose change took it away."""
    blob: str | None
    """Git's hash of that file's content; None if the file is gone."""
    repository: str | None = None


class _Source(NamedTuple):
    """A file's claim on a slot, in the order in which claims are heard."""

    rule: int
    path: str
    setting: Setting


class Layers:
    """All files as of one commit. A file that names its environment lies over a base file.

    Of several files on the same level the first by rule, then by path, decides.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self.files: dict[str, File] = {}
        self._named: defaultdict[Slot, dict[str, _Source]] = defaultdict(dict)
        self._bases: defaultdict[str, dict[str, _Source]] = defaultdict(dict)
        self._groups: defaultdict[object, set[str]] = defaultdict(set)
        self._overlays: Counter[tuple[object, str | None]] = Counter()
        self._running: dict[Slot, Value] = {}

    def apply(self, changed: Iterable[tuple[str, File | None]]) -> list[SlotChange]:
        """Puts the files of one commit in place; None removes one.

        Returns:
            The slots whose version is another now, in a stable order.
        """
        touched: dict[Slot, str] = {}
        for path, new in changed:
            old = self.files.get(path)
            touched.update((slot, path) for slot in self._touched(old, new))
            self._replace(path, old, new)
        changes = (self._settle(slot, path) for slot, path in sorted(touched.items()))
        return [change for change in changes if change]

    def unused_bases(self) -> list[str]:
        """Base files whose versions run nowhere, because no environment has a file beside them."""
        return sorted(
            source.path
            for sources in self._bases.values()
            for source in sources.values()
            if not any(self._inherits(source, name) for name in self._rules[source.rule].inheriting)
        )

    def shadowed(self) -> list[str]:
        """Files without effect on a slot: another file of the same level sets it differently."""
        paths: set[str] = set()
        for sources in (*self._named.values(), *self._bases.values()):
            ordered = sorted(sources.values())
            paths.update(
                other.path
                for other in ordered[1:]
                if not other.setting.value.is_same(ordered[0].setting.value)
            )
        return sorted(paths)

    def _replace(self, path: str, old: File | None, new: File | None) -> None:
        if old:
            self._overlays[old.match.group, old.match.environment] -= 1
            for setting in old.settings:
                self._level(setting).pop(path, None)
            self._groups[old.match.group].discard(path)
            del self.files[path]
        if new:
            self._overlays[new.match.group, new.match.environment] += 1
            for setting in new.settings:
                self._level(setting)[path] = _Source(new.match.rule, path, setting)
            self._groups[new.match.group].add(path)
            self.files[path] = new

    def _level(self, setting: Setting) -> dict[str, _Source]:
        if setting.environment is None:
            return self._bases[setting.service]
        return self._named[Slot(setting.service, setting.environment)]

    def _touched(self, old: File | None, new: File | None) -> Iterator[Slot]:
        """The slots in which a file may have had, or may have, a say."""
        for file in (old, new):
            if file and not (old and new and old.settings == new.settings):
                yield from self._set_by(file)
        only = old or new if not (old and new) else None
        if only and only.match.environment is not None:
            yield from self._beside(only.match)

    def _set_by(self, file: File) -> Iterator[Slot]:
        for setting in file.settings:
            if setting.environment is not None:
                yield Slot(setting.service, setting.environment)
            else:
                for environment in self._rules[file.match.rule].inheriting:
                    yield Slot(setting.service, environment)

    def _beside(self, match: Match) -> Iterator[Slot]:
        """The slots that base files may fill because a file of the environment is there."""
        for path in self._groups[match.group]:
            for setting in self.files[path].settings:
                if setting.environment is None:
                    yield Slot(setting.service, match.environment or "")

    def _settle(self, slot: Slot, path: str) -> SlotChange | None:
        before = self._running.get(slot)
        source = self._deciding(slot)
        if source is None:
            if before is None:
                return None
            del self._running[slot]
            file = self.files.get(path)
            return SlotChange(slot, before, None, path, file.blob if file else None)
        after = source.setting.value
        self._running[slot] = after
        if before is not None and before.is_same(after):
            return None
        blob = self.files[source.path].blob
        return SlotChange(slot, before, after, source.path, blob, source.setting.repository)

    def _deciding(self, slot: Slot) -> _Source | None:
        if named := self._named.get(slot):
            return min(named.values())
        bases = self._bases.get(slot.service, {}).values()
        return min((b for b in bases if self._inherits(b, slot.environment)), default=None)

    def _inherits(self, base: _Source, environment: str) -> bool:
        rule = self._rules[base.rule]
        if environment not in rule.inheriting:
            return False
        if rule.inherit_when is InheritWhen.ALWAYS:
            return True
        return self._overlays[self.files[base.path].match.group, environment] > 0
