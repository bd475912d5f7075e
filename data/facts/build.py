"""Builds a snapshot: inputs, facts in their order, what pages show beside them, invariants."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from data.configuration import Configuration
from data.facts.checks import InvariantBroken, check_invariants
from data.facts.dialect import PLACES, forget, speak, tell_changes
from data.facts.inputs import write_inputs
from data.store.streams import known_until

__all__ = ["FACTS", "PUBLISHED", "InvariantBroken", "build", "definitions", "fact_path", "fact_sql"]

_FOLDER = Path(__file__).parent

FACTS = (
    *PLACES,
    "owned_service",
    "delivery_chain",
    "local_day",
    "deployment_build",
    "deployment_commit",
    "deployment_told_again",
    "deployment_attempt",
    "deployment_step",
    "service_watch",
    "change_told_again",
    "change_service",
    "change_elsewhere",
    "delivery_route",
    "route_arrival",
    "change_direct",
    "change_arrival",
    "change_delivery",
    "change_undoing",
    "incident_commit",
    "incident_cause",
    "deployment_mend",
    "deployment_outcome",
    "registry_known",
    "registry_ruling",
    "model_pointing",
    "model_serving",
    "alert_told_again",
    "model_trouble",
    "model_trouble_watch",
    "gate_attempt",
    "model_gate",
    "model_signal",
    "promotion_clearance",
    "model_proof",
    "model_promotion",
    "training_outcome",
    "model_knowledge",
    "model_watch",
    "model_gate_watch",
    "training_watch",
    "model_served_day",
    "model_day_drift",
    "model_day_measure",
    "model_day",
    "model_stretch",
    "model_version_metric",
    "model_version_origin",
    "model_inventory",
    "thing_watch",
    "pipeline_watch",
    "pipeline_outcome",
    "pipeline_change",
    "pipeline_change_watch",
    "pipeline_slot",
    "dataset_watch",
    "dataset_node",
    "data_check_outcome",
    "lineage_link",
    "lineage_node",
    "alert_watch",
    "objective_watch",
    "utilisation_watch",
    "alert_outcome",
    "model_failure",
    "indicator_day",
    "objective_burn",
    "owned_measure",
    "imported_measure",
    "cost_day",
    "measure_watch",
    "offered_entity",
    "told_entity",
    "blind_spot",
    "host_repository",
    "change_author",
    "merged_change",
    "mainline_commit",
    "change_review",
    "change_check",
    "rule_stretch",
    "mainline_rule",
    "rule_change",
    "environment_guard",
    "deployment_record",
    "deployment_change",
    "release_tag",
    "security_issue",
    "access_right",
    "host_setting",
    "recorded_event",
    "workflow_use",
    "model_card_told",
    "production_model",
    "production_version",
    "version_evaluation",
    "production_service",
    "incident_record",
)
"""The facts, each built from those before it."""

PUBLISHED = {
    "owned_service": "service",
    "service_watch": "service, environment",
    "change_elsewhere": "repository",
    "change_delivery": "local_at",
    "incident_cause": "started_at, id",
    "deployment_outcome": "local_at",
    "model_watch": "model, environment",
    "model_gate": "local_at",
    "model_gate_watch": "model, environment",
    "model_promotion": "local_at",
    "training_outcome": "local_at",
    "training_watch": "model, environment",
    "model_failure": "local_at",
    "model_day": "local_at",
    "model_stretch": "model, environment, began_at",
    "model_version_metric": "model, number, version, metric, measured_in, role",
    "model_version_origin": "model, number, version, source",
    "model_inventory": "model, source",
    "pipeline_watch": "pipeline",
    "pipeline_outcome": "local_at",
    "pipeline_change": "local_at, id",
    "pipeline_change_watch": "pipeline",
    "pipeline_slot": "local_at",
    "dataset_watch": "dataset",
    "dataset_node": "dataset",
    "data_check_outcome": "local_at",
    "lineage_link": "to_kind, to_name, from_kind, from_name",
    "lineage_node": "kind, name",
    "alert_watch": "service, environment",
    "objective_watch": "service, environment",
    "utilisation_watch": "service, environment",
    "alert_outcome": "local_at",
    "indicator_day": "local_at",
    "objective_burn": "local_at, id",
    "owned_measure": "measure, team",
    "imported_measure": "local_at",
    "cost_day": "local_at, id",
    "measure_watch": "measure, team",
    "told_entity": "source, entity",
    "blind_spot": "id",
    "host_repository": "repository",
    "change_author": "change, account",
    "merged_change": "local_at, id",
    "mainline_commit": "local_at, id",
    "change_review": "change, submitted_at, id",
    "change_check": "change, name, reporter",
    "rule_stretch": "repository, kind, target, began_at, id",
    "mainline_rule": "repository, began_at, id",
    "rule_change": "local_at, id",
    "environment_guard": "id",
    "deployment_record": "local_at, id",
    "deployment_change": "deployment, change",
    "release_tag": "local_at, id",
    "security_issue": "local_at, id",
    "access_right": "id",
    "host_setting": "id",
    "recorded_event": "local_at, id",
    "workflow_use": "id",
    "model_card_told": "id",
    "production_model": "model, source, began_at",
    "production_version": "model, source, began_at, id",
    "version_evaluation": "model, source, version, metric, evaluated_at, id",
    "production_service": "service",
    "incident_record": "local_at, id",
}
"""The facts that a snapshot keeps, and the order of their rows. The others go when it is built."""

_COPIES = {
    "repository": "select * from repository order by name",
    "gap": "select * from gap order by source, stream, reason, id",
    "stream": "select * from stream order by source, stream",
    "offer": "select * from offer order by source, kind, entity",
    "sync_run": "select * from sync_run order by started_at desc, source limit 1000",
}


@cache
def fact_sql(name: str) -> str:
    """The SELECT that defines a fact."""
    return _files()[name].read_text(encoding="utf-8")


def fact_path(name: str) -> str:
    """Where the SELECT of a fact lies, below this folder."""
    return _files()[name].relative_to(_FOLDER).as_posix()


@cache
def _files() -> dict[str, Path]:
    """Where each fact is defined: in this room or in a smaller one beside."""
    return {path.stem: path for path in (*_FOLDER.glob("*.sql"), *_FOLDER.glob("governance/*.sql"))}


@cache
def definitions() -> dict[str, str]:
    """SHA-256 of each fact's SQL, and of all that is around: inputs, dialect, invariants."""
    around = sorted([*_FOLDER.glob("*.py"), *_FOLDER.glob("invariants/*.sql")])
    texts = {name: fact_sql(name) for name in FACTS}
    texts["around"] = "".join(path.read_text(encoding="utf-8") for path in around)
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}


