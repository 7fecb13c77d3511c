-- One row: the run this build belongs to.
with runs as (
    select
        as_of,
        code_version
    from {{ source('raw', 'run') }}
)

select * from runs
