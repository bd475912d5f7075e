"""All there is on one GitLab."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.doubles.gitlab.world.people import User
from tests.doubles.gitlab.world.project import Group, Project

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class World:
    """Groups, projects and accounts; it makes numbers and hashes, and knows no clock."""

    def __init__(self, version: str = "18.6.0-ee") -> None:
        self.version = version
        self.groups: list[Group] = []
        self.projects: dict[int, Project] = {}
        self.users: dict[str, User] = {}
        self._ids = 100
        self._shas = 0
        self.ghost = self.user("ghost")
        """Who did what deleted accounts did."""

    def new_id(self) -> int:
        """Makes a number that nothing else has."""
        self._ids += 1
        return self._ids

    def new_sha(self) -> str:
        """Makes the hash of a commit."""
        self._shas += 1
        return hashlib.sha1(f"commit {self._shas}".encode(), usedforsecurity=False).hexdigest()

    @property
    def commit_count(self) -> int:
        """How many hashes it made."""
        return self._shas

    # --- making --------------------------------------------------------------------------------

    def user(self, username: str, *, is_bot: bool = False) -> User:
        """Returns an account, made on first mention."""
        if username not in self.users:
            self.users[username] = User(self.new_id(), username, BEGINNING, is_bot)
        return self.users[username]

    def group(self, path: str, plan: str = "ultimate") -> Group:
        """Returns a group by its full path, made on first mention with those above."""
        for group in self.groups:
            if group.full_path == path:
                return group
        above, _, name = path.rpartition("/")
        parent = self.group(above, plan) if above else None
        self.groups.append(Group(self.new_id(), name, BEGINNING, parent, plan))
        return self.groups[-1]

    def project(self, path: str) -> Project:
        """Returns a project by its full path, made empty on first mention."""
        found = self.project_at(path)
        if found is None:
            above, _, name = path.rpartition("/")
            found = Project(self.new_id(), name, self.group(above), BEGINNING, BEGINNING)
            self.projects[found.id] = found
        return found

    # --- finding -------------------------------------------------------------------------------

    def project_at(self, path: str) -> Project | None:
        """Finds a project by its path of today."""
        return next((p for p in self.projects.values() if p.full_path == path), None)

    def project_once_at(self, path: str) -> Project | None:
        """Finds a project that had this path."""
        return next((p for p in self.projects.values() if path in p.former_paths), None)

    def group_at(self, name: str) -> Group | None:
        """Finds a group by its path or number."""
        return next((g for g in self.groups if name in (g.full_path, str(g.id))), None)

    def projects_of(self, group: Group, *, has_subgroups: bool) -> Iterator[Project]:
        """Goes through the projects of a group, oldest first."""
        for project in self.projects.values():
            above = project.group.lineage if has_subgroups else [project.group]
            if group in above:
                yield project
