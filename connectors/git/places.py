"""Where the repositories of a `git` source are, and what they are called."""

from __future__ import annotations

import re
from pathlib import Path

from connectors.git.repository import FolderRefused, GitRepository
from connectors.git.settings import Settings
from connectors.interface import Context, SourceUnavailable


def find_places(source: str, settings: Settings, context: Context) -> dict[str, Path]:
    """Folders of the repositories by name, in order of their names.

    With a `url` it is the folder of the mirror, which need not be there yet.

    Raises:
        SourceUnavailable: if nothing is there, or two repositories have the same name.
    """
    if settings.url is not None:
        mirror = context.mirrors / f"{re.sub(r'[^A-Za-z0-9._-]', '_', source)}.git"
        return {settings.repository or source: mirror}
    path = context.folder / Path(settings.path or "").expanduser()
    if not settings.has_pattern:
        return {settings.repository or source: path}
    return _by_name(path)


def skipped_folders(settings: Settings, context: Context) -> list[Path]:
    """Folders that a pattern names and that are no repositories."""
    if not settings.has_pattern:
        return []
    pattern = context.folder / Path(settings.path or "").expanduser()
    return [folder for folder in _folders(pattern) if not _is_repository(folder)]


def _by_name(pattern: Path) -> dict[str, Path]:
    places: dict[str, Path] = {}
    for folder in filter(_is_repository, _folders(pattern)):
        name = _name_of(folder)
        if name in places:
            raise SourceUnavailable(
                f"two repositories are called `{name}`: {places[name]} and {folder}",
                str(pattern),
                "give one of them a `[[source]]` of its own",
            )
        places[name] = folder
    if not places:
        raise SourceUnavailable(
            "the pattern names no git repository", str(pattern), "correct `path`"
        )
    return dict(sorted(places.items()))


def _folders(pattern: Path) -> list[Path]:
    root = Path(pattern.absolute().anchor)
    found = root.glob(str(pattern.absolute().relative_to(root)))
    return sorted(folder for folder in found if folder.is_dir())


def _is_repository(folder: Path) -> bool:
    try:
        GitRepository(folder)
    except FolderRefused:
        return True  # for all we know: who opens it is told why that is refused
    except SourceUnavailable:
        return False
    return True


def _name_of(path: Path) -> str:
    folder = path.resolve()
    return (folder.parent if folder.name == ".git" else folder).name.removesuffix(".git")
