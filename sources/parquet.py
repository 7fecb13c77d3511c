"""Accepted rows as Parquet: one immutable file per delivery, checked against the ledger before it is used."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sources.archive import Damaged, fsync_directory, sha256_of
from sources.contract import contracts
from sources.ledger import Delivery, DeliveryFile, Ledger, add_file, delivery_file, scope_rows
from sources.readings import RowsGone, read_archived
from warehouse.paths import Home

if TYPE_CHECKING:
    import pyarrow as pa

COMPRESSION = "zstd"
ROWS_PER_GROUP = 122_880


def write(table: pa.Table, target: Path) -> DeliveryFile:
    """Write rows so that the file's name never shows half of it; an older file of that name is replaced."""
    import pyarrow.parquet as pq

    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        pq.write_table(table, temporary, compression=COMPRESSION, row_group_size=ROWS_PER_GROUP)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o444)
        written = DeliveryFile(sha256_of(temporary), temporary.stat().st_size)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    fsync_directory(target.parent)
    return written


def with_origin(table: pa.Table, region: str, delivery_id: str) -> pa.Table:
    """The rows with `_region` and `_delivery` of the delivery they came with, whatever the reader put there."""
    import pyarrow as pa

    for name, value in (("_region", region), ("_delivery", delivery_id)):
        column = pa.array([value] * table.num_rows, pa.string())
        index = table.schema.get_field_index(name)
        table = table.append_column(name, column) if index < 0 else table.set_column(index, name, column)
    return table


def is_intact(path: Path, file: DeliveryFile) -> bool:
    """Whether the file on disk is, byte for byte, the recorded one."""
    try:
        return path.stat().st_size == file.size_bytes and sha256_of(path) == file.sha256
    except FileNotFoundError:
        return False


def reread(home: Home, ledger: Ledger, delivery: Delivery, reparse_id: int = 0) -> pa.Table:
    """The rows of a reading of the delivery, read again from the archive; nothing is written.

    Damaged when the archive cannot give the recorded rows back.
    """
    scopes = scope_rows(ledger, delivery.seq, reparse_id)
    try:
        reading = read_archived(home, ledger, delivery, contracts()[delivery.feed])
    except RowsGone:
        reading = None
    if reading is None or reading.table is None or {scope.scope: scope.rows for scope in reading.scopes} != scopes:
        raise Damaged(
            f"交付文件 {delivery.delivery_id}（{delivery.region}/{delivery.feed}）损坏，从归档重读的结果与账本不符 / "
            f"delivery {delivery.delivery_id} ({delivery.region}/{delivery.feed}) is damaged and reading it again from "
            "the archive does not give the recorded rows"
        )
    return with_origin(reading.table, delivery.region, delivery.delivery_id)


def rows_of(
    home: Home, ledger: Ledger, delivery: Delivery, reparse_id: int, columns: Sequence[str], scopes: Sequence[str]
) -> pa.Table:
    """Some columns of the rows of some scopes, of a reading of the delivery; nothing is written.

    A column that the reading never had is left out. A damaged file gives way to the archive; Damaged when that cannot
    give the recorded rows back either.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = home.delivery(delivery.feed, delivery.region, delivery.delivery_id, reparse_id)
    recorded, wanted = delivery_file(ledger, delivery.delivery_id, reparse_id), pc.field("_scope").isin(list(scopes))
    if recorded and is_intact(path, recorded):
        there = [name for name in pq.read_schema(path).names if name in columns]
        return pq.read_table(path, columns=there, filters=wanted, use_threads=False)
    found = reread(home, ledger, delivery, reparse_id).filter(wanted)
    return found.select([name for name in found.column_names if name in columns])


def ensure(home: Home, ledger: Ledger, delivery: Delivery, reparse_id: int = 0) -> tuple[Path, bool]:
    """The verified Parquet file of a reading of the delivery, and whether it had to be rebuilt from the archive.

    `reparse_id` names the reading (0: the first). Damaged when the archive cannot give the recorded rows back: the
    run must stop.
    """
    path = home.delivery(delivery.feed, delivery.region, delivery.delivery_id, reparse_id)
    recorded = delivery_file(ledger, delivery.delivery_id, reparse_id)
    if recorded and is_intact(path, recorded):
        return path, False
    rebuilt = write(reread(home, ledger, delivery, reparse_id), path)
    if rebuilt != recorded:
        add_file(ledger, delivery.delivery_id, rebuilt, "rebuilt from the archive", reparse_id)
    return path, True
