"""Writes the reference pages from the declarations they describe, or checks that they match.

`python -m docs.reference` rewrites `docs/reference/` and the pages of controls; with `--check` it
names what differs and exits 1. A metric or a control whose hash changed under the same version is
refused: raise the version, or, if it still means the same (a faster statement, a clearer sentence),
add `--same-meaning`.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from app.cli.main import VERBS, cairn
from connectors.kinds import KINDS, connector_class
from data.configuration.settings import Configuration
from data.controls.catalogue import catalogue
from data.facts.build import FACTS, fact_path, fact_sql
from data.metrics.definition import definitions
from data.model import ENTITIES
from docs.bill_page import bill_page
from docs.control_pages import control_pages
from docs.cost_page import cost_page
from docs.keys import key_table
from docs.said import comment, first_line
from docs.table import table

_FOLDER = Path(__file__).parent
_LOCK = "reference/definitions.lock"
_NOTE = "<!-- Written by `python -m docs.reference`: change the declarations, not this page. -->\n"


def pages() -> dict[str, str]:
    """All pages by their path below `docs/`."""
    return {
        "reference/entities.md": _entities(),
        "reference/facts.md": _facts(),
        "reference/metrics.md": _metrics(),
        "reference/configuration.md": _configuration(),
        "reference/commands.md": _commands(),
        "reference/bills.md": bill_page(),
        "reference/costs.md": cost_page(),
        _LOCK: _lock(),
        **control_pages(),
    }


def main(arguments: Sequence[str]) -> int:
    """Writes or checks; returns the exit code."""
    wrong = []
    changed = [] if "--same-meaning" in arguments else _changed_meanings()
    for name in changed:
        click.echo(
            f"{name} changed under the same version: raise it or say `--same-meaning`", err=True
        )
    if changed:
        return 1
    wanted = pages()
    for path in _left_over(wanted):
        if "--check" in arguments:
            wrong.append(_told(path))
        else:
            path.unlink()
    for name, text in wanted.items():
        path = _FOLDER / name
        if "--check" in arguments:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                wrong.append(_told(path))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in wrong:
        click.echo(f"{name} does not match the code; run `python -m docs.reference`", err=True)
    return 1 if wrong else 0


def _left_over(wanted: Mapping[str, str]) -> list[Path]:
    """Pages of areas that no control is in any more."""
    there = sorted((_FOLDER / "controls").glob("*.md"))
    return [path for path in there if path.relative_to(_FOLDER).as_posix() not in wanted]


def _told(path: Path) -> str:
    return path.relative_to(_FOLDER.parent).as_posix()


def _entities() -> str:
    parts = ["# Canonical entities\n", _NOTE]
    parts.append(
        "Every table also holds `stream`, `observed_at` and `evidence`: the stream it was read"
        " from, when, and the hash of the archived page (`standing`: a gap of the whole stream)."
        " Times are UTC.\n"
    )
    for name, entity in ENTITIES.items():
        parts.append(f"## {name}\n\n{first_line(entity.record)}\n")
        rows = [
            (f"`{c.name}`", c.duckdb_type, "yes" if c.is_nullable else "", c.doc)
            for c in entity.columns
        ]
        parts.append(table(("column", "type", "may be null", "meaning"), rows))
    return "\n".join(parts)


def _facts() -> str:
    parts = ["# Facts\n", _NOTE, "Each is one SELECT in `data/facts/`, built in this order.\n"]
    rows = [(f"[{n}](../../data/facts/{fact_path(n)})", comment(fact_sql(n))) for n in FACTS]
    parts.append(table(("fact", "one row"), rows))
    return "\n".join(parts)


def _metrics() -> str:
    parts = ["# Metrics\n", _NOTE]
    for metric in definitions().values():
        parts.append(f"## {metric.title}\n\n*{metric.question}*\n\n{metric.explanation.strip()}\n")
        rows = [
            ("id", f"`{metric.id}`, version {metric.version}"),
            ("unit", f"{metric.unit.value}; {metric.better} is better"),
            ("kind", metric.kind.value),
            ("rows", f"`{metric.fact}` where `{metric.population}`"),
            ("measure", f"`{metric.measure}`" + (f" per {metric.per}" if metric.per else "")),
            ("spread", f"`{metric.spread}`" if metric.spread else "none"),
            ("band", f"from n = {metric.min_n} and coverage {metric.min_coverage:.0%}"),
            ("covers", ", ".join(metric.covers)),
            ("owner", metric.owner),
            ("source", metric.source.strip()),
        ]
        parts.append(table(("", ""), rows))
        if metric.excluded:
            parts.append(table(("left out", "why"), [(e.name, e.why) for e in metric.excluded]))
    return "\n".join(parts)


def _configuration() -> str:
    parts = ["# cairn.toml\n", _NOTE]
    for name, field in Configuration.model_fields.items():
        model = _model_in(field.annotation)
        if model is None:
            parts.append(f"## [{name}]\n\n{field.description}\n")
            continue
        brackets = f"[[{name}]]" if _is_sequence(field.annotation) else f"[{name}]"
        parts.append(f"## {brackets}\n\n{first_line(model)}\n\n{key_table(model)}")
    for kind in KINDS:
        model = connector_class(kind).Settings
        parts.append(f"## Sources of kind `{kind}`\n\n{first_line(model)}\n\n{key_table(model)}")
        parts.extend(
            f"### [[source.{name}]] of `{kind}`\n\n{first_line(nested)}\n\n{key_table(nested)}"
            for name, nested in _nested(model)
        )
    return "\n".join(parts)


def _commands() -> str:
    context = click.Context(cairn, info_name="cairn", **cairn.context_settings)
    parts = ["# Commands\n", _NOTE, f"```\n{cairn.get_help(context)}\n```\n"]
    for verb in VERBS:
        command = cairn.get_command(context, verb)
        if command is not None:
            parts.extend(_help(verb, command, context))
    return "\n".join(parts)


def _help(
    verb: str, command: click.Command, context: click.Context, depth: int = 2
) -> Iterator[str]:
    """The help of a verb, and of those below it."""
    own = click.Context(command, info_name=verb, parent=context)
    yield f"{'#' * depth} {own.command_path}\n\n```\n{command.get_help(own)}\n```\n"
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from _help(name, below, own, depth + 1)


def _lock() -> str:
    """One line a definition: a changed hash under the same version is a changed meaning."""
    return "".join(f"{name} {version} {sha256}\n" for name, version, sha256 in _defined())


def _defined() -> Iterator[tuple[str, int, str]]:
    """Id, version and hash of each metric and each control that ships."""
    for metric in definitions().values():
        yield metric.id, metric.version, metric.sha256
    for control in catalogue().controls.values():
        yield control.id, control.version, control.sha256


def _changed_meanings() -> list[str]:
    path = _FOLDER / _LOCK
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    locked = {tuple(line.split()[:2]): line.split()[2] for line in lines}
    return [
        name
        for name, version, sha256 in _defined()
        if locked.get((name, str(version)), sha256) != sha256
    ]


def _is_sequence(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (tuple, list)


def _nested(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in model.model_fields.items():
        nested = _model_in(field.annotation)
        if nested is not None:
            yield name, nested
            yield from ((f"{name}.{below}", deeper) for below, deeper in _nested(nested))


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    found = (_model_in(argument) for argument in typing.get_args(annotation))
    return next((model for model in found if model is not None), None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
