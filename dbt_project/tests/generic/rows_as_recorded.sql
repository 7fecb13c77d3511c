{#
  On the winning scopes: each feed of `feeds` (name: relation) has, in every scope, as many rows as its delivery was
  recorded with. The reader proves that no two rows of a scope share their key, so this also proves the key of every
  staging model: no row was lost on the way and none came twice.

  Feeds of `kept_up` (name: relation and its column that counts rows) are looked at by the sums kept up of them, so that
  a scope which was left stale is found whenever it was built. Of the others only those with a changed scope are read:
  what was read and counted once has not been touched since.
#}
{% test rows_as_recorded(model, feeds, kept_up={}) %}
{%- set scopes = ref('stg_changed_scopes') -%}
{%- set changed = feeds.keys() | list -%}
{%- if execute -%}
    {%- set found = run_query('select distinct feed from ' ~ scopes) -%}
    {%- set changed = found.columns[0].values() | select('in', feeds) | list | sort -%}
{%- endif -%}
with staged as (
    {%- for feed in changed %}
    select '{{ feed }}' as feed, region, scope, delivery_id, count(*) as row_count
    from {{ feeds[feed] }}
    group by region, scope, delivery_id
    union all
    {%- endfor %}
    {%- for feed, kept in kept_up.items() %}
    select '{{ feed }}' as feed, region, scope, delivery_id, sum({{ kept['rows'] }}) as row_count
    from {{ kept['relation'] }}
    group by region, scope, delivery_id
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

recorded as (
    select feed, region, scope, delivery_id, row_count
    from {{ model }}
    where row_count > 0 and feed in ('{{ (changed + kept_up.keys() | list) | join("', '") }}')
)

select
    coalesce(s.feed, r.feed) as feed,
    coalesce(s.region, r.region) as region,
    coalesce(s.scope, r.scope) as scope,
    r.row_count as recorded,
    s.row_count as found
from staged as s
full outer join recorded as r
    on s.feed = r.feed and s.region = r.region and s.scope = r.scope and s.delivery_id = r.delivery_id
where coalesce(s.row_count, 0) <> coalesce(r.row_count, 0)
{% endtest %}
