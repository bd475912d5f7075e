-- One row is one review of one change that landed, and what it was worth when that was merged.
with given as (
    select
        v.*,
        c.id as landed,
        c.head_sha,
        c.last_pushed_at,
        c.merged_at,
        a.account is not null as is_by_author,
        v.submitted_at <= c.merged_at as is_before_merge,
        coalesce(v.dismissed_at <= c.merged_at, false) as is_taken_back
    from review v
    join merged_change c
      on c.source = v.source
     and c.repository = v.repository
     and c.number = v.change
    left join change_author a
      on a.change = c.id
     and a.account = v.author
),
superseded as (
    -- Who asked for changes afterwards, before the merge, approves no more.
    select distinct g.id
    from given g
    join given l
      on l.landed = g.landed
     and l.author = g.author
     and l.state = 'changes_requested'
     and l.submitted_at > g.submitted_at
     and l.is_before_merge
     and not l.is_taken_back
    where g.state = 'approved'
)
select
    g.id,
    g.source,
    g.url,
    g.landed as change,
    g.repository,
    g.author as account,
    g.is_bot,
    g.is_by_author,
    g.state,
    g.sha,
    g.submitted_at,
    g.dismissed_at,
    g.merged_at,
    g.is_before_merge,
    case
        when g.state = 'unknown' and g.is_before_merge and not g.is_taken_back then null
        when g.state <> 'approved' or g.is_taken_back or s.id is not null then false
        else g.is_before_merge
    end as is_approval,
    case
        when g.sha is not null and g.head_sha is not null then g.sha = g.head_sha
        else g.submitted_at >= g.last_pushed_at
    end as is_on_head
from given g
left join superseded s
  on s.id = g.id
