{#
  The seeds in one query: plan, targets, parameters, products and units are edited by people, so each night looks again.
  No two rows of a seed share `key`, no column of `filled` is missing. One row per broken rule, as in the test `sound`.
#}
{{ config(fail_calc='coalesce(sum(occurrences), 0)') }}
{%- set rules = {
    'plan_indicators': {'key': ['code'], 'filled': ['code']},
    'plan_formulas': {'key': ['indicator', 'method'], 'filled': ['indicator', 'method', 'kind', 'formula_zh', 'formula_en', 'scale']},
    'plan_targets': {'key': ['plan', 'indicator', 'target_year', 'level'], 'filled': ['plan', 'indicator', 'level', 'kind', 'method', 'source']},
    'plan_regions': {'key': ['region'], 'filled': ['region']},
    'plans': {'key': ['plan'], 'filled': ['plan']},
    'plan_clauses': {'key': ['plan', 'clause'], 'filled': ['plan', 'clause', 'title']},
    'plan_clause_agencies': {'key': ['plan', 'clause', 'agency', 'role'], 'filled': ['agency', 'role']},
    'plan_indicator_agencies': {'key': ['plan', 'indicator', 'agency', 'role'], 'filled': ['indicator', 'agency', 'role']},
    'plan_reductions': {'key': ['indicator', 'method']},
    'indicator_feeds': {'key': ['indicator', 'feed'], 'filled': ['indicator', 'feed']},
    'ref_feeds': {'key': ['feed'], 'filled': ['feed']},
    'ref_energy_products': {'key': ['code'], 'filled': ['code', 'tce_per_unit', 'citation']},
    'ref_units': {'key': ['unit'], 'filled': ['unit']},
    'ref_unit_spellings': {'key': ['spelling'], 'filled': ['unit', 'spelling']},
    'ref_parameters': {'key': ['region', 'year', 'parameter'], 'filled': ['region', 'year', 'parameter', 'value', 'source']},
    'ref_co2_factors': {'key': ['factor_set', 'item'], 'filled': ['factor', 'citation']},
    'ref_factor_sets': {'key': ['factor_set'], 'filled': ['factor_set']},
    'ref_constants': {'key': ['name'], 'filled': ['name', 'value', 'citation']},
    'ref_waste_routes': {'key': ['route'], 'filled': ['route']},
    'ref_carriages': {'key': ['carriage'], 'filled': ['carriage']},
    'ref_months': {'key': ['month_start'], 'filled': ['month_start']},
    'ref_statuses': {'key': ['status'], 'filled': ['status']},
    'ref_reasons': {'key': ['code'], 'filled': ['code']},
} %}
{%- for seed, rule in rules.items() %}
{{ broken_rules(ref(seed), rule['key'], rule.get('filled', []), label=seed ~ ': ') }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
