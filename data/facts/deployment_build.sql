-- One row is one deployment as told: the repository, hash and tag it says it is built from.
with named as (
    select
        d.ordinal,
        k.chain,
        k.timezone,
        d.deployed_at,
        d.service,
        case
            when k.is_configured then k.repository
            else coalesce(d.repository, k.repository)
        end as repository,
        lower(d.sha) as sha,
        bare_version(d.version, d.service) as version
    from told_deployment d
    join delivery_chain k
      on k.service = d.service
     and k.environment = d.environment
),
tag as (
    -- A tag may carry the service's name, and tag or version a `v`: `web/v1.2` is version 1.2.
    select
        t.repository,
        s.service,
        bare_version(t.name, s.service) as version,
        lower(t.sha) as sha,
        t.position,
        row_number() over (
            partition by t.repository, s.service, bare_version(t.name, s.service)
            order by length(t.name) desc, t.name, t.position, t.sha
        ) as rank
    from version t
    join (
        select distinct
            repository,
            service
        from named
        where version is not null
    ) s
      on s.repository = t.repository
)
select
    n.ordinal,
    n.chain,
    n.timezone,
    n.deployed_at,
    n.repository,
    n.sha is not null as is_named,
    t.sha as tag_sha,
    coalesce(n.sha, t.sha) as sha,
    t.position as tag_position
from named n
left join tag t
  on t.repository = n.repository
 and t.service = n.service
 and t.version = n.version
 and t.rank = 1