def build(
    connection: duckdb.DuckDBPyConnection, into: str, configuration: Configuration
) -> dict[str, Any]:
    """Fills the attached database `into` from the working database.

    Returns:
        The manifest: sources with high-water marks, row counts, definition and configuration
        hashes.

    Raises:
        InvariantBroken: naming the invariant and the first row against it.
    """
    working = connection.execute("select current_database()").fetchall()[0][0]
    try:
        speak(connection)
        write_inputs(connection, into, configuration)
        for name, select in _COPIES.items():
            connection.execute(f"create table {into}.{name} as {select}")
        connection.execute(f"set search_path = '{into}.main,{working}.main'")
        for name in FACTS:
            _create(connection, into, name)
            if name == PLACES[-1]:
                tell_changes(connection)
        check_invariants(connection)
        return _manifest(connection, into, configuration)
    finally:
        connection.execute(f"set search_path = '{working}.main'")
        forget(connection)
        for name in FACTS:
            if name not in PUBLISHED:
                connection.execute(f"drop table if exists temp.main.{name}")


def _create(connection: duckdb.DuckDBPyConnection, into: str, name: str) -> None:
    if name in PUBLISHED:
        connection.execute(
            f"create table {into}.{name} as from ({fact_sql(name)}) order by {PUBLISHED[name]}"
        )
    else:
        connection.execute(f"create or replace temp table {name} as {fact_sql(name)}")


def _manifest(
    connection: duckdb.DuckDBPyConnection, into: str, configuration: Configuration
) -> dict[str, Any]:
    sources = connection.sql(
        f"""
        select
            source,
            min(complete_until) as complete_until,
            max(read_at) as read_at
        from {into}.stream
        group by source
        order by source
        """
    ).to_arrow_table()
    marks = [
        {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()}
        for row in sources.to_pylist()
    ]
    return {
        "as_of": known_until(connection).isoformat(),
        "sources": marks,
        "rows": _counts(connection, into),
        "facts": definitions(),
        "configuration": configuration.sha256,
        "organisation": configuration.organisation.name,
    }


def _counts(connection: duckdb.DuckDBPyConnection, into: str) -> dict[str, int]:
    tables = connection.execute(
        "select table_name, estimated_size from duckdb_tables() where database_name = ? order by 1",
        [into],
    ).fetchall()
    return {
        name: connection.execute(f'select count(*) from {into}."{name}"').fetchall()[0][0]
        for name, _ in tables
    }
