-- One row is one event of the audit trail: who did what, when, and who saw it, as sources tell it.
with told as (
    select
        'change.merged' as kind,
        c.id as subject,
        k.observed_at,
        c.merged_at as happened_at,
        coalesce(c.merged_by, case when c.is_direct then c.author end) as actor,
        c.title,
        c.team,
        c.source,
        cast(null as varchar) as before,
        c.landed_sha as after,
        c.url
    from merged_change c
    join change k
      on k.id = c.id
    union all
    select
        'change.pushed',
        c.id,
        k.observed_at,
        c.merged_at,
        null,
        c.title,
        c.team,
        c.source,
        null,
        c.landed_sha,
        c.url
    from merged_change c
    join commit k
      on k.source = c.source
     and k.repository = c.repository
     and k.sha = c.landed_sha
    where c.is_direct
      and c.id not in (select id from change)
    union all
    select
        'change.reviewed',
        v.change,
        r.observed_at,
        v.submitted_at,
        v.account,
        c.title,
        c.team,
        v.source,
        null,
        v.state || coalesce(' at ' || v.sha, ''),
        coalesce(v.url, c.url)
    from change_review v
    join review r
      on r.id = v.id
    join merged_change c
      on c.id = v.change
    union all
    select
        'review.dismissed',
        v.change,
        r.observed_at,
        v.dismissed_at,
        null,
        c.title,
        c.team,
        v.source,
        v.state,
        'dismissed',
        coalesce(v.url, c.url)
    from change_review v
    join review r
      on r.id = v.id
    join merged_change c
      on c.id = v.change
    where v.dismissed_at is not null
    union all
    select
        case
            when d.status <> 'success' then 'deployment.' || d.status
            when d.is_rollback then 'service.rolledback'
            when d.is_baseline then 'service.deployed'
            else 'service.upgraded'
        end,
        d.id,
        t.observed_at,
        d.deployed_at,
        d.triggered_by,
        d.title || ' in ' || d.environment,
        d.team,
        d.source,
        null,
        coalesce(d.version, d.sha),
        d.url
    from deployment_record d
    join deployment t
      on t.id = d.id
    where d.status <> 'running'
    union all
    select
        'deployment.approved',
        d.id,
        t.observed_at,
        d.deployed_at,
        d.approver,
        d.title || ' in ' || d.environment,
        d.team,
        d.source,
        null,
        'approved',
        d.url
    from (
        select
            *,
            each_of(approved_by) as approver
        from deployment_record
    ) d
    join deployment t
      on t.id = d.id
    union all
    select
        'pipelinerun.finished',
        r.id,
        r.observed_at,
        r.finished_at,
        r.triggered_by,
        pipeline_name(r.repository, r.pipeline) || ' ' || r.run,
        o.team,
        r.source,
        null,
        r.result,
        r.url
    from pipeline_run r
    left join owned_pipeline o
      on o.pipeline = pipeline_name(r.repository, r.pipeline)
    where r.finished_at is not null
    union all
    select
        'incident.detected',
        i.id,
        t.observed_at,
        i.started_at,
        null,
        i.title,
        i.team,
        i.source,
        null,
        i.severity,
        i.url
    from incident_cause i
    join incident t
      on t.id = i.id
    union all
    select
        'incident.resolved',
        i.id,
        t.observed_at,
        i.resolved_at,
        null,
        i.title,
        i.team,
        i.source,
        i.severity,
        'resolved',
        i.url
    from incident_cause i
    join incident t
      on t.id = i.id
    where i.resolved_at is not null
    union all
    select
        'model.' || case e.kind
            when 'alias' then 'alias_set'
            when 'stage' then 'stage_set'
            when 'tag' then 'tag_set'
            when 'serving' then 'served'
            else e.kind
        end,
        e.id,
        e.observed_at,
        e.occurred_before_at,
        e.actor,
        e.model || coalesce(' ' || e.version, '') || coalesce(': ' || e.name, ''),
        o.team,
        e.source,
        e.previous,
        coalesce(e.value, e.version),
        e.url
    from model_event e
    left join owned_model o
      on o.model = e.model
    union all
    select
        'protection.changed',
        r.id,
        p.observed_at,
        r.changed_before_at,
        null,
        r.title,
        r.team,
        r.source,
        r.id_before,
        r.what_changed,
        r.url
    from rule_change r
    join protection p
      on p.id = r.id
    union all
    select
        'host.recorded',
        e.id,
        a.observed_at,
        e.happened_at,
        e.actor,
        e.title,
        e.team,
        e.source,
        null,
        coalesce(e.detail, e.sha),
        e.url
    from recorded_event e
    join audit_event a
      on a.id = e.id
    union all
    select
        'artifact.published',
        t.id,
        v.observed_at,
        t.tagged_at,
        null,
        t.title,
        t.team,
        t.source,
        null,
        t.sha,
        t.url
    from release_tag t
    join version v
      on v.id = t.id
)
select
    kind || ':' || subject
        || case when kind in ('change.reviewed', 'review.dismissed', 'deployment.approved')
            then '/' || coalesce(actor, 'nobody') || '@' || coalesce(cast(happened_at as varchar), '')
            else ''
        end as id,
    kind,
    subject,
    observed_at,
    happened_at,
    actor,
    title,
    team,
    source,
    before,
    after,
    url
from told
