-- One row per region, register and park.
with parks as (
    select * from {{ ref('int_park_circularity') }}
)

select
    region,
    as_of,
    park,
    status,
    verified_on
from parks
