-- One row is one thing to look at of one change that was drawn, or of the change that a drawn commit
-- landed with: who wrote it, what was pushed last, reviews, checks, merge and deployments.
with looked_at as (
    select
        d.id as member,
        c.id as change
    from drawn d
    join merged_change c
      on c.id = d.id
    union
    select
        d.id,
        k.change
    from drawn d
    join mainline_commit k
      on k.id = d.id
    where k.change is not null
),
landed as (
    select
        l.member,
        c.*
    from looked_at l
    join merged_change c
      on c.id = l.change
),
reviewed as (
    select
        l.member,
        r.*
    from looked_at l
    join change_review r
      on r.change = l.change
),
checked as (
    select
        l.member,
        k.*
    from looked_at l
    join change_check k
      on k.change = l.change
),
counted as (
    -- How many there are of what may be many, and whether its source tells such things at all.
    select
        l.member,
        e.place,
        e.part,
        case
            when e.part = 'reviews' then (select count(*) from reviewed r where r.member = l.member)
            else (select count(*) from checked k where k.member = l.member)
        end as told,
        exists (
            select 1
            from told_entity t
            where t.source = l.source
              and t.entity = e.entity
        ) as is_offered
    from landed l
    cross join (values (4, 'reviews', 'review'), (6, 'checks', 'check_run')) e (place, part, entity)
)
select
    member,
    1 as place,
    'change' as part,
    title as what,
    case when author is not null then [author] end as who,
    opened_at as happened_at,
    concat_ws(
        '; ',
        case when is_direct then 'pushed directly' else 'opened' end,
        'number ' || number,
        case when $sees_names then 'from ' || branch end,  -- often begins with an account
        'into ' || target_branch
    ) as says,
    url
from landed
union all
select
    l.member,
    2,
    'author',
    'wrote a part of it',
    [a.account],
    null,
    case when a.is_bot then 'a machine' end,
    null
from landed l
join change_author a
  on a.change = l.id
union all
select
    member,
    2,
    'author',
    'authors that its host does not name',
    null,
    null,
    case
        when told_commits is null then 'not known: its commits are not told'
        else cast(unnamed_authors as varchar)
    end,
    null
from landed
where unnamed_authors is null
   or unnamed_authors > 0
union all
select
    member,
    3,
    'last push',
    'commit ' || coalesce(head_sha, 'not told'),
    null,
    last_pushed_at,
    case when last_pushed_at is null then 'when is not told' end,
    null
from landed
union all
select
    member,
    place,
    part,
    'how many are told',
    null,
    null,
    case
        when told = 0 and not is_offered then 'none: its source never tells ' || part
        else cast(told as varchar)
    end,
    null
from counted
union all
select
    member,
    5,
    'review',
    'of commit ' || coalesce(sha, 'not told'),
    case when account is not null then [account] end,
    submitted_at,
    concat_ws(
        '; ',
        state,
        case when account is null then 'by whom is not told' end,
        case when is_by_author then 'by an author of the change' end,
        case when is_bot then 'by a machine' end,
        case when dismissed_at is not null then 'taken back ' || cast(dismissed_at as varchar) end,
        case when not is_before_merge then 'after the merge' end,
        case
            when is_approval then 'an approval'
            when is_approval is null then 'whether it approves is not known'
            when state = 'approved' then 'no approval any more'
        end,
        case
            when is_on_head then 'of what landed'
            when is_on_head is null then 'whether of what landed is not known'
            else 'not of what landed'
        end
    ),
    url
from reviewed
union all
select
    member,
    7,
    'check',
    concat_ws(', ', name, 'by ' || reporter),
    null,
    completed_at,
    concat_ws(
        '; ',
        coalesce('at the merge: ' || result_at_merge, 'not begun before the merge, as far as told'),
        'later: ' || result_later
    ),
    url
from checked
union all
select
    member,
    8,
    'merge',
    'landed as ' || coalesce(landed_sha, 'a commit that is not told'),
    case when merged_by is not null then [merged_by] end,
    merged_at,
    concat_ws('; ', 'tickets: ' || array_to_string(tickets, ', '), 'undoes ' || reverts),
    url
from landed
union all
select
    l.member,
    9,
    'deployment',
    d.service || ' to ' || d.environment,
    case when d.triggered_by is not null then [d.triggered_by] end,
    d.deployed_at,
    concat_ws('; ', d.status, 'version ' || d.version, 'commit ' || d.sha),
    d.url
from looked_at l
join deployment_change x
  on x.change = l.change
join deployment_record d
  on d.id = x.deployment
order by member, place, happened_at, what, who, says
