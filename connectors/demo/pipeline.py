"""How a crew brings its services to production, and repairs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from connectors.demo import trouble, work
from connectors.demo.crew import Crew
from connectors.demo.dice import Dice
from connectors.demo.history import Attempt, History, Landed, Plan, Release
from connectors.demo.mainline import Mainline
from connectors.demo.timeline import Timeline
from connectors.demo.trouble import Remedy, Trouble
from data.model import DeploymentStatus

_MINUTE = 60
_HOUR = 60 * _MINUTE
_ATTEMPT_FAILS = 0.05
_ATTEMPT_CANCELLED = 0.008
_IS_TRIED_AGAIN = 0.8
_IS_REDEPLOYED = 0.12
_IS_RUN_AGAIN = 0.5
_IS_ABANDONED = 0.06
_IS_REVERTED = 0.4


@dataclass(frozen=True, slots=True)
class _Run:
    """A pipeline run: it takes one release of some services through the environments."""

    number: int
    release: Release
    dice: Dice
    attempt: int = 1


class Pipeline:
    """Lands the changes of a crew and deploys its services; instants are UTC seconds."""

    def __init__(
        self, crew: Crew, mainline: Mainline, timeline: Timeline, history: History
    ) -> None:
        self._crew = crew
        self._mainline = mainline
        self._timeline = timeline
        self._history = history
        self._changes: dict[str, list[Landed]] = {name: [] for name in crew.work.services}
        self._live: dict[str, list[Release]] = {name: [] for name in crew.work.services}
        self._furthest: dict[str, int] = dict.fromkeys(crew.work.services, 0)
        self._last_run: dict[str, _Run] = {}
        self._ended_at: dict[tuple[str, str], int] = {}

    def land(self, plan: Plan, at: int) -> None:
        """Lands a change and starts what follows from it."""
        landed = self._mainline.land(plan, at)
        for service in plan.services:
            self._changes[service].append(landed)
        if plan.is_released_at_once:
            release = partial(self.release, plan.services)
            self._timeline.plan(at + 8 * _MINUTE, release)
        if plan.undone_after_seconds is not None:
            self._timeline.plan(at + plan.undone_after_seconds, partial(self._revert, landed))

    def release(self, services: tuple[str, ...], at: int) -> None:
        """Starts a run for those of the services that have something new."""
        changed = tuple(name for name in services if self._has_news(name))
        if not changed:
            self._redeploy(services, at)
            return
        run = self._new_run(self._mainline.release(at))
        for environment in self._crew.team.environments[:-1]:
            for service in changed:
                at = self._attempt(run, service, environment, DeploymentStatus.SUCCESS, at).ended_at
        if run.dice.chance(_IS_ABANDONED):
            return
        day = self._crew.working.day_of(at)
        bake_hours = run.dice.around(self._crew.at(self._crew.team.bake_hours, day))
        baked_at = self._crew.working.move(at, bake_hours * _HOUR)
        started_at = self._crew.deploying.move(baked_at, 0) + int(run.dice.between(0, 15 * _MINUTE))
        for service in changed:
            self._timeline.plan(started_at, partial(self._ship, run, service))

    def _ship(self, run: _Run, service: str, at: int) -> None:
        """Deploys to production as planned, unless something newer is there already."""
        day = self._crew.deploying.day_of(at)
        if self._crew.organisation.is_frozen(day) or not self._is_newer(run.release, service):
            return
        if run.attempt == 1 and run.dice.chance(_ATTEMPT_FAILS + _ATTEMPT_CANCELLED):
            self._stumble(run, service, at)
            return
        attempt = self._deploy(run, service, at)
        if run.dice.chance(self._crew.fail_share(day)):
            self._suffer(trouble.after(self._crew, run.dice, attempt, day), service, run.release)

    def _stumble(self, run: _Run, service: str, at: int) -> None:
        """The attempt itself ends badly; mostly somebody runs it again."""
        share = _ATTEMPT_CANCELLED / (_ATTEMPT_FAILS + _ATTEMPT_CANCELLED)
        is_cancelled = run.dice.chance(share)
        status = DeploymentStatus.CANCELLED if is_cancelled else DeploymentStatus.FAILED
        ended_at = self._attempt(run, service, self._production, status, at).ended_at
        if run.dice.chance(_IS_TRIED_AGAIN):
            again = _Run(run.number, run.release, run.dice, run.attempt + 1)
            wait_seconds = int(run.dice.between(4, 40) * _MINUTE)
            self._timeline.plan(ended_at + wait_seconds, partial(self._ship, again, service))

    def _redeploy(self, services: tuple[str, ...], at: int) -> None:
        """Deploys again what is live: as a new run, or as a further attempt of the last one."""
        live = [name for name in services if self._live[name]]
        dice = self._crew.dice("redeploy", at)
        if not live or not dice.chance(_IS_REDEPLOYED):
            return
        service = dice.pick(live)
        last = self._last_run[service]
        if dice.chance(_IS_RUN_AGAIN) and last.release == self._live[service][-1]:
            again = _Run(last.number, last.release, last.dice, last.attempt + 1)
        else:
            again = self._new_run(self._live[service][-1])
        self._timeline.plan(at + 3 * _MINUTE, partial(self._deploy_again, again, service))

    def _deploy_again(self, run: _Run, service: str, at: int) -> None:
        if run.release == self._live[service][-1]:
            self._last_run[service] = run
            self._attempt(run, service, self._production, DeploymentStatus.SUCCESS, at)

    def _suffer(self, what: Trouble, service: str, bad: Release) -> None:
        if what.outage is not None:
            self._history.outages.append(what.outage)
        if what.remedy is Remedy.ROLLBACK:
            self._timeline.plan(what.after(0.5), partial(self._roll_back, service, bad))
        elif what.remedy is Remedy.HOTFIX:
            self._timeline.plan(what.after(0.5), partial(self._hotfix, what, service))

    def _roll_back(self, service: str, bad: Release, at: int) -> None:
        """Deploys the release before the bad one, unless that is gone already."""
        stack = self._live[service]
        if stack[-1] != bad or len(stack) < 2:
            return
        stack.pop()
        run = self._new_run(stack[-1])
        self._last_run[service] = run
        self._attempt(run, service, self._production, DeploymentStatus.SUCCESS, at)
        if run.dice.chance(_IS_REVERTED):
            seconds = run.dice.between(0.3, 3) * _HOUR
            reverted_at = self._crew.working.move(at, seconds)
            changes = reversed(self._changes[service])
            culprit = next(change for change in changes if change.position <= bad.position)
            self._timeline.plan(reverted_at, partial(self._revert, culprit))

    def _hotfix(self, what: Trouble, service: str, at: int) -> None:
        """Lands a repair and takes it straight to production."""
        dice = self._crew.dice("hotfix", service, at)
        self.land(work.hotfix_of(self._crew, dice, service, what.started_at, at), at)
        run = self._new_run(self._mainline.release(at, is_hotfix=True))
        self._timeline.plan(what.after(0.65), partial(self._ship_hotfix, run, service))

    def _ship_hotfix(self, run: _Run, service: str, at: int) -> None:
        if self._is_newer(run.release, service):
            self._deploy(run, service, at)

    def _revert(self, change: Landed, at: int) -> None:
        if change.plan.reverts is None:
            self.land(work.revert_of(change, at), at)

    def _deploy(self, run: _Run, service: str, at: int) -> Attempt:
        self._live[service].append(run.release)
        self._furthest[service] = run.release.position
        self._last_run[service] = run
        return self._attempt(run, service, self._production, DeploymentStatus.SUCCESS, at)

    def _attempt(
        self, run: _Run, service: str, environment: str, status: DeploymentStatus, at: int
    ) -> Attempt:
        """Records an attempt; those of a service end in the order in which they began."""
        ended_at = at + int(run.dice.between(2, 6) * _MINUTE)
        ended_at = max(ended_at, self._ended_at.get((service, environment), 0) + _MINUTE)
        self._ended_at[service, environment] = ended_at
        attempt = Attempt(
            repository=self._mainline.repository,
            service=service,
            environment=environment,
            release=run.release,
            status=status,
            started_at=at,
            ended_at=ended_at,
            run=run.number,
            attempt=run.attempt,
        )
        self._history.attempts.append(attempt)
        return attempt

    def _new_run(self, release: Release) -> _Run:
        number = self._mainline.next_run()
        return _Run(number, release, self._crew.dice("run", number))

    def _has_news(self, service: str) -> bool:
        changes = self._changes[service]
        return bool(changes) and changes[-1].position > self._furthest[service]

    def _is_newer(self, release: Release, service: str) -> bool:
        """Whether production never had it or a later one: what was rolled back stays away."""
        return release.position > self._furthest[service]

    @property
    def _production(self) -> str:
        return self._crew.team.environments[-1]
