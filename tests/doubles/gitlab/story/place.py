"""Projects that move, accounts that go, and who may do what."""

from __future__ import annotations

from datetime import datetime

from tests.doubles.gitlab.world import (
    Access,
    AccessToken,
    Group,
    Level,
    Membership,
    Project,
    ProtectedBranch,
    User,
    World,
)


def rename(project: Project, path: str, at: datetime) -> None:
    """Gives a project another path; the old one still leads to it."""
    project.former_paths.append(project.full_path)
    project.path, project.updated_at = path, at


def move(project: Project, group: Group, at: datetime) -> None:
    """Gives a project to another group; its old path still leads to it."""
    project.former_paths.append(project.full_path)
    project.group, project.updated_at = group, at


def archive(project: Project, at: datetime) -> None:
    """Makes a project read-only."""
    project.is_archived, project.updated_at = True, at


def delete_account(user: User) -> None:
    """Deletes an account: what it wrote becomes the ghost's, what it merged is no one's."""
    user.is_deleted = True


def join(
    place: Group | Project, user: User, level: Level, at: datetime, by: User | None = None
) -> Membership:
    """Makes an account a member."""
    place.members.append(Membership(user, level, at, by))
    return place.members[-1]


def issue_token(
    world: World, place: Group | Project, name: str, level: Level, at: datetime
) -> AccessToken:
    """Makes an access token, and the bot that acts with it."""
    kind = "group" if isinstance(place, Group) else "project"
    number = world.new_id()
    bot = world.user(f"{kind}_{place.id}_bot_{number:x}", is_bot=True)
    place.access_tokens.append(AccessToken(number, name, bot, level, at))
    place.members.append(Membership(bot, level, at))
    return place.access_tokens[-1]


def protect(
    world: World,
    place: Group | Project,
    branch: str = "main",
    *,
    push: int = 0,
    merge: int = 40,
    is_force_push_allowed: bool = False,
    is_code_owner_required: bool = False,
) -> ProtectedBranch:
    """Protects a branch of a project, or of all projects of a group; level 0 is no one."""
    made = ProtectedBranch(
        world.new_id(),
        branch,
        [Access(world.new_id(), push)],
        [Access(world.new_id(), merge)],
        is_force_push_allowed=is_force_push_allowed,
        is_code_owner_required=is_code_owner_required,
    )
    place.protected_branches.append(made)
    return made
