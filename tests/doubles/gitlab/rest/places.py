"""Who asks, and which groups, projects, members and tokens there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.doubles.gitlab.rest.routing import of_group, of_host, of_project
from tests.doubles.gitlab.shapes import people, places
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Group, Level, Membership, Project
from tests.doubles.host import Given, Problem

_LONGEST_AUDIT = timedelta(days=30)


@of_host("/user")
def who_asks(view: View) -> Given:
    """Tells whose token it is."""
    user = view.world.user(view.token.login)
    shown = people.account(view, user)
    return Given({**shown, "created_at": view.moment(user.created_at), "bot": user.is_bot})


@of_host("/metadata")
def metadata(view: View) -> Given:
    """Tells which GitLab this is."""
    is_enterprise = view.world.version.endswith("-ee")
    kas = {"enabled": False, "externalUrl": None, "version": None}
    version = view.world.version
    told = {"version": version, "revision": "0" * 11, "kas": kas, "enterprise": is_enterprise}
    return Given(told)


@of_host("/version")
def version(view: View) -> Given:
    """Tells which version this is."""
    return metadata(view)


@of_host("/personal_access_tokens/self")
def own_token(view: View) -> Given:
    """Tells what the token may do, and until when."""
    token, user = view.token, view.world.user(view.token.login)
    ends_at = token.expires_at.date().isoformat() if token.expires_at else None
    return Given(
        {
            "id": 1,
            "name": "evidence",
            "revoked": False,
            "created_at": view.moment(user.created_at),
            "description": None,
            "scopes": ["api"] if "*" in token.rights else sorted(token.rights),
            "user_id": user.id,
            "last_used_at": view.moment(view.double.now),
            "active": True,
            "expires_at": ends_at,
        }
    )


@of_host("/projects")
def projects(view: View) -> Given:
    """Lists the projects that the token sees."""
    return _projects(view, view.world.projects.values())


@of_group("/projects")
def projects_of_group(view: View, group: Group) -> Given:
    """Lists the projects of a group, with those below it if asked."""
    has_subgroups = view.flag("include_subgroups")
    return _projects(view, view.world.projects_of(group, has_subgroups=has_subgroups))


def _projects(view: View, found: Iterable[Project]) -> Given:
    seen = [project for project in found if view.sees(project)]
    if view.param("archived"):
        seen = [p for p in seen if p.is_archived == (view.flag("archived"))]
    by: dict[str, Any] = {
        "id": lambda project: project.id,
        "created_at": lambda project: project.created_at,
        "updated_at": lambda project: project.updated_at,
        "last_activity_at": lambda project: project.updated_at,
        "path": lambda project: project.path,
    }
    # Only the order by number can be paged by keyset.
    keyset = (lambda project: project.id) if view.param("order_by") == "id" else None
    listed = view.sort(seen, by, "created_at")
    return view.listed(listed, places.project, keyset=keyset, kind="Project")


@of_project("")
def project(view: View, project: Project) -> Given:
    """Shows a project."""
    return Given(places.project(view, project))


@of_group("")
def group(view: View, group: Group) -> Given:
    """Shows a group."""
    return Given(places.group(view, group))


@of_group("/descendant_groups")
def descendants(view: View, group: Group) -> Given:
    """Lists the groups below a group, at any depth."""
    below = [other for other in view.world.groups if group in other.lineage[1:]]
    return view.listed(below, places.group)


@of_group("/subgroups")
def subgroups(view: View, group: Group) -> Given:
    """Lists the groups right below a group."""
    below = [other for other in view.world.groups if other.parent is group]
    return view.listed(below, places.group)


@of_group("/members")
def members_of_group(view: View, group: Group) -> Given:
    """Lists the members of a group itself."""
    return view.listed(group.members, people.member)


@of_group("/members/all")
def all_members_of_group(view: View, group: Group) -> Given:
    """Lists the members of a group and of those above."""
    return view.listed(_highest(group.lineage), people.member)


@of_project("/members")
def members_of_project(view: View, project: Project) -> Given:
    """Lists the members of a project itself."""
    return view.listed(project.members, people.member)


@of_project("/members/all")
def all_members_of_project(view: View, project: Project) -> Given:
    """Lists the members of a project and of the groups above."""
    return view.listed(_highest([project, *project.group.lineage]), people.member)


def _highest(where: Iterable[Project | Group]) -> list[Membership]:
    found: dict[int, Membership] = {}
    for place in where:
        for membership in place.members:
            known = found.get(membership.user.id)
            if known is None or known.level < membership.level:
                found[membership.user.id] = membership
    return list(found.values())


@of_group("/access_tokens", Level.OWNER)
def tokens_of_group(view: View, group: Group) -> Given:
    """Lists the access tokens of a group."""
    return view.listed(group.access_tokens, people.access_token)


@of_project("/access_tokens", Level.MAINTAINER)
def tokens_of_project(view: View, project: Project) -> Given:
    """Lists the access tokens of a project."""
    return view.listed(project.access_tokens, people.access_token)


@of_project("/deploy_keys", Level.MAINTAINER)
def deploy_keys(view: View, project: Project) -> Given:
    """Lists the deploy keys of a project."""
    return view.listed(project.deploy_keys, people.deploy_key)


@of_group("/deploy_tokens", Level.OWNER)
def deploy_tokens_of_group(view: View, group: Group) -> Given:
    """Lists the deploy tokens of a group."""
    return view.listed(group.deploy_tokens, people.deploy_token)


@of_project("/deploy_tokens", Level.MAINTAINER)
def deploy_tokens_of_project(view: View, project: Project) -> Given:
    """Lists the deploy tokens of a project."""
    return view.listed(project.deploy_tokens, people.deploy_token)


@of_group("/audit_events", Level.DEVELOPER, "premium", 403)
def audit_of_group(view: View, group: Group) -> Given:
    """Lists what was recorded of a group, newest first."""
    return _audit(view, group, "Group", Level.OWNER)


@of_project("/audit_events", Level.DEVELOPER, "premium", 403)
def audit_of_project(view: View, project: Project) -> Given:
    """Lists what was recorded of a project, newest first."""
    return _audit(view, project, "Project", Level.MAINTAINER)


def _audit(view: View, place: Project | Group, kind: str, level: Level) -> Given:
    """What was recorded; a lower role is told of its own account's events alone."""
    after, before = view.time_param("created_after"), view.time_param("created_before")
    if after and (before or view.double.now) - after > _LONGEST_AUDIT:
        raise Problem(400, "400 Bad request - the date range is longer than 30 days")
    found = [
        event
        for event in place.audit_events
        if (view.token.level >= level or event.author.username == view.token.login)
        and (not after or event.created_at >= after)
        and (not before or event.created_at <= before)
    ]
    return view.listed(
        sorted(found, key=lambda event: event.id, reverse=True),
        lambda view, event: people.audit_event(view, event, place.id, kind),
        keyset=lambda event: event.id,
        kind="AuditEvent",
    )
