"""Taking in a refused delivery less its bad rows: a person names them, the rest is judged as if they never were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sources.archive import archived
from sources.contract import Contract, contracts
from sources.judging import Judge, Outcome, Verdict, examine, settle
from sources.ledger import Delivery, ExcludedRow, Ledger, accepted, arrival_of, last_of, winners
from warehouse.inputs import contract_sha256
from warehouse.paths import Home

if TYPE_CHECKING:
    from sources.reading import Named, Reading


class NotAcceptable(Exception):
    """The delivery cannot be taken in this way, whatever its rows say; nothing was recorded."""


def accept_without(
    home: Home,
    ledger: Ledger,
    delivery_id: str,
    rows: Sequence[Named],
    *,
    who: str,
    why: str,
    judge: Judge | None,
    run_id: str | None = None,
) -> Outcome:
    """Read a quarantined delivery's archived bytes less `rows`, judge the rest, accept or quarantine it again.

    Its scopes that may lack one of the rows are marked partial. The caller holds the home's lock. NotAcceptable when
    it is not in quarantine or a later delivery speaks for its scopes, sources.reading.NoSuchRow when the file has no
    such rows, sources.archive.Damaged when the archive lost the bytes: then nothing is recorded.
    """
    refused = _in_quarantine(ledger, delivery_id)
    contract = contracts()[refused.feed]
    reading = _read(home, refused, contract, rows)
    delivery = replace(
        refused,
        seq=0,
        received_at="",
        status="",
        reason=None,
        contract_version=contract.version,
        contract_sha256=contract_sha256(refused.feed),
        run_id=run_id,
    )
    verdict = examine(delivery, lambda: reading, contract, judge)
    if verdict.reason is None:
        _check_later(ledger, refused, verdict)
    excluded = [ExcludedRow(reading.sheet, row, why, who) for row in reading.left_out]
    return settle(delivery, contract, verdict, home, ledger, excluded)


def _in_quarantine(ledger: Ledger, delivery_id: str) -> Delivery:
    """The delivery's last refusal."""
    last, before = last_of(ledger, delivery_id), accepted(ledger, delivery_id)
    if last is None:
        raise NotAcceptable(f"没有这份交付 / no such delivery: {delivery_id}")
    if before is not None:
        raise NotAcceptable(
            f"交付 {delivery_id} 已于 {before.received_at} 接收；交付不可更改，请报送更正的文件 / "
            f"delivery {delivery_id} was accepted on {before.received_at} and never changes: deliver a corrected file"
        )
    if last.feed not in contracts():
        raise NotAcceptable(f"没有这个数据集 / no such feed: {last.feed}")
    return last


def _read(home: Home, refused: Delivery, contract: Contract, rows: Sequence[Named]) -> Reading:
    from sources.reading import read_file

    return read_file(archived(home, refused.sha256), contract, refused.file_name, rows)


def _check_later(ledger: Ledger, refused: Delivery, verdict: Verdict) -> None:
    """Acceptance makes the delivery the newest: refuse to let it replace what came for the same scopes after it."""
    arrival = arrival_of(ledger, refused)
    scopes = {info.scope for info in verdict.reading.scopes}
    later: dict[str, Any] = {}
    for winner in winners(ledger):
        is_same_place = (winner.region, winner.feed) == (refused.region, refused.feed)
        if is_same_place and winner.seq > arrival and winner.scope in scopes:
            later.setdefault(winner.delivery_id, winner.scope)
    if later:
        listed = ", ".join(f"{delivery_id} ({scope})" for delivery_id, scope in later.items())
        raise NotAcceptable(
            f"同一范围此后另有交付，不能由旧文件取代：{listed}；如确需取代，请先暂扣 / later deliveries speak for the "
            f"same scopes and the older file must not replace them: {listed}; put them on hold first if it should"
        )
