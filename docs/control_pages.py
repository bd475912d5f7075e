"""The pages of the controls that ship: an overview by clause, and one page for each area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from data.controls.catalogue import Catalogue, catalogue
from data.controls.definition import Control, Exclusion, Kind, Over, Parameter
from data.controls.framework import Framework
from docs.keys import key_table
from docs.table import table

_NOTE = "<!-- Written by `python -m docs.reference`: change the control files, not this page. -->\n"
_INTRODUCTION = """\
A control is a rule, the population it holds for, and a test of each member. Each is one file in
[`data/controls/library/`](../data/controls/library), and reads [facts](facts.md) alone. A member
comes to one of six states: *pass*, *fail*, *error* (the control could not be evaluated), *unknown*
(with the reason), *not applicable*, *manual* (a person answered). A control without members is not
applicable, never passed.

The **pass rate** is passes by passes and fails. **Coverage** is passes and fails by all members in
scope that the control applies to: a pass rate says nothing without it. A waiver lies over a state
and changes none. A failure that rests on something that a source refuses, or never tells, is
unknown, and so is a test's *not applicable*.

A passing control is evidence for a clause, never the verdict on it. The clauses are in
[frameworks](frameworks.md). Parameters are set otherwise under `[control.ID]` in `cairn.toml`.
"""

_OWN = """\
## A control of your own

A file `controls/ID.yaml` in the data folder adds one, without code; its name is its id. A mistake
in it is named with file and line. The population says of each member `id`, `source`, `title`,
`url`, `team` and `repository`, beside them `happened_at` and `local_at` of events, or
`began_after_at`, `began_at` and `ended_at` of states, and what the test needs. The test says
`id`, `state`, `reason` and `detail` of each member once. What is not told is null, and null is
unknown. Both may name `$from_at` and `$until_at`, the ends of the period, and each parameter with
`$` in front. Each member has an id of its own; SQL that has not ended after two minutes is ended,
and `cairn check` names the line of what is wrong.

