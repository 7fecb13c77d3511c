"""What stays in deliveries/ and quarantine/: values of private fields are taken out of whatever the ledger records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass, replace
from functools import cache
from typing import Any, overload

from sources.contract import Contract, contracts

HIDDEN = "***"
# 湘F·12345, 湘FD12345, 湘F 1234学: whatever stands in a line that should not hold it
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领军警][A-Z]\s?[·•・.\-]?\s?\w{4,7}",
    re.IGNORECASE,
)
# A plate and nothing like it, for texts of any feed; Python and DuckDB read this pattern alike.
SURE_PLATE = (
    "(?i)[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·•・.-]?"
    "(?:(?:[0-9][A-HJ-NP-Z0-9]{4,5}|[A-HJ-NP-Z][0-9][A-HJ-NP-Z0-9]{3,4}|[A-HJ-NP-Z]{2}[0-9]{3,4})\\b"
    "|[A-HJ-NP-Z0-9][0-9]{3}[学警港澳挂])"
)
_SURE = re.compile(SURE_PLATE, re.ASCII)
_LEAST = 3  # shorter values would be found everywhere

Mask = Callable[[str], str]


def without_plates(text: str) -> str:
    """Text of any feed without what surely is a number plate."""
    return _SURE.sub(HIDDEN, text)


def may_hold_plates(contract: Contract) -> list[str]:
    """The fields of free text that leave the deliveries, and where somebody may type a plate."""
    return [
        field.name
        for field in contract.fields
        if field.type == "text" and not (field.private or field.codes or field.dictionary or field.pattern)
    ]


def masks(contract: Contract, reading: Any) -> Mask:
    """What hides the private values of a reading in a text; of a feed without private fields, plates alone.

    Where plates are to be expected whatever looks like one goes, and so does every value that a private column holds.
    """
    if not any(field.private for field in contract.fields):
        return without_plates
    values = _private_values(contract, reading)

    def mask(text: str) -> str:
        text = PLATE.sub(HIDDEN, text)
        for value in values:
            if value in text:
                text = text.replace(value, HIDDEN)
        return text

    return mask


def _private_values(contract: Contract, reading: Any) -> list[str]:
    table = getattr(reading, "table", None)
    if table is None:
        return []
    names = [field.name for field in contract.fields if field.private and field.name in table.column_names]
    found = {str(value) for name in names for value in table.column(name).unique().to_pylist() if value is not None}
    return sorted((value for value in found if len(value) >= _LEAST), key=len, reverse=True)


def without_private(checks: Iterable[Any], contract: Contract, reading: Any) -> list[Any]:
    """Check results as they may be recorded and shown outside the bureau's own report."""
    mask = masks(contract, reading)
    return [_masked(check, mask) if _has_text(check) else check for check in checks]


def _has_text(check: Any) -> bool:
    if not is_dataclass(check) or isinstance(check, type):
        return False
    said: Any = check
    return bool(said.examples or said.observed)


def _masked(check: Any, mask: Mask) -> Any:
    observed = None if check.observed is None else mask(str(check.observed))
    examples = type(check.examples)(mask(str(example)) for example in check.examples)
    return replace(check, observed=observed, examples=examples)


def shown_value(problem: Any, contract: Contract) -> str | None:
    """The value of a problem as it may leave the bureau's own report: hidden unless its column is known as not private.

    A ragged row or a column without a header may hold anything.
    """
    private = [field for field in contract.fields if field.private]
    if not private or problem.value is None:
        return None if problem.value is None else without_plates(problem.value)
    open_headers = {name for field in contract.fields if not field.private for name in (field.header, *field.aliases)}
    return PLATE.sub(HIDDEN, problem.value) if problem.column in open_headers else HIDDEN


def recorded_name(file_name: str, contract: Contract) -> str:
    """The name of a file as it is recorded: without a plate where the feed has some to hide, else as it is."""
    return masks(contract, None)(file_name)


ENTERPRISE_FIELDS = frozenset({"enterprise_id", "enterprise_name", "credit_code"})
# a unified social credit code: 18 characters, digits in places 3 to 8
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")


@cache
def enterprise_headers() -> frozenset[str]:
    """What a column that tells which enterprise a row is of may be called, in files and in tables."""
    fields = [f for contract in contracts().values() for f in contract.fields if f.name in ENTERPRISE_FIELDS]
    return ENTERPRISE_FIELDS.union(*({field.header, *field.aliases} for field in fields))


@cache
def _named_enterprise() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, enterprise_headers()), key=len, reverse=True))
    return re.compile(rf"((?:{names})\s*=\s*).*", re.DOTALL)


@overload
def shareable(text: str) -> str: ...


@overload
def shareable(text: None) -> None: ...


def shareable(text: str | None) -> str | None:
    """Text for a page that is passed around (a run's report, Prefect): without plates and without enterprises.

    A name may hold any sign, so what stands after it goes, too.
    """
    if text is None:
        return None
    return _CREDIT_CODE.sub(HIDDEN, PLATE.sub(HIDDEN, _named_enterprise().sub(rf"\1{HIDDEN}", text)))
