"""What a release put right among the delivered rows under a value, by its own table of corrections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources.corrections import Correction, parse_key
from sources.ledger import WinningScope
from warehouse.correction_statuses import APPLIED
from warehouse.provenance import Pick
from warehouse.questions import ask_records, values_of

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class CorrectedValue:
    """One value of one delivered row, as sent and as counted (canonical texts, None: missing), and where it stands."""

    delivery_id: str
    file_name: str
    sheet: str | None
    row: int
    region: str
    feed: str
    scope: str
    key: str
    field: str
    wrong_value: str | None
    right_value: str | None
    reason: str
    who: str
    since: Any
    source: str | None

    @property
    def correction(self) -> Correction:
        """What was done, as it is applied to rows."""
        key = tuple((name, value or None) for name, value in parse_key(self.key).items())
        place = {"region": self.region, "feed": self.feed, "scope": self.scope, "key": key}
        said = {"wrong": self.wrong_value, "right": self.right_value, "reason": self.reason, "who": self.who}
        return Correction(**place, field=self.field, **said)  # type: ignore[arg-type]


def corrected_values(connection: duckdb.DuckDBPyConnection, picks: Sequence[Pick]) -> list[CorrectedValue]:
    """The values put right in the picked scopes, in order of file and row; none in a release without such a table."""
    import duckdb

    if not picks:
        return []
    wanted = values_of(_place(scope) for scope in {scope: None for _, scope in picks})
    sql = f"""
    select delivery_id, file_name, sheet, row_number as row, region, feed, scope, key, field, wrong_value, right_value,
           reason, who, since, source
    from corrections
    where status = '{APPLIED}'
      and (region, feed, scope, delivery_id) in (from (values {wanted}) as p(region, feed, scope, delivery_id))
    order by feed, file_name, sheet, row, field
    """  # noqa: S608 - literals
    try:
        return [CorrectedValue(**row) for row in ask_records(connection, sql)]
    except duckdb.CatalogException:
        return []


def _place(scope: WinningScope) -> Iterable[Any]:
    return (scope.region, scope.feed, scope.scope, scope.delivery_id)
