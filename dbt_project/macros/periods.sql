{# The day n days after d. #}
{% macro add_days(d, n) %}{{ return(adapter.dispatch('add_days', 'peak')(d, n)) }}{% endmacro %}
{% macro duckdb__add_days(d, n) %}cast({{ d }} + cast({{ n }} as integer) as date){% endmacro %}
{% macro spark__add_days(d, n) %}date_add({{ d }}, cast({{ n }} as int)){% endmacro %}

{# Year and month as numbers. #}
{% macro year_of(d) %}cast(extract(year from {{ d }}) as integer){% endmacro %}
{% macro month_of(d) %}cast(extract(month from {{ d }}) as integer){% endmacro %}

{# Bureaus date the register at the end of a year in late December or early January: January belongs to the year before. #}
{% macro register_year(as_of) -%}
    case when {{ month_of(as_of) }} = 1 then {{ year_of(as_of) }} - 1 else {{ year_of(as_of) }} end
{%- endmacro %}

{#
  First day of a period written as people write days, months and quarters: 2024-03, 202403, 2024年3月, 2024/3/5,
  2024Q1, 2024年第一季度. NULL for anything else: one odd cell must not stop the night.
#}
{% macro period_of_text(text) -%}
    {%- set rest = 'substr(' ~ text ~ ', 5)' -%}
    {%- set month = "regexp_extract(" ~ rest ~ ", '^[-/年]?(1[0-2]|0?[1-9])', 1)" -%}
    {%- set day = "regexp_extract(" ~ rest ~ ", '^[-/年]?(1[0-2]|0?[1-9])[-/月]?(3[01]|[12][0-9]|0?[1-9])', 2)" -%}
    {%- set quarter = "translate(regexp_extract(" ~ rest ~ ", '[1-4一二三四]', 0), '一二三四', '1234')" -%}
    case
        when {{ text }} like '%Q%' or {{ text }} like '%q%' or {{ text }} like '%季%' then
            try_cast(concat(
                substr({{ text }}, 1, 4), '-', lpad(cast(3 * try_cast({{ quarter }} as integer) - 2 as string), 2, '0'), '-01'
            ) as date)
        else
            try_cast(concat(
                substr({{ text }}, 1, 4), '-', lpad({{ month }}, 2, '0'), '-',
                lpad(coalesce(nullif({{ day }}, ''), '1'), 2, '0')
            ) as date)
    end
{%- endmacro %}

{# Days from one day to a later one. #}
{% macro days_between(first, last) %}{{ return(adapter.dispatch('days_between', 'peak')(first, last)) }}{% endmacro %}
{% macro duckdb__days_between(first, last) %}cast(datediff('day', {{ first }}, {{ last }}) as integer){% endmacro %}
{% macro spark__days_between(first, last) %}datediff({{ last }}, {{ first }}){% endmacro %}

{# Seconds from one timestamp to a later one. #}
{% macro seconds_between(first, last) %}{{ return(adapter.dispatch('seconds_between', 'peak')(first, last)) }}{% endmacro %}
{% macro duckdb__seconds_between(first, last) %}datediff('second', {{ first }}, {{ last }}){% endmacro %}
{% macro spark__seconds_between(first, last) %}(unix_timestamp({{ last }}) - unix_timestamp({{ first }})){% endmacro %}
