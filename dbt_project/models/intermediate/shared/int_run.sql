-- One row: the day for which freshness and lateness are judged, as the run was told.
select
    as_of,
    code_version
from {{ ref('stg_run') }}
