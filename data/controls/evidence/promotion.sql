-- One row is one thing to look at of one promotion that was drawn, or of one version that served
-- production: who brought it there, how it was made, its gate, its evaluations, and its approval.
with promoted as (
    select p.*
    from drawn d
    join model_promotion p
      on p.id = d.id
),
looked_at as (
    -- Of a promotion what was known when it was made.
    select
        id as member,
        source,
        model,
        version,
        promoted_at as until_at
    from promoted
    union all
    select
        v.id,
        v.source,
        v.model,
        v.version,
        v.ended_at
    from drawn d
    join production_version v
      on v.id = d.id
)
select
    id as member,
    1 as place,
    'promotion' as part,
    concat_ws(' ', model, version, 'to', environment) as what,
    case when actor is not null then [actor] end as who,
    promoted_at as happened_at,
    concat_ws(
        '; ',
        coalesce('in place of ' || version_before, 'the first'),
        'by the rule ' || rule,
        'at the earliest ' || cast(promoted_after_at as varchar),
        case when is_rollback then 'a rollback' end
    ) as says,
    url
from promoted
union all
select
    id,
    2,
    'training',
    'run ' || coalesce(run, 'not told'),
    case when author is not null then [author] end,
    trained_at,
    concat_ws(
        '; ',
        case
            when has_commit is null then 'whether its commit is noted is not known'
            when has_commit then 'its commit is noted'
            else 'its commit is not noted'
        end,
        'lacks: ' || proof_lacks,
        'not told: ' || proof_not_told
    ),
    run_url
from promoted
union all
select
    v.id,
    2,
    'training',
    'run ' || coalesce(v.run, 'not told'),
    null,
    v.trained_at,
    concat_ws('; ', 'commit ' || v.sha, 'image ' || v.image, 'lacks: ' || v.lineage_lacks),
    v.run_url
from drawn d
join production_version v
  on v.id = d.id
union all
select
    id,
    3,
    'gate',
    'the first try: ' || coalesce(first_gate_state, 'not told'),
    null,
    first_gate_at,
    concat_ws(
        '; ',
        coalesce('passed ' || cast(gate_passed_at as varchar), 'never passed, as far as told'),
        'lacks: ' || gate_lacks,
        'not told: ' || gate_not_told
    ),
    null
from promoted
union all
select
    l.member,
    4,
    'evaluation',
    e.metric,
    null,
    e.evaluated_at,
    concat_ws(
        '; ',
        cast(e.value as varchar),
        'on ' || e.dataset,
        case
            when e.is_held_out then 'held out of the training'
            when e.is_held_out is null then 'whether held out of the training is not known'
            else 'not held out of the training'
        end
    ),
    e.url
from looked_at l
join version_evaluation e
  on e.source = l.source
 and e.model = l.model
 and e.version = l.version
 and (e.evaluated_at is null or l.until_at is null or e.evaluated_at <= l.until_at)
union all
select
    id,
    5,
    'approval',
    'of the promotion',
    case when approved_by is not null then [approved_by] end,
    approved_at,
    case
        when is_approved is null then 'whether it was approved is not known'
        when not is_approved then 'none'
        when is_segregated then 'by other than its author'
        when is_segregated is null then 'whether by other than its author is not known'
        else 'by its author'
    end,
    null
from promoted
order by member, place, happened_at, what, who, says
