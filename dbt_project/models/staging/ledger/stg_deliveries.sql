-- One row per delivery that ever arrived, accepted or refused.
with deliveries as (
    select
        region,
        delivery_id,
        feed,
        file_name,
        sha256,

        seq,
        received_at,
        status,
        reason,

        size_bytes,
        row_count,
        excluded_rows
    from {{ source('raw', 'ledger_deliveries') }}
)

select * from deliveries
