{# Physical sums: nine places, as the deliveries are held. #}
{% macro quantity() %}decimal(38, 9){% endmacro %}

{# Products of a quantity with a factor. #}
{% macro amount() %}decimal(38, 15){% endmacro %}

{# Unrounded ratios and everything that is divided once more. #}
{% macro ratio() %}decimal(38, 18){% endmacro %}

{# Published values. #}
{% macro published() %}decimal(38, 6){% endmacro %}

{# Integers of 38 digits, for division that neither rounds nor overflows. #}
{% macro big_integer() %}{{ return(adapter.dispatch('big_integer', 'peak')()) }}{% endmacro %}
{% macro duckdb__big_integer() %}hugeint{% endmacro %}
{% macro spark__big_integer() %}decimal(38, 0){% endmacro %}
