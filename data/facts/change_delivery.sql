-- One row is one change of one service on its way into one environment.
select
    c.id || '@' || r.service || '/' || r.environment as id,
    d.id as deployment,
    c.url,
    c.title,
    r.service,
    r.environment,
    r.tier,
    r.team,
    c.repository,
    c.number,
    c.kind,
    c.is_hotfix,
    a.state,
    a.link_method,
    d.url as deployment_url,
    a.merged_at,
    a.deployed_at,
    a.happened_at,
    a.local_at,
    case
        when a.state = 'delivered'
            then unix_seconds(a.deployed_at) - unix_seconds(a.first_commit_at)
    end as lead_seconds,
    case
        when c.opened_at >= a.first_commit_at
            then unix_seconds(c.opened_at) - unix_seconds(a.first_commit_at)
    end as coding_seconds,
    case
        when c.reviewed_at >= c.opened_at
            then unix_seconds(c.reviewed_at) - unix_seconds(c.opened_at)
    end as pickup_seconds,
    case
        when a.merged_at >= c.reviewed_at
            then unix_seconds(a.merged_at) - unix_seconds(c.reviewed_at)
    end as review_seconds,
    case
        when a.state = 'delivered' and a.deployed_at >= a.merged_at
            then unix_seconds(a.deployed_at) - unix_seconds(a.merged_at)
    end as deploy_seconds
from change_arrival a
join told_change c
  on c.ordinal = a.ordinal
join delivery_route r
  on r.route = a.route
left join told_deployment d
  on d.ordinal = a.deployment_ordinal
