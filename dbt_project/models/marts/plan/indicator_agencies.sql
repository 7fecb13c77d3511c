-- One row per plan, indicator, agency and role.
select
    plan,
    indicator,
    agency,
    role
from {{ ref('plan_indicator_agencies') }}
