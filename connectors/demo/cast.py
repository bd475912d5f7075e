"""Who there is: the accounts of each team, and which team a change or a repository belongs to."""

from __future__ import annotations

from connectors.demo.governance import Governance
from connectors.demo.habits import Guarded
from connectors.demo.history import Attempt, Landed
from connectors.demo.organisation import Organisation
from connectors.demo.simulation import instant


class Cast:
    """Finds the team behind a thing, and its accounts at an instant."""

    def __init__(self, organisation: Organisation, known: Governance) -> None:
        self._deleted = known.deleted
        self._leavers = [(one.team, one.account, instant(one.left)) for one in known.leavers]
        teams = {team.name: team for team in known.teams}
        shared = organisation.repositories()
        self.repositories = {name: teams[crews[0][0].name] for name, crews in shared.items()}
        """Each repository's team; the first of those that share it."""
        self._of_service = {
            service: teams[team.name]
            for crews in shared.values()
            for team, work in crews
            for service in work.services
        }

    def of_change(self, change: Landed) -> Guarded:
        """The team that made a change."""
        services = change.plan.services
        return self._of_service[services[0]] if services else self.repositories[change.repository]

    def of_attempt(self, attempt: Attempt) -> Guarded:
        """The team that deployed."""
        return self._of_service[attempt.service]

    def people(self, team: Guarded, at: int) -> tuple[str, ...]:
        """The accounts of a team at an instant, those that leave later among them."""
        leaving = (name for of, name, left_at in self._leavers if of == team.name and at < left_at)
        return (*team.people, *leaving)

    def shown(self, account: str | None) -> str | None:
        """The account as its host shows it: null if it was deleted."""
        return None if account in self._deleted else account
