"""Folders and files of the default branch."""

from __future__ import annotations

from tests.doubles.github.rest.code import resolve
from tests.doubles.github.rest.routing import of_repository
from tests.doubles.github.shapes import files
from tests.doubles.github.view import View
from tests.doubles.github.world import Repository
from tests.doubles.github.world.tree import Entry, children, entries
from tests.doubles.host import Given, Problem


@of_repository("/git/trees/{sha}", "contents:read")
def tree(view: View, repository: Repository, sha: str) -> Given:
    """Lists the files of the default branch, with `recursive` all of them."""
    is_deep = "recursive" in view.params
    listed = entries(repository) if is_deep else children(repository, "")
    is_cut = repository.is_tree_truncated
    shown = listed[: len(listed) // 2] if is_cut else listed
    made = resolve(repository, sha)
    if made is None:
        raise Problem(404, "")
    return Given(files.tree(view, repository, made.sha, shown, is_cut=is_cut))


@of_repository("/git/blobs/{sha}", "contents:read")
def blob(view: View, repository: Repository, sha: str) -> Given:
    """Shows a file by its hash."""
    for entry in entries(repository):
        if entry.sha == sha and not entry.is_folder:
            return Given(files.blob(view, repository, entry))
    raise Problem(404, "")


@of_repository("/contents/{path:path}", "contents:read")
def content(view: View, repository: Repository, path: str) -> Given:
    """Shows a file, or lists a folder."""
    if path in repository.files:
        entry = Entry(path, repository.files[path])
        return Given(files.content(view, (repository, entry), is_whole=True))
    listed = children(repository, path.rstrip("/"))
    if not listed:
        raise Problem(404, "")
    return Given([files.content(view, (repository, entry)) for entry in listed])
