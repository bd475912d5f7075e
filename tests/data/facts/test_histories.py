"""Random histories: the facts must agree with a plain reading of the rules, one row at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from data.configuration import Configuration, Organisation
from data.model import Change, Deployment, Incident
from tests.data.facts.story import Story, ran
from tests.data.published import at, change, incident, sha

START = at("2026-05-01")
GAP = timedelta(days=2)
KNOWN = ("delivered", "no_commit_time", "negative")


@dataclass(frozen=True)
class History:
    """One service with a repository of its own."""

    name: str
    deployments: Sequence[Deployment]
    changes: Sequence[Change]
    incidents: Sequence[Incident]


# --- the rules, read plainly --------------------------------------------------------------------


def steps_of(history: History) -> list[Deployment]:
    """Successes that changed what runs."""
    steps: list[Deployment] = []
    for told in sorted(history.deployments, key=lambda d: d.deployed_at):
        is_repeat = bool(steps) and identity(told) == identity(steps[-1])
        if told.status == "success" and not is_repeat:
            steps.append(told)
    return steps


def identity(told: Deployment) -> str | None:
    """What runs after it."""
    return told.sha or told.version


def place(history: History, told: Deployment) -> int | None:
    """Where its commit stands on the mainline."""
    return next((c.position for c in history.changes if c.landed_sha == told.sha), None)


def is_rollback(history: History, steps: Sequence[Deployment], at_step: int) -> bool:
    """Whether it went back to something older."""
    if at_step == 0:
        return False
    here, before = steps[at_step], steps[at_step - 1]
    mine, theirs = place(history, here), place(history, before)
    if mine is not None and theirs is not None and mine != theirs:
        return mine < theirs
    names = [identity(step) for step in steps]
    return names.index(identity(here)) < names.index(identity(before))


def arrival(history: History, steps: Sequence[Deployment], it: Change) -> tuple[str, str | None]:
    """State of a change, and the id of the deployment it is linked to."""
    if not steps:
        return "no_deployment", None
    places = [place(history, step) for step in steps]
    if all(p is None for p in places):
        names = [identity(step) for step in steps]
        reach = [
            i
            for i, step in enumerate(steps)
            if names.index(names[i]) == i and step.deployed_at >= it.merged_at
        ]
        first, hidden = 0, False
    else:
        reach = [i for i, p in enumerate(places) if p is not None and p >= it.position]
        first = next(i for i, p in enumerate(places) if p is not None)
        before = steps[: reach[0]] if reach else steps
        hidden = any(
            place(history, step) is None and step.deployed_at >= it.merged_at for step in before
        )
    if not reach:
        return ("unplaced" if hidden else "waiting"), None
    step = steps[reach[0]]
    if reach[0] == first:
        return "baseline", step.id
    if hidden:
        return "unplaced", step.id
    if it.first_commit_at is None:
        return "no_commit_time", step.id
    return ("negative" if it.first_commit_at > step.deployed_at else "delivered"), step.id


def failures(history: History) -> dict[str, tuple[str, datetime | None]]:
    """Reason and end of the failure of each step that failed."""
    steps = steps_of(history)
    number = {step.id: i for i, step in enumerate(steps)}
    arrived = {c.number: (c, *arrival(history, steps, c)) for c in history.changes}
    found: dict[str, tuple[str, datetime | None]] = {}
    for i, step in enumerate(steps):
        if is_rollback(history, steps, i):
            found.setdefault(steps[i - 1].id, ("rollback", step.deployed_at))
    reverts, hotfixes = [], []
    for it, state, fix in arrived.values():
        if state not in KNOWN or fix is None:
            continue
        fixed_at, i = steps[number[fix]].deployed_at, number[fix]
        undone, undone_state, bad = arrived.get(it.reverts, (None, "", None))
        if undone and undone.position < it.position and undone.reverts is None and bad:
            bad_at = steps[number[bad]].deployed_at
            if undone_state in KNOWN and timedelta() < fixed_at - bad_at <= GAP:
                reverts.append((fixed_at, bad))
        is_near = i > 0 and fixed_at - steps[i - 1].deployed_at <= GAP
        if it.is_hotfix and is_near and not is_rollback(history, steps, i - 1):
            hotfixes.append((fixed_at, steps[i - 1].id))
    for reason, blamed in (("revert", reverts), ("hotfix", hotfixes)):
        for fixed_at, bad in sorted(blamed):
            found.setdefault(bad, (reason, fixed_at))
    return found | incident_failures(history, steps)


def incident_failures(
    history: History, steps: Sequence[Deployment]
) -> dict[str, tuple[str, datetime | None]]:
    """The same of what incidents were put down to."""
    ends: dict[str, list[datetime | None]] = {}
    for it in history.incidents:
        for step in causes(history, steps, it):
            ends.setdefault(step, []).append(it.resolved_at)
    return {
        step: ("incident", None if None in found else max(e for e in found if e))
        for step, found in ends.items()
    }


def causes(history: History, steps: Sequence[Deployment], it: Incident) -> list[str]:
    """The step that an incident is put down to, if there is one."""
    named = [step.id for step in steps if step.id == it.deployment]
    if named or is_hash(it.deployment):
        commit = [c for c in history.changes if c.landed_sha == it.deployment]
        return named or [
            step for c in commit for step in bringing(history, steps, c, it.started_at)
        ]
    before = [step for step in steps if step.deployed_at <= it.started_at][-1:]
    return [step.id for step in before if it.started_at - step.deployed_at <= GAP]


def is_hash(named: str | None) -> bool:
    """Whether an incident names a commit: deployments have other names."""
    return named is not None and "@" not in named


def bringing(history: History, steps: Sequence[Deployment], it: Change, by: datetime) -> list[str]:
    """The step that first brought a change, if that is known and was not too late."""
    ends = {step.id: step.deployed_at for step in steps}
    state, step = arrival(history, steps, it)
    itself = next((s.id for s in steps if s.sha == it.landed_sha), None)
    if itself and (step is None or ends[itself] <= ends[step]):
        state, step = KNOWN[0], itself
    return [step] if step and state in KNOWN and ends[step] <= by else []


# --- random histories ---------------------------------------------------------------------------


def random_history(dice: random.Random, name: str) -> History:
    """A few changes and deployments in any order of places, with all that can befall them."""
    habit = dice.choice(["placed", "placed", "mixed", "unknown"])
    count = dice.randint(1, 8)
    minutes = sorted(dice.sample(range(5 * 1440), count))
    changes = [_change(dice, name, n, minutes[n - 1]) for n in range(1, count + 1)]
    ends = dice.sample(range(6 * 1440), dice.randint(0, 9))
    deployments = [_deployment(dice, name, habit, count, end) for end in sorted(ends)]
    incidents = [_incident(dice, name, i, deployments) for i in range(dice.randint(0, 2))]
    return History(name, deployments, changes, incidents)


def _change(dice: random.Random, name: str, number: int, minute: int) -> Change:
    merged_at = START + timedelta(minutes=minute)
    return change(
        number,
        text(merged_at),
        id=f"{name}#{number}",
        repository=name,
        services=(name,),
        landed_sha=landed(name, number),
        first_commit_at=dice.choice([None, merged_at, merged_at, merged_at + timedelta(days=1)]),
        is_hotfix=dice.random() < 0.2,
        reverts=str(dice.randint(1, 8)) if dice.random() < 0.3 else None,
    )


def _deployment(dice: random.Random, name: str, habit: str, count: int, minute: int) -> Deployment:
    number = dice.randint(1, count)
    is_known = habit == "placed" or (habit == "mixed" and dice.random() < 0.7)
    return ran(
        number,
        text(START + timedelta(minutes=minute)),
        id=f"{name}@{minute}",
        service=name,
        repository=name,
        sha=landed(name, number) if is_known else None,
        version=None if is_known else f"build-{number}",
        status=dice.choice(["success"] * 6 + ["failed", "cancelled"]),
    )


def _incident(
    dice: random.Random, name: str, number: int, deployments: Sequence[Deployment]
) -> Incident:
    started_at = START + timedelta(minutes=dice.randint(0, 8 * 1440))
    told = [d.id for d in deployments]
    named = dice.choice([None, *told, *(landed(name, n) for n in range(1, 9))])
    return incident(
        number,
        text(started_at),
        id=f"{name}!{number}",
        service=name,
        resolved_at=dice.choice([None, started_at + timedelta(days=9)]),
        deployment=named,
    )


def text(moment: datetime) -> str:
    """A time as stories tell it."""
    return f"{moment:%Y-%m-%d %H:%M}"


def landed(name: str, number: int) -> str:
    """A commit's hash, different in each repository."""
    return f"{int(name[1:]):07x}{sha(number)[7:]}"


# --- the comparison -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_facts_agree_with_a_plain_reading_of_the_rules(story: Story, seed: int) -> None:
    dice = random.Random(seed)
    told = [random_history(dice, f"s{i}") for i in range(150)]
    facts = story(
        *[[*h.changes, *h.deployments, *h.incidents] for h in told],
        by=Configuration(organisation=Organisation(incident_gap_days=GAP.days)),
    )
    deliveries = facts.snapshot.rows("from change_delivery")
    assert {(r["service"], r["number"]): (r["state"], r["deployment"]) for r in deliveries} == {
        (h.name, str(c.number)): arrival(h, steps_of(h), c) for h in told for c in h.changes
    }
    outcomes = facts.snapshot.rows("from deployment_outcome")
    assert {r["id"]: r["is_rollback"] for r in outcomes if r["excluded"] is None} == {
        step.id: is_rollback(h, steps, i)
        for h in told
        for steps in [steps_of(h)]
        for i, step in enumerate(steps)
    }
    assert {
        r["id"]: (r["failure_reason"], r["recovered_at"]) for r in outcomes if r["is_failed"]
    } == {step: found for h in told for step, found in failures(h).items()}
