-- One row is one attempt to deploy: what it was, whether it failed, and when that was mended.
with incident_of as (
    select
        deployment,
        min(link_method) as link_method,
        min(url) as url,
        case when count(*) = count(resolved_at) then max(resolved_at) end as resolved_at
    from incident_cause
    where deployment is not null
    group by deployment
),
watched_source as (
    -- Whose incidents are told by the repository knows nothing of others.
    select distinct source
    from incident
    where stream not like 'incidents:%'
),
incident_stream as (
    -- Where incidents of a repository are told there may be none, and that is known.
    select
        o.service,
        s.complete_from
    from owned_service o
    join repository r
      on r.name = o.repository
    join stream s
      on s.source = r.source
     and s.stream = 'incidents:' || r.host_id
),
watched_service as (
    select
        service,
        max(complete_from) as from_at
    from (
        select
            i.service,
            s.complete_from
        from incident i
        left join stream s
          on s.source = i.source
         and s.stream = i.stream
        where i.service is not null
        union all
        select
            service,
            complete_from
        from incident_stream
    ) told
    group by service
),
mended as (
    select
        *,
        row_number() over (
            partition by mended_ordinal
            order by
                case reason when 'rollback' then 1 when 'revert' then 2 else 3 end,
                mended_at,
                url
        ) as rank
    from deployment_mend
    where mended_ordinal is not null
),
mending as (
    -- A step that is several of these is named by the strongest.
    select
        ordinal,
        max(case when reason = 'rollback' then 1 else 0 end) as is_rollback,
        max(case when reason = 'hotfix' then 1 else 0 end) as is_hotfix
    from deployment_mend
    group by ordinal
),
partly_read as (
    -- Since when changes are known, where a source is still being read backwards.
    select
        t.service,
        max(s.complete_from) as from_at
    from change_service t
    join told_change c
      on c.ordinal = t.ordinal
    join stream s
      on s.source = c.source
     and s.stream = c.stream
    where s.complete_from is not null
    group by t.service
),
traced as (
    select
        t.service,
        p.from_at
    from (
        select distinct service
        from change_service
    ) t
    left join partly_read p
      on p.service = t.service
),
judged as (
    select
        a.ordinal,
        a.chain,
        a.local_at,
        a.repository,
        a.sha,
        a.position_method,
        s.ordinal is not null as is_step,
        coalesce(s.is_baseline, false) as is_baseline,
        coalesce(s.is_rollback, false) as is_rollback,
        m.reason,
        m.mended_at,
        m.url as mend_url,
        case
            when r.is_rollback = 1 then 'rollback'
            when r.is_hotfix = 1 then 'hotfix'
            when r.ordinal is not null then 'revert'
        end as rework_reason
    from deployment_attempt a
    left join deployment_step s
      on s.ordinal = a.ordinal
    left join mended m
      on m.mended_ordinal = a.ordinal
     and m.rank = 1
    left join mending r
      on r.ordinal = a.ordinal
)
select
    d.id,
    d.source,
    d.url,
    d.title,
    d.service,
    d.environment,
    k.tier,
    k.team,
    j.repository,
    j.sha,
    d.version,
    d.status,
    d.started_at,
    d.deployed_at,
    d.deployed_at as happened_at,
    j.local_at,
    j.position_method,
    j.is_baseline,
    j.is_rollback,
    ws.source is not null
        or (wv.service is not null and d.deployed_at >= coalesce(wv.from_at, d.deployed_at))
        as is_watched,
    tr.service is not null and d.deployed_at >= coalesce(tr.from_at, d.deployed_at) as is_traced,
    case
        when d.status <> 'success' then 'not deployed'
        when not j.is_step then 'same version again'
    end as excluded,
    i.deployment is not null or j.reason is not null as is_failed,
    case when i.deployment is not null then 'incident' else j.reason end as failure_reason,
    case
        when i.deployment is not null then i.link_method
        when j.reason = 'rollback' then 'next deployment'
        when j.reason = 'revert' then 'reverting change'
        when j.reason = 'hotfix' then 'hotfix change'
    end as link_method,
    case when i.deployment is not null then i.url else j.mend_url end as failure_url,
    case when i.deployment is not null then i.resolved_at else j.mended_at end as recovered_at,
    case
        when i.deployment is not null and i.resolved_at >= d.deployed_at
            then unix_seconds(i.resolved_at) - unix_seconds(d.deployed_at)
        when i.deployment is null and j.mended_at >= d.deployed_at
            then unix_seconds(j.mended_at) - unix_seconds(d.deployed_at)
    end as recovery_seconds,
    j.rework_reason is not null as is_rework,
    j.rework_reason
from judged j
join told_deployment d
  on d.ordinal = j.ordinal
join delivery_chain k
  on k.chain = j.chain
left join incident_of i
  on i.deployment = d.id
left join watched_source ws
  on ws.source = d.source
left join watched_service wv
  on wv.service = d.service
left join traced tr
  on tr.service = d.service