Period, team, what is left out, and what a source refuses or never tells are reckoned for every
control alike, and not said in its SQL.
"""


def control_pages() -> dict[str, str]:
    """The pages by their path below `docs/`."""
    known = catalogue()
    areas: dict[str, list[Control]] = {}
    for control in known.controls.values():
        areas.setdefault(control.area, []).append(control)
    pages = {_path(area): _area(area, some, known) for area, some in areas.items()}
    return {"controls.md": _overview(known, areas), **pages}


def _overview(known: Catalogue, areas: Mapping[str, Sequence[Control]]) -> str:
    parts = ["# Controls\n", _NOTE, _INTRODUCTION]
    for area, controls in areas.items():
        parts.append(f"## {area.capitalize()}\n\n{_list(area, controls)}")
    parts.append("## By clause\n")
    parts.append(
        "Which controls serve which clause. A clause without one is listed because a reader looks"
        " for it: what it asks for is shown by other means, or not at all.\n"
    )
    parts.extend(_clauses(framework, known) for framework in known.frameworks.values())
    parts.append(_own())
    return "\n".join(parts)


def _own() -> str:
    """How a file is written."""
    parts = {"": Control, "Each of `parameters`": Parameter, "Each of `excluded`": Exclusion}
    tables = [f"{name}\n\n{key_table(model, but=('sha256',))}" for name, model in parts.items()]
    return f"{_OWN}\n" + "\n".join(tables).lstrip()


def _list(area: str, controls: Iterable[Control]) -> str:
    rows = [
        (_link(c, _path(area)), c.title, c.severity, c.frequency, c.kind, c.counts[1])
        for c in controls
    ]
    return table(("control", "what holds", "severity", "performed", "kind", "members"), rows)


def _clauses(framework: Framework, known: Catalogue) -> str:
    served = {
        clause.id: [c for c in known.controls.values() if clause.id in _of(c, framework)]
        for clause in framework.clauses
    }
    groups = {framework.parent(clause) for clause in served}
    rows = [
        (
            f"`{clause.id}`",
            clause.title,
            str(clause.from_ or ""),
            ", ".join(_link(c, _path(c.area)) for c in served[clause.id]),
        )
        for clause in framework.clauses
        if served[clause.id]
    ]
    without = [f"`{name}`" for name, some in served.items() if not some and name not in groups]
    text = f"### {framework.title}\n\n{framework.edition}.\n\n"
    text += (
        table(("clause", "about", "in effect from", "controls"), rows)
        if rows
        else "No control serves it.\n"
    )
    return text + (f"\nWithout a control: {', '.join(without)}.\n" if without else "")


def _of(control: Control, framework: Framework) -> tuple[str, ...]:
    return control.clauses.get(framework.id, ())


def _area(area: str, controls: Iterable[Control], known: Catalogue) -> str:
    parts = [f"# {area.capitalize()}\n", _NOTE, "[All controls](../controls.md)\n"]
    for control in controls:
        parts.extend(_control(control, known))
    return "\n".join(parts)


def _control(control: Control, known: Catalogue) -> Iterator[str]:
    yield f"## {control.id}\n\n**{control.title}**\n\n{_line(control.statement)}\n"
    yield f"*Why.* {_line(control.why)}\n\n*What to do.* {_line(control.fix)}\n"
    yield table(("", ""), list(_facts(control, known)))
    if control.parameters:
        yield table(("parameter", "default", "meaning"), list(_parameters(control)))
    if control.excluded:
        yield table(("left out", "why"), [(e.name, e.why) for e in control.excluded])
    yield _folded("Population", control.population)
    if control.test:
        yield _folded("Test", control.test)
    cases = "".join(f"- {case['name']}\n" for case in control.cases)
    yield f"<details><summary>{len(control.cases)} cases</summary>\n\n{cases}\n</details>\n"


def _facts(control: Control, known: Catalogue) -> Iterator[tuple[str, str]]:
    yield "version", f"{control.version}, severity {control.severity}"
    yield "performed", f"{control.frequency}; older evidence is stale"
    yield "members", _members(control)
    yield "answered by", "a person" if control.kind is Kind.MANUAL else "the data"
    if control.needs:
        yield "needs of the same source", ", ".join(f"`{name}`" for name in control.needs)
    if control.needs_any:
        yield "needs of any source", ", ".join(f"`{name}`" for name in control.needs_any)
    if control.kind is Kind.AUTOMATIC and (control.needs or control.needs_any):
        yield "without that", _WITHOUT[control.absence.value]
    for name, clauses in control.clauses.items():
        yield known.frameworks[name].title, ", ".join(f"`{clause}`" for clause in clauses)
    yield "covers", ", ".join(control.covers)
    yield "owner", control.owner
    yield "source", _line(control.source)


_WITHOUT = {
    "fails": "a fail becomes unknown",
    "passes": "a pass and a fail become unknown",
    "unknown": "it is unknown, and says why",
}


def _members(control: Control) -> str:
    when = {
        Over.EVENTS: "of the period, by the clock of its team",
        Over.STATES: "that there was at any time of the period",
    }
    told = ", ".join(f"`{name}`" for name in control.rows_from)
    seen = f"; seen where a source tells {told}" if told else ""
    return f"each {control.counts[0]} {when[control.over]}{seen}"


def _parameters(control: Control) -> Iterator[tuple[str, str, str]]:
    for name, parameter in control.parameters.items():
        value = parameter.value
        values = value if isinstance(value, tuple) else (value,)
        said = ", ".join(f"`{each}`" for each in values)
        yield f"`{name}`", f"{said} {parameter.unit or ''}".strip(), parameter.meaning


def _folded(title: str, sql: str) -> str:
    return f"<details><summary>{title}</summary>\n\n```sql\n{sql.rstrip()}\n```\n\n</details>\n"


def _link(control: Control, path: str) -> str:
    return f"[{control.id}]({path}#{control.id.lower()})"


def _path(area: str) -> str:
    return f"controls/{'-'.join(area.lower().split())}.md"


def _line(text: str) -> str:
    return " ".join(text.split())
