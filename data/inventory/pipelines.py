"""The pipelines there are, and of one of them its runs, its stretches of data and its checks."""

from __future__ import annotations

import pyarrow as pa

from data.inventory.window import asked, days, within
from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.period import Window
from data.store.snapshot import Snapshot


def pipelines(snapshot: Snapshot, scope: Scope, window: Window) -> pa.Table:
    """The pipelines of a team, or the one that is named, by name, with what befell them."""
    condition = scope.condition("o", Subject.PIPELINE, has_environment=False)
    return asked(
        snapshot,
        f"""
        -- One row is one pipeline: the newest run that counts, and runs and checks in the window.
        with newest as (
            select
                pipeline,
                arg_max(kind, (happened_at, id)) as kind,
                max(happened_at) as last_at,
                arg_max(result, (happened_at, id)) as last_result,
                arg_max(url, (happened_at, id)) as last_url
            from pipeline_outcome
            where excluded is null
            group by pipeline
        ),
        ran as (
            select
                pipeline,
                count(*) filter (where result = 'success' and is_flaky is not null) as judged,
                count(*) filter (where is_flaky) as flaky
            from pipeline_outcome r
            where excluded is null
              and {within("r")}
            group by pipeline
        ),
        missed as (
            select
                pipeline,
                count(*) filter (where not has_run) as without_run
            from pipeline_slot s
            where coalesce(excluded, '') <> 'not due'
              and {within("s")}
            group by pipeline
        ),
        checked as (
            select
                pipeline,
                count(*) filter (where state = 'pass') as passed,
                count(*) filter (where state = 'warn') as warned,
                count(*) filter (where state = 'fail') as failed,
                count(*) filter (where state in ('error', 'skipped')) as not_made
            from data_check_outcome k
            where {within("k")}
            group by pipeline
        )
        select
            o.pipeline,
            o.team,
            o.pattern,
            o.url,
            n.kind,
            n.last_at,
            n.last_result,
            n.last_url,
            coalesce(r.judged, 0) as judged,
            coalesce(r.flaky, 0) as flaky,
            coalesce(m.without_run, 0) as without_run,
            e.freshness_seconds,
            k.passed,
            k.warned,
            k.failed,
            k.not_made
        from owned_pipeline o
        left join newest n
          on n.pipeline = o.pipeline
        left join ran r
          on r.pipeline = o.pipeline
        left join missed m
          on m.pipeline = o.pipeline
        left join pipeline_setting e
          on e.pipeline = o.pipeline
        left join checked k
          on k.pipeline = o.pipeline
        where {condition}
        order by o.pipeline
        """,
        scope,
        window,
    )


def runs(snapshot: Snapshot, pipeline: str, window: Window, most: int) -> pa.Table:
    """The runs of a pipeline in a window, the newest first; `found` counts all."""
    return snapshot.query(
        f"""
        -- One row is one run, as its last attempt ended.
        select
            run,
            url,
            result,
            is_flaky,
            excluded,
            attempts,
            slot_at,
            happened_at,
            duration_seconds,
            recovery_seconds,
            is_first_failure,
            event,
            branch,
            count(*) over () as found
        from pipeline_outcome r
        where pipeline = $pipeline
          and {within("r")}
        order by happened_at desc, id
        limit {most:d}
        """,
        {"pipeline": pipeline, **days(window)},
    )


def late_slots(snapshot: Snapshot, pipeline: str, window: Window, most: int) -> pa.Table:
    """Stretches of data that nothing ran for, or that were not there in time, newest first."""
    return snapshot.query(
        f"""
        -- One row is one stretch that was missed, or late by the agreed time.
        select
            slot_at,
            due_at,
            done_at,
            has_run,
            delay_seconds,
            url,
            count(*) over () as found
        from pipeline_slot s
        where pipeline = $pipeline
          and coalesce(excluded, '') <> 'not due'
          and (not has_run or (excluded is null and not is_met))
          and {within("s")}
        order by slot_at desc
        limit {most:d}
        """,
        {"pipeline": pipeline, **days(window)},
    )


def checks(snapshot: Snapshot, scope: Scope, subject: Subject, window: Window) -> pa.Table:
    """The checks that a pipeline makes, or those of the datasets of a scope, worst first."""
    mine = (
        "k.pipeline = $pipeline"
        if subject is Subject.PIPELINE
        else scope.condition("k", Subject.DATASET, has_environment=False)
    )
    return asked(
        snapshot,
        f"""
        -- One row is one check of one dataset, with what it came to in the window.
        select
            dataset,
            coalesce(feature || ': ', '') || name as check_name,
            kind,
            arg_max(state, (checked_at, id)) as last_state,
            max(checked_at) as last_at,
            count(*) filter (where state = 'pass') as passed,
            count(*) filter (where state = 'warn') as warned,
            count(*) filter (where state = 'fail') as failed,
            count(*) filter (where state = 'error') as errors,
            count(*) filter (where state = 'skipped') as skipped,
            max(checked_at) filter (where state = 'fail') as failed_at,
            arg_max(message, (checked_at, id)) as message,
            arg_max(url, (checked_at, id)) as url
        from data_check_outcome k
        where {mine}
          and {within("k")}
        group by dataset, coalesce(feature || ': ', '') || name, kind
        order by failed desc, errors desc, warned desc, dataset, check_name
        limit 500
        """,
        scope,
        window,
    )
