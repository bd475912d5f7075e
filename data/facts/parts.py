"""Which facts must be built where only some are asked for, and what must hold of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from data.facts.catalogue import FACTS, fact_sql
from data.facts.checks import invariant_sql, invariants
from data.facts.dialect import PLACES

_READ = re.compile(r"\b(?:from|join)\s+(\w+)")
_COMMENT = re.compile(r"--.*")


def built_for(facts: Iterable[str]) -> frozenset[str]:
    """The facts, those they are made from, and those that the same invariants speak of."""
    built = frozenset({*PLACES, *facts})
    while True:
        more = built.union(*map(made_from, built), *(reads for reads in _held() if reads & built))
        if more == built:
            return built
        built = more


def held_by(built: frozenset[str]) -> list[str]:
    """The invariants that speak of facts that were built; `built_for` gives all or none of each."""
    return [name for name in invariants() if _facts_in(invariant_sql(name)) <= built]


@cache
def made_from(fact: str) -> frozenset[str]:
    """The facts that a fact reads."""
    return _facts_in(fact_sql(fact))


@cache
def _held() -> tuple[frozenset[str], ...]:
    """The facts that each invariant reads."""
    return tuple(_facts_in(invariant_sql(name)) for name in invariants())


def _facts_in(sql: str) -> frozenset[str]:
    """The facts that a statement reads, but `PLACES`, which are always built."""
    return frozenset(_READ.findall(_COMMENT.sub("", sql))) & frozenset(FACTS)
