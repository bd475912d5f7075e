"""The one statement that a control is evaluated with: what an auditor runs again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.controls.definition import Control, Exclusion, Over

MEMBER = ("id", "source", "title", "url", "team", "repository")
"""What every population says of a member, beside its times."""
PERSON = "person_number"
"""The column that numbers the people whom members are about, without a name."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A statement, and where the control's own SQL stands in it."""

    sql: str
    population_line: int
    """Its first line in the statement, from 1."""
    test_line: int
    """Likewise; 0 without a test."""


def composed(control: Control, *, has_team: bool) -> Composed:
    """Composes the statement: one row is one member, or one that is left out, with its state.

    Parameters it names: `$start`, `$last` (first local day, day after the last), `$from_at`,
    `$until_at` (the same as instants, `$until_at` not after what is known), `$as_of` (until when
    the sources were read), `$team`, `$rows_from`, `$needs`, `$needs_any`, `$stale_at`,
    `$sees_names`, and those of the control.
    """
    head = f"""\
-- Control {control.id}, version {control.version}. One row is one member of the population, or one
-- row that is left out and why.
with told as (
"""
    population = _indented(control.population)
    middle = f"""
),
placed as (
    select
        *,
        {_left_out(control)} as left_out{_person(control)}
    from told
    where {_in_period(control)}{_of_team(has_team)}
),
population as (
    select *
    from placed
    where left_out is null
),
tested as (
"""
    test = _indented(control.test or _NO_TEST)
    sql = head + population + middle + test + _TAIL.format(**_tail(control))
    return Composed(
        sql,
        head.count("\n") + 1,
        (head + population + middle).count("\n") + 1 if control.test else 0,
    )


def counting(control: Control, *, has_team: bool) -> str:
    """Composes a count of the rows that the population tells of in the period, and of nothing else.

    It goes another way than `composed`: what both come to must agree.
    """
    return f"""\
-- Control {control.id}, version {control.version}: how many rows its population tells of.
select count(*) as told
from (
{_indented(control.population)}
) told
where {_in_period(control)}{_of_team(has_team)}
"""


def parts(control: Control) -> dict[str, str]:
    """Statements that are each a part of the control's, by the key of its file, in their order."""
    told = f"with told as (\n{_indented(control.population)}\n)\n"
    found = {
        "population": f"{told}select * from told",
        "excluded": f"{told}select {_left_out(control)} as left_out from told",
    }
    return found | (
        {"person": f"{told}select {control.person} from told"} if control.person else {}
    )


_NO_TEST = """\
select
    id,
    'unknown' as state,
    'not_attested' as reason,
    'nobody has answered for it' as detail
from population"""

_TAIL = """
),
answered as (
    select
        id,
        count(*) as answers,
        min(state) as state,
        min(reason) as reason,
        min(detail) as detail
    from tested
    group by id
),
refused as (
    -- What a member needs and its source refuses, or any where any may tell it: for its repository
    -- or for all, and for a time of the period.
    select
        p.id,
        min(b.reason) as reason,
        min(b.what) as what
    from population p
    join blind_spot b
      on (
        (b.source = p.source and list_contains($needs, b.entity))
        or list_contains($needs_any, b.entity)
     )
     and (b.repository is null or b.repository = p.repository)
     and (b.from_at is null or b.from_at < $until_at)
     and (b.until_at is null or b.until_at > $from_at)
    group by p.id
),
untold as (
    -- What a member needs and its source never tells.
    select
        p.id,
        min(n.entity) as entity
    from population p
    cross join (select unnest($needs) as entity) n
    where p.source in (select source from told_entity)
      and not exists (
        select 1
        from told_entity t
        where t.source = p.source
          and t.entity = n.entity
      )
    group by p.id
),
read as (
    -- When a source was last read of all that a member needs.
    select
        source,
        min(read_at) as read_at
    from told_entity
    where list_contains($rows_from, entity)
       or list_contains($needs, entity)
    group by source
)
select
    {member},
    a.answers,
    a.state as tested_state,
    a.reason as tested_reason,
    a.detail as tested_detail,
    r.reason as refused_reason,
    r.what as refused_what,
    u.entity as untold_entity,
    {later} as is_later,
    {stale} as is_stale
from placed p
left join answered a
  on a.id = p.id
left join refused r
  on r.id = p.id
left join untold u
  on u.id = p.id
left join read d
  on d.source = p.source
order by {moment} desc, p.id
"""


def _tail(control: Control) -> dict[str, str]:
    member = _named(control.names)
    if control.over is Over.EVENTS:
        return {"member": member, "later": "false", "stale": "false", "moment": "p.happened_at"}
    return {
        "member": member,
        # Where the period ends with what is known, what was read last is how it was then.
        "later": "p.began_at >= $until_at and $until_at < $as_of",
        "stale": "p.ended_at is null and d.read_at < $stale_at",
        "moment": "p.began_at",
    }


def _named(names: Sequence[str]) -> str:
    """All columns of a member; those that name people only for a reader who may see them."""
    if not names:
        return "p.*"
    hidden = {"title": "'name hidden'"}
    if "title" in names:  # the address of a person is a name too
        names = (*names, "url")
    lines = ",\n".join(
        f"        case when $sees_names then p.{name} else {hidden.get(name, 'null')} end as {name}"
        for name in names
    )
    return f"p.* replace (\n{lines}\n    )"


def _person(control: Control) -> str:
    """Numbers whom members are about: those of one person share a number."""
    if not control.is_about_people:
        return ""
    who = control.person or "title"
    return f""",
        case
            when {who} is not null then dense_rank() over (order by source, lower({who}))
        end as {PERSON}"""


def _in_period(control: Control) -> str:
    if control.over is Over.EVENTS:
        return "local_at >= $start\n      and local_at < $last"
    # What was first seen after the period may have been so in it, or not.
    return (
        "(began_at < $until_at or began_after_at is null)\n"
        "      and (ended_at is null or ended_at > $from_at)"
    )


def _of_team(has_team: bool) -> str:
    if not has_team:
        return ""
    return "\n      and list_contains((select members from team where team = $team), told.team)"


def _left_out(control: Control) -> str:
    if not control.excluded:
        return "cast(null as varchar)"
    lines = "\n".join(f"            {_reason(each)}" for each in control.excluded)
    return f"case\n{lines}\n        end"


def _reason(exclusion: Exclusion) -> str:
    name = exclusion.name.replace("'", "''")
    return f"when {' '.join(exclusion.when.split())} then '{name}'"


def _indented(sql: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in sql.strip("\n").splitlines())
