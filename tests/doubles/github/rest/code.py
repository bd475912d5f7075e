"""Commits, what was checked on them, releases, tags and files."""

from __future__ import annotations

from datetime import datetime

from tests.doubles.github.rest.routing import below, of_repository
from tests.doubles.github.shapes import code
from tests.doubles.github.view import View
from tests.doubles.github.world import Commit, Repository
from tests.doubles.github.world.checks import latest_checks, latest_statuses
from tests.doubles.github.world.history import history
from tests.doubles.host import Given, Problem
from tests.doubles.paging import page_of


@of_repository("/commits", "contents:read")
def commits(view: View, repository: Repository) -> Given:
    """Lists what leads to a branch, a tag or a commit."""
    head = resolve(repository, view.params.get("sha") or repository.default_branch)
    if head is None:
        raise Problem(409 if not repository.commits else 404, "Git Repository is empty.")
    found = history(repository, head.sha)
    since, until = view.params.get("since"), view.params.get("until")
    if since:
        found = [made for made in found if made.committed_at >= datetime.fromisoformat(since)]
    if until:
        found = [
            made
            for made in found
            if made.committed_at.replace(microsecond=0) <= datetime.fromisoformat(until)
        ]
    return view.listed(found, code.commit, path=below(repository, "/commits"))


def resolve(repository: Repository, ref: str) -> Commit | None:
    """The commit that a branch, a tag or a hash names."""
    name = ref.removeprefix("refs/").removeprefix("heads/")
    tag = repository.tags.get(name.removeprefix("tags/"))
    sha = repository.branches.get(name) or (tag.commit if tag else ref)
    return repository.commits.get(sha)


@of_repository("/commits/{sha}", "contents:read")
def commit(view: View, repository: Repository, sha: str) -> Given:
    """Shows a commit with what it changed against its first parent, 300 files a page."""
    made = _known(repository, sha)
    page = page_of(made.files, view.asked, default=300, most=300)
    link = page.link(view.asked, below(repository, f"/commits/{sha}"))
    shown = code.whole_commit(view, made, page.items)
    return Given(shown, headers={"Link": link} if link else {})


@of_repository("/commits/{sha}/check-runs", "checks:read")
def check_runs(view: View, repository: Repository, sha: str) -> Given:
    """Lists the checks of a commit: of each the latest, unless all are asked for."""
    made = _known(repository, sha)
    listed = repository.checks.get(made.sha, [])
    if view.params.get("filter", "latest") == "latest":
        listed = latest_checks(listed)
    if "check_name" in view.params:
        listed = [one for one in listed if one.name == view.params["check_name"]]
    path = below(repository, f"/commits/{sha}/check-runs")
    return view.counted("check_runs", listed[::-1], code.check, path)


@of_repository("/commits/{sha}/status", "statuses:read")
def combined_status(view: View, repository: Repository, sha: str) -> Given:
    """Sums up the statuses of a commit."""
    made = _known(repository, sha)
    listed = latest_statuses(repository.statuses.get(made.sha, ()))
    return Given(code.combined_status(view, repository, made.sha, listed))


def _known(repository: Repository, ref: str) -> Commit:
    made = resolve(repository, ref)
    if made is None:
        raise Problem(422, f"No commit found for SHA: {ref}")
    return made


@of_repository("/releases", "contents:read")
def releases(view: View, repository: Repository) -> Given:
    """Lists releases, newest first; drafts to who may write."""
    is_writer = view.token.has("contents:write")
    listed = [one for one in repository.releases if is_writer or not one.is_draft]
    listed.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    return view.listed(listed, code.release, path=below(repository, "/releases"))


@of_repository("/tags", "contents:read")
def tags(view: View, repository: Repository) -> Given:
    """Lists tags by name, backwards."""
    names = sorted(repository.tags, reverse=True)
    listed = [(repository, repository.tags[name]) for name in names]
    return view.listed(listed, code.tag, path=below(repository, "/tags"))


@of_repository("/git/matching-refs/{start:path}", "contents:read")
def matching_refs(view: View, repository: Repository, start: str) -> Given:
    """Lists branches or tags whose names begin so, all at once."""
    refs = [(f"refs/heads/{name}", "commit", sha) for name, sha in repository.branches.items()]
    for tag in repository.tags.values():
        kind = "tag" if tag.object_sha else "commit"
        refs.append((f"refs/tags/{tag.name}", kind, tag.object_sha or tag.commit))
    found = [ref for ref in sorted(refs) if ref[0].startswith(f"refs/{start}")]
    return Given([code.ref(view, repository, *ref) for ref in found])
