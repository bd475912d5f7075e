"""The statements of the index: its table, what is taken into it, what is forgotten."""

from __future__ import annotations

TABLE = """
-- One row is an entry. Times are in UTC; `told` is what is searched, without persons.
create or replace table trail.entry (
    number bigint,
    event varchar,
    kind varchar,
    dated_at timestamp,
    happened_at timestamp,
    observed_at timestamp,
    actor varchar,
    person varchar,
    subject varchar,
    source varchar,
    team varchar,
    title varchar,
    "before" varchar,
    "after" varchar,
    url varchar,
    is_pruned boolean,
    is_readable boolean,
    told varchar
)
"""
INSERT = r"""
-- One row is an entry as the log tells it; of one that is no JSON only number and kind are known.
with read_as_json as (
    select
        *,
        content is null or json_valid(content) as is_readable,
        json_extract_string(
            case when json_valid(content) then content end,
            ['$.happened_at', '$.observed_at', '$.actor', '$.data.person', '$.subject', '$.source',
             '$.data.team', '$.data.title', '$.before', '$.after', '$.url']
        ) as f
    from read
),
worded as (
    select
        *,
        concat_ws(' ', kind, event, f[5], f[6], f[7], f[8], f[9], f[10], f[11]) as words
    from read_as_json
)
insert into trail.entry
select
    number,
    event,
    kind,
    try_cast(dated_at as timestamp),
    try_cast(f[1] as timestamp),
    try_cast(f[2] as timestamp),
    f[3],
    f[4],
    f[5],
    f[6],
    f[7],
    f[8],
    f[9],
    f[10],
    f[11],
    content is null,
    is_readable,
    lower(case
        when contains(words, 'person:')
        then regexp_replace(words, 'person:[0-9a-f]{32}', '', 'g')
        else words
    end)
from worded
"""
FORGET = r"""
-- One row is an entry that tells nothing any more but its id and kind.
update trail.entry
set
    happened_at = null,
    observed_at = null,
    actor = null,
    person = null,
    subject = null,
    source = null,
    team = null,
    title = null,
    "before" = null,
    "after" = null,
    url = null,
    is_pruned = true,
    told = lower(regexp_replace(concat_ws(' ', kind, event), 'person:[0-9a-f]{32}', '', 'g'))
where number in (select number from gone)
  and not is_pruned
"""
