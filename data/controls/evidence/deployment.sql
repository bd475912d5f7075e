-- One row is one thing to look at of one deployment that was drawn: its record, who asked for and who
-- approved it, what guards the environment, and the changes that it brought with their approvals.
with looked_at as (
    select r.*
    from drawn d
    join deployment_record r
      on r.id = d.id
),
brought as (
    select distinct
        l.id as member,
        c.*
    from looked_at l
    join deployment_change x
      on x.deployment = l.id
    join merged_change c
      on c.id = x.change
)
select
    id as member,
    1 as place,
    'deployment' as part,
    service || ' to ' || environment as what,
    case when triggered_by is not null then [triggered_by] end as who,
    started_at as happened_at,
    concat_ws(
        '; ',
        'asked for',
        status,
        'version ' || version,
        'commit ' || sha,
        commit_place,
        case when is_rollback then 'a rollback' end,
        'left out: ' || excluded
    ) as says,
    url
from looked_at
union all
select
    id,
    2,
    'deployed',
    'in ' || environment || ' since',
    null,
    deployed_at,
    concat_ws(
        '; ',
        case
            when is_failed then 'failed: ' || failure_reason
            when is_failed is null then 'whether it failed is not known'
        end,
        'made good ' || cast(recovered_at as varchar)
    ),
    null
from looked_at
where deployed_at is not null
union all
select
    id,
    3,
    'approval',
    'of the deployment',
    approved_by,
    null,
    case
        when approved_by is null then 'not told'
        when len(approved_by) = 0 then 'none told'
    end,
    null
from looked_at
union all
select
    id,
    4,
    'guard',
    'who may approve in ' || environment,
    reviewers,
    null,
    concat_ws(
        '; ',
        coalesce('approvals required: ' || required_approvals, 'approvals required: not told'),
        case
            when is_self_approval_barred then 'nobody approves what they asked for'
            when not is_self_approval_barred then 'whoever asked may approve'
        end
    ),
    null
from looked_at
union all
select
    member,
    5,
    'change',
    title,
    authors,
    merged_at,
    concat_ws('; ', 'number ' || number, 'landed as ' || landed_sha),
    url
from brought
union all
select
    b.member,
    6,
    'approval of a change',
    b.title,
    case when r.account is not null then [r.account] end,
    r.submitted_at,
    concat_ws(
        '; ',
        r.state,
        case when r.account is null then 'by whom is not told' end,
        case when r.is_by_author then 'by an author of the change' end,
        case
            when r.is_on_head then 'of what landed'
            when r.is_on_head is null then 'whether of what landed is not known'
            else 'not of what landed'
        end
    ),
    r.url
from brought b
join change_review r
  on r.change = b.id
where r.is_approval
   or r.is_approval is null
order by member, place, happened_at, what, who, says
