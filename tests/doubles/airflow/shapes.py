"""What Airflow 3.3 tells of each thing, and the parameters its lists understand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Item = dict[str, Any]

_RUN_TIMES = ("run_after", "logical_date", "start_date", "end_date", "updated_at")
_BOUNDS = ("gte", "gt", "lte", "lt")

PARAMETERS: dict[str, tuple[str, ...]] = {
    "/api/v2/dags": ("limit", "offset", "order_by", "exclude_stale", "paused", "tags", "owners"),
    "/api/v2/importErrors": ("limit", "offset", "order_by", "filename"),
    "/api/v2/assets": ("limit", "offset", "order_by", "only_active", "dag_ids"),
    "/api/v2/dags/{dag_id}/dagRuns": (
        *("cursor", "limit", "offset", "order_by", "run_type", "state"),
        *(f"{name}_{bound}" for name in _RUN_TIMES for bound in _BOUNDS),
    ),
}
"""Path to those that matter here; the real ones know more."""

POSTED = frozenset({"dag_ids", "dag_run_ids", "task_ids", "state"}) | {
    "order_by",
    "page_limit",
    "page_offset",
}
"""What a posted question for tasks may say; anything else is refused."""


def dag(name: str, at: datetime) -> Item:
    """A DAG that runs each day."""
    return {
        "dag_id": name,
        "dag_display_name": name,
        "is_paused": False,
        "is_stale": False,
        "last_parsed_time": at,
        "last_parse_duration": 0.05,
        "last_expired": None,
        "bundle_name": "dags-folder",
        "bundle_version": None,
        "relative_fileloc": f"{name}.py",
        "fileloc": f"/srv/dags/{name}.py",
        "description": None,
        "timetable_summary": "0 0 * * *",
        "timetable_description": "At 00:00",
        "timetable_partitioned": False,
        "timetable_periodic": True,
        "tags": [],
        "max_active_tasks": 16,
        "max_active_runs": 16,
        "max_consecutive_failed_dag_runs": 0,
        "has_task_concurrency_limits": False,
        "has_import_errors": False,
        "next_dagrun_logical_date": None,
        "next_dagrun_data_interval_start": None,
        "next_dagrun_data_interval_end": None,
        "next_dagrun_run_after": None,
        "allowed_run_types": None,
        "owners": ["airflow"],
        "is_backfillable": True,
        "file_token": "token-of-a-file",
    }


def version(dag_id: str, number: int, at: datetime) -> Item:
    """A version of a DAG."""
    return {
        "id": f"{dag_id}-{number}",
        "version_number": number,
        "dag_id": dag_id,
        "bundle_name": "dags-folder",
        "bundle_version": None,
        "created_at": at,
        "dag_display_name": dag_id,
        "bundle_url": None,
    }


def run(dag_id: str, name: str, at: datetime) -> Item:
    """A run that was asked for at a time and is queued."""
    return {
        "dag_run_id": name,
        "dag_id": dag_id,
        "logical_date": at,
        "queued_at": at,
        "start_date": None,
        "end_date": None,
        "duration": None,
        "data_interval_start": at,
        "data_interval_end": at,
        "run_after": at,
        "last_scheduling_decision": None,
        "run_type": "scheduled",
        "state": "queued",
        "triggered_by": "timetable",
        "triggering_user_name": None,
        "conf": {"handed": "over"},
        "note": None,
        "dag_versions": [version(dag_id, 1, at)],
        "bundle_version": None,
        "dag_display_name": dag_id,
        "partition_key": None,
        "partition_date": None,
    }


def task(of: Item, name: str, number: int) -> Item:
    """A task of a run that was not begun."""
    return {
        "id": f"00000000-0000-7000-8000-{number:012}",
        "task_id": name,
        "dag_id": of["dag_id"],
        "dag_run_id": of["dag_run_id"],
        "map_index": -1,
        "logical_date": of["logical_date"],
        "run_after": of["run_after"],
        "start_date": None,
        "end_date": None,
        "duration": None,
        "state": None,
        "try_number": 0,
        "max_tries": 3,
        "task_display_name": name,
        "dag_display_name": of["dag_display_name"],
        "hostname": "worker",
        "unixname": "airflow",
        "pool": "default_pool",
        "pool_slots": 1,
        "queue": "default",
        "priority_weight": 1,
        "operator": "_PythonDecoratedOperator",
        "operator_name": "@task",
        "queued_when": None,
        "scheduled_when": None,
        "pid": None,
        "executor": None,
        "executor_config": "{}",
        "note": None,
        "rendered_map_index": None,
        "rendered_fields": {"op_args": ["handed over"]},
        "trigger": None,
        "triggerer_job": None,
        "dag_version": of["dag_versions"][-1],
    }


def asset(number: int, name: str, at: datetime) -> Item:
    """An asset that nobody makes or reads."""
    return {
        "id": number,
        "name": name,
        "uri": f"file:///data/{name}",
        "group": "asset",
        "extra": {},
        "created_at": at,
        "updated_at": at,
        "scheduled_dags": [],
        "producing_tasks": [],
        "consuming_tasks": [],
        "aliases": [],
        "watchers": [],
        "last_asset_event": {"id": None, "timestamp": None},
    }


def reference(dag_id: str, at: datetime, task_id: str | None = None) -> Item:
    """What a DAG or a task of it has to do with an asset."""
    of_task = {} if task_id is None else {"task_id": task_id}
    return {"dag_id": dag_id, **of_task, "created_at": at, "updated_at": at}


def import_error(number: int, filename: str, stack_trace: str, at: datetime) -> Item:
    """A file that cannot be read."""
    return {
        "import_error_id": number,
        "timestamp": at,
        "filename": filename,
        "bundle_name": "dags-folder",
        "stack_trace": stack_trace,
    }
