"""Turns of the writer on a scripted workspace, and everything that is stored, to compare.

What controls and facts come to is not looked at after these turns, so that only a few controls are
evaluated, and of the facts those are built that they and the log read; a test that looks at more
takes `connectors.update` itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors import update as turn
from connectors.update import Update
from data import trail
from data.configuration import Configuration
from data.controls.catalogue import catalogue
from data.controls.compose import composed
from data.controls.examination import Examination
from data.facts.build import FACTS, PUBLISHED
from data.facts.parts import built_for
from data.model import ENTITIES
from data.store.manifest import current_id, snapshot_path, verified_manifest
from data.store.working import Working
from data.store.workspace import Workspace
from tests.connectors.scripted import set_round

Rows = list[dict[str, Any]]


def silent(what: str, done: int, total: int | None) -> None:
    """Progress that nobody reads."""


def sync(workspace: Workspace, round_: int | None = None) -> Update:
    """One `cairn sync`, perhaps after the source went on to its next round."""
    if round_ is not None:
        set_round(workspace, round_)
    with _few():
        return turn.update(workspace, silent)


def rebuild(workspace: Workspace) -> Update:
    """One `cairn rebuild`."""
    with _few():
        return turn.rebuild(workspace, silent)


@contextmanager
def built_alone(facts: Iterable[str]) -> Iterator[None]:
    """Turns inside the block build these facts alone, with what they are made from.

    What a turn looks at to tell whether its snapshot is still good is of these facts too.
    """
    built = built_for(facts)
    known = {
        name: sha for name, sha in turn.definitions().items() if name in built or name not in FACTS
    }
    with ExitStack() as patched:
        patched.enter_context(patch.object(turn, "build", partial(turn.build, facts=built)))
        patched.enter_context(patch.object(turn, "definitions", lambda: known))
        yield


@contextmanager
def _few() -> Iterator[None]:
    with patch.object(Examination, "of", _of_few), built_alone(_read_by_few()):
        yield


@cache
def _read_by_few() -> frozenset[str]:
    """The facts that the first controls read, and those of which the log tells."""
    few = list(catalogue().controls.values())[:_CONTROLS]
    controls = (composed(one, has_team=False).sql for one in few)
    log = (path.read_text(encoding="utf-8") for path in Path(trail.__file__).parent.rglob("*.sql"))
    words = re.findall(r"\w+", " ".join([*controls, *log]))
    return frozenset(words) & frozenset(PUBLISHED)


def _of_few(workspace: Workspace, configuration: Configuration) -> Examination:
    """The first controls alone: what follows a snapshot is written for them as for all, sooner."""
    rules = _of_all(workspace, configuration)
    few = dict(list(rules.known.controls.items())[:_CONTROLS])
    return replace(rules, known=replace(rules.known, controls=few))


_CONTROLS = 5
_of_all = Examination.of


def manifest(workspace: Workspace) -> dict[str, Any]:
    """The manifest of the current snapshot, whose file is whole."""
    return verified_manifest(snapshot_path(workspace, current_id(workspace)))


def content_hash(workspace: Workspace) -> str:
    """The hash over the canonical rows of the working database."""
    with closing(Working(workspace.working)) as working:
        return working.content_hash()


def everything(workspace: Workspace) -> dict[str, Rows]:
    """All rows of the working database with where they come from, and its streams and runs."""
    orders = {**dict.fromkeys(ENTITIES, "id"), "stream": "source, stream", "sync_run": "id, source"}
    with closing(Working(workspace.working)) as working:
        return {
            name: working.connection.sql(f'from "{name}" order by {order}')
            .to_arrow_table()
            .to_pylist()
            for name, order in orders.items()
        }


def configure(workspace: Workspace, old: str, new: str) -> None:
    """Changes the configuration."""
    text = workspace.configuration.read_text()
    assert old in text
    workspace.configuration.write_text(text.replace(old, new, 1))
