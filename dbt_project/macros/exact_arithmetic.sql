{#
  Division of decimals, rounded half to even, the same bits on every engine. `/` gives a double on one engine and rounds
  half up on another, so quotients are computed digit by digit on integers, four digits at a time: a remainder times
  10^4 must stay below 10^38, which holds while the denominator has no more than 34 digits with its places.
  `places` is the number of decimals with which numerator and denominator enter.
#}

{# x as an integer count of its last decimal place. #}
{% macro scaled_integer(x, places) %}{{ return(adapter.dispatch('scaled_integer', 'peak')(x, places)) }}{% endmacro %}

{% macro duckdb__scaled_integer(x, places) -%}
    cast(replace(cast(cast({{ x }} as decimal(38, {{ places }})) as varchar), '.', '') as hugeint)
{%- endmacro %}

{% macro spark__scaled_integer(x, places) -%}
    {%- set number = 'cast(' ~ x ~ ' as decimal(38, ' ~ places ~ '))' -%}
    (cast(floor({{ number }}) as decimal(38, 0)) * cast('1{{ '0' * places }}' as decimal({{ places + 1 }}, 0))
    + cast(cast({{ number }} - floor({{ number }}) as decimal({{ places + 1 }}, {{ places }}))
        * cast('1{{ '0' * places }}' as decimal({{ places + 1 }}, 0)) as decimal(38, 0)))
{%- endmacro %}

{# Whole quotient of two non-negative integers. #}
{% macro whole_quotient(n, d) %}{{ return(adapter.dispatch('whole_quotient', 'peak')(n, d)) }}{% endmacro %}
{% macro duckdb__whole_quotient(n, d) %}(({{ n }}) // ({{ d }})){% endmacro %}
{% macro spark__whole_quotient(n, d) -%}
    cast((({{ n }}) - ({{ n }}) % ({{ d }})) / ({{ d }}) as decimal(38, 0))
{%- endmacro %}

{#
  10^shift × n / d as an integer, half to even; n ≥ 0 and d > 0 are SQL of integers. `shift` is a multiple of 4 or less
  than 4. The quotient's parity is that of its last group of digits, as the groups before are multiplied by 10^4.
#}
{% macro shifted_quotient(n, d, shift) -%}
    {%- set groups = namespace(left=shift, rest=n, sum=[]) -%}
    {%- set last = namespace(digits=whole_quotient(n, d)) -%}
    {%- do groups.sum.append('(' ~ last.digits ~ ') * ' ~ power_of_ten(shift)) -%}
    {%- set groups.rest = '((' ~ n ~ ') % (' ~ d ~ '))' -%}
    {%- for _ in range((shift / 4) | round(0, 'ceil') | int) -%}
        {%- set step = [groups.left, 4] | min -%}
        {%- set groups.left = groups.left - step -%}
        {%- set shifted = '(' ~ groups.rest ~ ' * ' ~ power_of_ten(step) ~ ')' -%}
        {%- set last.digits = whole_quotient(shifted, d) -%}
        {%- do groups.sum.append(last.digits ~ ' * ' ~ power_of_ten(groups.left)) -%}
        {%- set groups.rest = '(' ~ shifted ~ ' % (' ~ d ~ '))' -%}
    {%- endfor -%}
    {{ groups.sum | join(' + ') }}
    + case
        when 2 * {{ groups.rest }} > ({{ d }}) then 1
        when 2 * {{ groups.rest }} = ({{ d }}) then {{ last.digits }} % 2
        else 0
    end
{%- endmacro %}

{% macro power_of_ten(places) %}cast('1{{ '0' * places }}' as {{ big_integer() }}){% endmacro %}

{# An integer count of 10^-places as a decimal. #}
{% macro as_decimal(x, places) -%}
    cast(cast({{ x }} as decimal(38, 0)) * cast('0.{{ '0' * (places - 1) }}1' as decimal({{ places + 1 }}, {{ places }}))
        as decimal(38, {{ places }}))
{%- endmacro %}

{% macro signed_quotient(n, d, shift, result_places, places) -%}
    {%- set n_integer = scaled_integer(n, places) -%}
    {%- set d_integer = scaled_integer(d, places) -%}
    case
        when {{ d }} <> 0 and {{ n }} is not null then
            {{ as_decimal(
                '(case when (' ~ n ~ ' < 0) <> (' ~ d ~ ' < 0) then -1 else 1 end * ('
                ~ shifted_quotient('abs(' ~ n_integer ~ ')', 'abs(' ~ d_integer ~ ')', shift) ~ '))',
                result_places
            ) }}
    end
{%- endmacro %}

{# n / d as decimal(38, 18), half to even; NULL when either is missing or d is 0. #}
{% macro exact_ratio(n, d, places=15) %}{{ signed_quotient(n, d, 18, 18, places) }}{% endmacro %}

{# n / d, or 100 × n / d with percent, as decimal(38, 6), half to even; NULL when either is missing or d is 0. #}
{% macro rounded_ratio(n, d, percent=false, places=15) -%}
    {{ signed_quotient(n, d, 8 if percent else 6, 6, places) }}
{%- endmacro %}

{# x as decimal(38, 6), half to even. #}
{% macro rounded(x, places=15) %}{{ return(adapter.dispatch('rounded', 'peak')(x, places)) }}{% endmacro %}

{#
  A cast rounds halves away from zero, which differs from half to even only where the half is exact and the result odd:
  there the even neighbour is the one towards zero. A tenth of the cost of digits computed one by one.
#}
{% macro duckdb__rounded(x, places) -%}
    {%- set number = 'cast(' ~ x ~ ' as decimal(38, ' ~ places ~ '))' -%}
    {%- set away = 'cast(' ~ number ~ ' as decimal(38, 6))' -%}
    case
        when abs({{ number }} - {{ away }}) = 0.0000005 and {{ away }} % 0.000002 <> 0 then
            {{ away }} - sign({{ number }}) * 0.000001
        else {{ away }}
    end
{%- endmacro %}

{# There the difference of two wide decimals loses its last places. #}
{% macro spark__rounded(x, places) %}{{ rounded_ratio(x, 'cast(1 as decimal(1, 0))', places=places) }}{% endmacro %}
