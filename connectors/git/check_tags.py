"""What `cairn doctor` says of tags: which are deployments, and what might say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.git.deploy_tags import is_prerelease, read_release
from connectors.git.places import find_places
from connectors.git.repository import GitRepository
from connectors.git.rows import some
from connectors.git.settings import Settings
from connectors.git.state import State
from connectors.interface import Context, Finding, Severity
from data.configuration import quoted

_RELEASE = re.compile(r"(?P<prefix>.*?)\d+(\.\d+)+")


def check_tags(where: str, state: State, settings: Settings) -> Iterator[Finding]:
    """How many tags are deployments, if the settings say that tags are; the newest are named."""
    pattern = settings.deploy_pattern
    if pattern is None:
        return
    names = [tag.name.removeprefix("refs/tags/") for tag in state.tags]
    versions = {
        name: release.version
        for name in names
        if (release := read_release(pattern, name))
        and (settings.include_prereleases or not is_prerelease(release.version))
    }
    if not versions:
        yield Finding(Severity.WARNING, "no tag is a deployment", where, "correct `deploy_tags`")
        return
    newest = sorted(versions, key=lambda name: _age(versions[name]), reverse=True)
    left_out = len(names) - len(versions)
    what = f"{len(versions)} tags are deployments ({some(newest)}), {left_out} are not"
    yield Finding(Severity.OK, what, where)


def untold_deployments(source: str, settings: Settings, context: Context) -> Finding:
    """Warns of a source that does not say which of its tags are deployments.

    Raises:
        SourceUnavailable: if its repositories cannot be read.
    """
    what = "nothing says what was deployed"
    places = find_places(source, settings, context).values()
    read = [GitRepository(path) for path in places if settings.url is None or path.exists()]
    tags = [tag for repository in read for tag in tags_of(repository)]
    prefix = release_prefix(tags)
    if prefix is None:
        fix = "set `deploy_tags` if it tags what it deploys, or add a `gitops` source"
        return Finding(Severity.WARNING, what, source, fix)
    alike = sum(_prefix(tag) == prefix for tag in tags)
    what += f"; {alike} {'tag looks' if alike == 1 else 'tags look'} like {prefix}1.2.3"
    pattern = quoted(f"{prefix}{{version}}")
    fix = f"set `deploy_tags = {pattern}` if these are deployments"
    return Finding(Severity.WARNING, what, source, f"{fix}, or add a `gitops` source")


def tags_of(repository: GitRepository) -> list[str]:
    """Names of all tags.

    Raises:
        GitFailed: if git cannot read the repository.
    """
    return [ref.name.removeprefix("refs/tags/") for ref in repository.refs("refs/tags/")]


def release_prefix(tags: Sequence[str]) -> str | None:
    """What most tags that look like releases begin with: `v` of `v1.2.3`; None if none does."""
    prefixes = [prefix for tag in tags if (prefix := _prefix(tag)) is not None]
    return max(sorted(set(prefixes)), key=prefixes.count) if prefixes else None


def _prefix(tag: str) -> str | None:
    found = _RELEASE.fullmatch(tag)
    return found["prefix"] if found else None


def _age(version: str) -> tuple[object, ...]:
    """Sorts versions: by their leading numbers, releases after their pre-releases."""
    leading = re.match(r"\d+(\.\d+)*", version)
    return _numbers(leading[0] if leading else ""), not is_prerelease(version), _numbers(version)


def _numbers(text: str) -> list[tuple[int, str]]:
    """The numbers in a text, by value, however many digits a hostile one has."""
    digits = (found.lstrip("0") for found in re.findall(r"[0-9]+", text))
    return [(len(found), found) for found in digits]
