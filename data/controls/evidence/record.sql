-- One row is what a source told of one finding, right, incident, recorded event, release, environment
-- or model that was drawn, and what a review of access decided about the right.
select
    f.id as member,
    1 as place,
    'finding' as part,
    f.rule as what,
    cast(null as varchar[]) as who,
    f.opened_at as happened_at,
    concat_ws(
        '; ',
        f.kind,
        'severity ' || f.severity,
        'state ' || f.state,
        'in ' || f.subject,
        'found by ' || f.tool,
        'mended ' || cast(f.fixed_at as varchar),
        'dismissed ' || cast(f.dismissed_at as varchar),
        'because ' || f.dismissed_reason,
        case when f.is_push_bypassed then 'pushed past the protection' end
    ) as says,
    f.url
from drawn d
join security_issue f
  on f.id = d.id
union all
select
    a.id,
    1,
    'right',
    concat_ws(' ', a.kind, 'in', a.scope),
    case when a.subject is not null then [a.subject] end,
    a.created_at,
    concat_ws(
        '; ',
        'role ' || a.role,
        case when a.is_admin then 'an administrator' end,
        case when a.is_read_only then 'may only read' end,
        'second factor: ' || cast(a.has_two_factor as varchar),
        'last used ' || cast(a.last_used_at as varchar),
        'expires ' || cast(a.expires_at as varchar),
        'seen from ' || cast(a.began_at as varchar),
        'until ' || cast(a.ended_at as varchar)
    ),
    case when $sees_names then a.url end
from drawn d
join access_right a
  on a.id = d.id
union all
select
    a.id,
    2,
    'review of access',
    'review ' || r.review,
    null,
    r.decided_at,
    concat_ws(
        '; ',
        r.decision,
        coalesce('completed ' || cast(r.completed_at as varchar), 'not completed')
    ),
    null
from drawn d
join access_right a
  on a.id = d.id
join access_review_decision r
  on r.source = a.source
 and r.kind = a.kind
 and r.scope = a.scope
 and r.subject = a.subject
union all
select
    i.id,
    1,
    'incident',
    i.title,
    null,
    i.started_at,
    concat_ws(
        '; ',
        i.service,
        'severity ' || i.severity,
        'resolved ' || cast(i.resolved_at as varchar),
        'opened again: ' || cast(i.reopened_count as varchar),
        'put down to ' || i.deployment || ' by ' || i.link_method,
        'put down to no deployment: ' || i.unlinked_reason
    ),
    i.url
from drawn d
join incident_record i
  on i.id = d.id
union all
select
    i.id,
    2,
    'deployment',
    x.service || ' to ' || x.environment,
    case when x.triggered_by is not null then [x.triggered_by] end,
    x.deployed_at,
    concat_ws('; ', x.status, 'version ' || x.version),
    x.url
from drawn d
join incident_record i
  on i.id = d.id
join deployment_record x
  on x.id = i.deployment
union all
select
    e.id,
    1,
    'recorded event',
    e.action,
    case when e.actor is not null then [e.actor] end,
    e.happened_at,
    concat_ws(
        '; ',
        case when $sees_names then e.subject end,
        'commit ' || e.sha,
        case when $sees_names then e.detail end
    ),
    e.url
from drawn d
join recorded_event e
  on e.id = d.id
union all
select
    t.id,
    1,
    'release',
    t.name,
    null,
    t.tagged_at,
    concat_ws(
        '; ',
        'commit ' || t.sha,
        'moving it is barred: ' || coalesce(cast(t.is_move_barred as varchar), 'not told'),
        'deleting it is barred: ' || coalesce(cast(t.is_deletion_barred as varchar), 'not told')
    ),
    t.url
from drawn d
join release_tag t
  on t.id = d.id
union all
select
    g.id,
    1,
    'guard',
    'who may approve in ' || g.environment,
    g.reviewers,
    g.began_at,
    concat_ws(
        '; ',
        'approvals required: ' || coalesce(cast(g.required_approvals as varchar), 'not told'),
        'protected branches alone: '
            || coalesce(cast(g.is_limited_to_protected_branches as varchar), 'not told'),
        'own approval barred: ' || coalesce(cast(g.is_self_approval_barred as varchar), 'not told')
    ),
    g.url
from drawn d
join environment_guard g
  on g.id = d.id
union all
select
    m.id,
    1,
    'model',
    concat_ws(' ', m.model, m.version),
    case when m.owner is not null then [m.owner] end,
    m.began_at,
    concat_ws(
        '; ',
        'class of risk: ' || coalesce(m.risk_class, 'not told'),
        'description: ' || coalesce(m.description, 'not told')
    ),
    m.url
from drawn d
join production_model m
  on m.id = d.id
order by member, place, happened_at, what, who, says
