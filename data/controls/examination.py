"""All that counts beside a snapshot when controls are evaluated: rules, parameters, decisions.

Page, command line, export and history all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from data.configuration import Configuration
from data.controls.catalogue import Catalogue, catalogue
from data.controls.decided import Decided, decided, laid_over
from data.controls.definition import Control
from data.controls.engine import Asked, evaluate
from data.controls.ledger_checks import ledger_checks
from data.controls.outcome import Outcome
from data.controls.parameters import Parameters, parameters
from data.controls.teams import above
from data.decisions.book import Book
from data.ledger.ledger import Ledger
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace


def _silent(what: str, done: int, total: int | None) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Examination:
    """The rules of an organisation, and what was decided about them."""

    known: Catalogue
    parameters: Parameters
    made: Decided

    @classmethod
    def of(cls, workspace: Workspace, configuration: Configuration) -> Examination:
        """Reads rules and decisions of a data folder.

        Raises:
            FileRefused: naming file and line, if a definition is wrong.
            ConfigurationError: naming the line, if a parameter is.
            DecisionsRefused: if the book of decisions cannot be read.
        """
        known = catalogue(workspace.folder)
        own = parameters(configuration, workspace.configuration, known)
        made = decided(Book(workspace.folder))
        checks = list(ledger_checks(Ledger(workspace.folder, configuration.ledger)))
        return cls(known, own, replace(made, given=made.given.beside("ledger_check", checks)))

    def outcomes(
        self,
        snapshot: Snapshot,
        window: Window,
        team: str | None = None,
        chosen: Iterable[Control] | None = None,
        progress: Callable[[str, int, int | None], None] = _silent,
        *,
        sees_names: bool = False,
    ) -> list[Outcome]:
        """What controls come to, with what was decided laid over it.

        Args:
            snapshot: the published data.
            window: the days.
            team: a team, with those below it; None: the whole organisation.
            chosen: the controls; None: all.
            progress: told how many are done.
            sees_names: whether names of people are in the answer.

        Raises:
            UnknownTeam: if there is no such team.
        """
        wanted = list(self.known.controls.values() if chosen is None else chosen)
        asked = Asked(window, team, self.parameters, self.made.given, sees_names=sees_names)
        teams = above(snapshot)
        found = []
        for number, control in enumerate(wanted, start=1):
            found.append(laid_over(evaluate(snapshot, control, asked), self.made, teams))
            progress("controls", number, len(wanted))
        return found
