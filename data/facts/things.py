"""Which models, pipelines and datasets there are, and who owns each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import duckdb
import pyarrow as pa

from data.configuration import Configuration
from data.facts.ownership import UNOWNED, zone_of
from data.facts.table import create

KINDS = ("model", "pipeline", "dataset")

_NAMES = {
    "model": """
        -- One row is one model that any source tells of.
        select
            name,
            min(url) as url,
            null as repository
        from (
            select name, url from model
            union all
            select model, null from model_version
            union all
            select model, null from model_event
            union all
            select model, null from model_card
            union all
            select model, null from alert where model is not null
            union all
            select model, null from data_check where model is not null
            union all
            select '(not told)', null
            from training_run t
            left join model_version v
              on v.run = t.id
            left join (
                select o.source, o.experiment
                from training_run o
                join model_version v
                  on v.run = o.id
                group by o.source, o.experiment
                having count(distinct v.model) = 1
            ) e
              on e.source = t.source
             and e.experiment = t.experiment
            where v.id is null and e.experiment is null
        ) told
        group by name
        order by name
    """,
    "pipeline": """
        -- One row is one pipeline that any source tells of; those of a repository bear its name.
        select
            name,
            min(url) as url,
            min(repository) as repository
        from (
            select pipeline_name(repository, name) as name, url, repository from pipeline
            union all
            select distinct pipeline_name(repository, pipeline), null, repository from pipeline_run
            union all
            select pipeline, null, null from alert where pipeline is not null
        ) told
        group by name
        order by name
    """,
    "dataset": """
        -- One row is one dataset that any source tells of.
        select
            name,
            min(url) as url,
            null as repository
        from (
            select name, url from dataset
            union all
            select coalesce(dataset, '(not told)'), null
            from data_check
            where kind <> 'drift' and (dataset is not null or model is null)
            union all
            select from_name, null from lineage_edge where from_kind = 'dataset'
            union all
            select to_name, null from lineage_edge where to_kind = 'dataset'
        ) told
        group by name
        order by name
    """,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """A model, pipeline or dataset, and its owner."""

    name: str
    url: str | None
    team: str
    timezone: str
    pattern: str | None


def things(
    connection: duckdb.DuckDBPyConnection, configuration: Configuration, kind: str
) -> list[Thing]:
    """All things of a kind, by name, each with the first pattern that matches it."""
    told = connection.execute(_NAMES[kind]).fetchall()
    return [_owned(configuration, kind, *row) for row in told]


def write_things(
    connection: duckdb.DuckDBPyConnection, into: str, kind: str, found: Sequence[Thing]
) -> None:
    """Creates the table `owned_…` of a kind."""
    rows = [
        {kind: t.name, "url": t.url, "team": t.team, "timezone": t.timezone, "pattern": t.pattern}
        for t in found
    ]
    columns = {name: pa.string() for name in (kind, "url", "team", "timezone", "pattern")}
    create(connection, into, f"owned_{kind}", rows, columns)


def _owned(
    configuration: Configuration, kind: str, name: str, url: str | None, repository: str | None
) -> Thing:
    for team in configuration.team:
        for pattern in team.owns:
            of, _, glob = pattern.partition(":")
            is_named = of == kind and fnmatchcase(name, glob)
            is_of_repository = of == "repo" and fnmatchcase(repository or "", glob)
            if is_named or (is_of_repository and repository is not None):
                return Thing(name, url, team.name, zone_of(configuration, team), pattern)
    return Thing(name, url, UNOWNED, configuration.organisation.timezone, None)
