-- One row is one time that the gates of a version were tried: as good as the worst of its checks.
select
    model,
    version,
    invocation,
    max(checked_at) as checked_at,
    min(url) as url,
    min(source) as source,
    case
        when bool_or(state = 'fail') then 'fail'
        when bool_or(state = 'warn') then 'warn'
        else 'pass'
    end as state
from data_check
where model is not null
  and version is not null
  and kind in ('gate', 'test')
  and state in ('pass', 'warn', 'fail')
group by model, version, invocation
