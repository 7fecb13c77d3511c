-- One row per region, year and item: where the region's energy comes from, in tce and percent of the total.
with shares as (
    select * from {{ ref('int_energy_shares') }}
)

select
    region,
    year,
    item,
    {{ rounded('tce') }} as tce,
    {{ rounded_ratio('tce', 'total_tce', percent=true) }} as share,
    basis
from shares
