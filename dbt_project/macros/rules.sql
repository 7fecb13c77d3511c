{# One row per broken rule of a relation, with how often it is broken: see the test `sound`. #}
{% macro broken_rules(relation, key=[], filled=[], held=[], label='') %}
    {%- set rules = [] -%}
    {%- for column in filled -%}
        {%- do rules.append((column ~ ' is missing', column ~ ' is null')) -%}
    {%- endfor -%}
    {%- for condition in held -%}
        {%- do rules.append(('not so: ' ~ condition, 'not (' ~ condition ~ ')')) -%}
    {%- endfor -%}
    {%- if key %}
    select '{{ label }}repeated: {{ key | join(", ") }}' as broken, count(*) as occurrences
    from (select 1 as one from {{ relation }} group by {{ key | join(', ') }} having count(*) > 1) as repeated
    having count(*) > 0
    {%- if rules %}
    union all
    {%- endif %}
    {%- endif %}
    {%- for text, wrong in rules %}
    select '{{ label }}{{ text | replace("'", "''") }}' as broken, count(*) as occurrences
    from {{ relation }} where {{ wrong }} having count(*) > 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{% endmacro %}
