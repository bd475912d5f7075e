-- One row is one account that wrote a part of one change that landed, as far as its host names it.
with bot as (
    select author as account
    from change
    where is_bot
    union
    select author
    from review
    where is_bot
),
wrote as (
    select
        ordinal,
        id as change,
        author as account
    from told_change
    where author is not null
    union
    select
        c.ordinal,
        c.id,
        k.account
    from told_change c
    join (
        select
            source,
            repository,
            change,
            each_of(authors) as account
        from change_commit
        -- Who brings a branch up to date writes no part of the change.
        where not is_merge
    ) k
      on k.source = c.source
     and k.repository = c.repository
     and k.change = c.number
)
select
    w.ordinal,
    w.change,
    w.account,
    -- GitHub tells a machine's account with this ending or without; no person's can have it.
    b.account is not null or right(w.account, 5) = '[bot]' as is_bot
from wrote w
left join bot b
  on b.account = w.account
