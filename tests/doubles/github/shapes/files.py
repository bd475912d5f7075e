"""Folders and files."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from tests.doubles.github.view import View
from tests.doubles.github.world import Repository
from tests.doubles.github.world.tree import Entry

Item = dict[str, Any]


def tree(view: View, place: Repository, sha: str, entries: list[Entry], *, is_cut: bool) -> Item:
    """A list of files and folders."""
    url = f"{view.api}/repos/{place.full_name}/git"
    listed = []
    for entry in entries:
        kind = "tree" if entry.is_folder else "blob"
        item: Item = {"path": entry.path, "mode": entry.mode, "type": kind, "sha": entry.sha}
        if not entry.is_folder:
            item["size"] = len(entry.content)
        listed.append({**item, "url": f"{url}/{kind}s/{entry.sha}"})
    return {"sha": sha, "url": f"{url}/trees/{sha}", "tree": listed, "truncated": is_cut}


def blob(view: View, place: Repository, entry: Entry) -> Item:
    """The content of a file by its hash."""
    return {
        "sha": entry.sha,
        "node_id": f"B_{entry.sha}",
        "size": len(entry.content),
        "url": f"{view.api}/repos/{place.full_name}/git/blobs/{entry.sha}",
        "content": b64encode(entry.content).decode(),
        "encoding": "base64",
    }


def content(view: View, shown: tuple[Repository, Entry], *, is_whole: bool = False) -> Item:
    """A file or folder by its path; asked for by itself, a file with what is in it."""
    place, entry = shown
    url = f"{view.api}/repos/{place.full_name}"
    kind = "tree" if entry.is_folder else "blob"
    html = f"{view.host}/{place.full_name}/{kind}/{place.default_branch}/{entry.path}"
    own = f"{url}/contents/{entry.path}?ref={place.default_branch}"
    git = f"{url}/git/{kind}s/{entry.sha}"
    told = {
        "name": entry.path.rpartition("/")[2],
        "path": entry.path,
        "sha": entry.sha,
        "size": len(entry.content),
        "url": own,
        "html_url": html,
        "git_url": git,
        "download_url": None if entry.is_folder else f"{html}?raw=1",
        "type": "dir" if entry.is_folder else "file",
        "_links": {"self": own, "git": git, "html": html},
    }
    if not is_whole:
        return told
    return {**told, "content": b64encode(entry.content).decode(), "encoding": "base64"}
