-- One row per accepted delivery.
select
    delivery_id,
    region,
    feed,
    file_name,
    sha256,
    excluded_rows
from {{ ref('stg_deliveries') }}
where status = 'accepted'
qualify row_number() over (partition by delivery_id order by seq desc) = 1
