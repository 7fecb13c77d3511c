"""Great Expectations as the judge of one frame; loaded on first use, kept warm, silent, writing nothing.

Every check is judged without offenders' rows first; only those that failed are asked again for them, so that a good
delivery, the common case, costs half.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from expectations.suites import Check, SuiteError

if TYPE_CHECKING:
    import pandas

MOST_EXAMPLES = 100
# how the values that a column has to hold and does not are told
_MISSING = "缺 / missing: "
# Great Expectations keeps process-wide state, and flows judge from several threads.
_TURN = threading.RLock()


@dataclass(frozen=True)
class Judgement:
    """What Great Expectations said of one check. `error` is its message when it could not be carried out."""

    passed: bool
    error: str | None = None
    observed: str | None = None
    unexpected_count: int | None = None
    positions: tuple[int, ...] = ()


@cache
def _batches() -> Any:
    """The one batch definition every frame goes through, in an ephemeral context without telemetry."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    for name in ("great_expectations", "great_expectations.data_context.types.base"):  # the latter sets its own level
        logging.getLogger(name).setLevel(logging.CRITICAL)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return (
        context.data_sources.add_pandas("peak").add_dataframe_asset("frame").add_batch_definition_whole_dataframe("all")
    )


@cache
def build(check: Check) -> Any:
    """The Great Expectations object of a check; SuiteError when its type or arguments are not understood."""
    name = "".join(part.capitalize() for part in check.expectation.split("_"))
    try:
        return _remembering(name)(**check.arguments, severity=check.severity, meta={"check": check.name})
    except (AttributeError, TypeError, ValueError) as error:
        raise SuiteError(f"{check.name}: 规则参数无效 / arguments not understood: {error}") from error


@cache
def _remembering(name: str) -> Any:
    """The expectation class of that name, whose objects work out their configuration once instead of at every use.

    Great Expectations asks for it about a hundred times a check, which was a third of the cost of a small delivery.
    An object never changes once a validation has made it, so the first answer stays right.
    """
    _batches()
    from great_expectations import expectations
    from great_expectations.compatibility import pydantic

    known: Any = getattr(expectations, name)

    def configuration(self: Any) -> Any:
        if self._known_configuration is None:
            self._known_configuration = known.configuration.fget(self)
        return self._known_configuration

    members = {
        "__module__": __name__,
        "_known_configuration": pydantic.PrivateAttr(None),
        "configuration": property(configuration),
    }
    # the same name takes the place of the class it extends, wherever Great Expectations looks for it
    return type(known)(name, (known,), members)


def judge_frame(
    frame: pandas.DataFrame, checks: Sequence[Check], most_positions: int = MOST_EXAMPLES
) -> dict[str, Judgement]:
    """A judgement for every check, by its name, with the positions of its first offenders.

    Without any of them (0) what fails costs half. Never raises for what the frame holds.
    """
    with _TURN:
        judgements = _validate(frame, checks, {"result_format": "BASIC", "partial_unexpected_count": 0})
        failed = [check for check in checks if _has_more_to_say(judgements[check.name])]
        if failed and most_positions:
            detail = {"result_format": "SUMMARY", "partial_unexpected_count": most_positions}
            judgements |= _validate(frame, failed, detail)
        return judgements


def _has_more_to_say(judgement: Judgement) -> bool:
    """Whether it could name rows that offend, or values that are not there."""
    is_counted = judgement.unexpected_count is not None or (judgement.observed or "").startswith(_MISSING)
    return not judgement.passed and judgement.error is None and is_counted


def _validate(frame: pandas.DataFrame, checks: Sequence[Check], result_format: dict[str, Any]) -> dict[str, Judgement]:
    from great_expectations import ExpectationSuite
    from great_expectations.validator.v1_validator import Validator

    suite = ExpectationSuite(name="frame", expectations=[build(check) for check in checks])
    # what Batch.validate does, without loading and hashing the frame twice
    judge = Validator(_batches(), batch_parameters={"dataframe": frame}, result_format=result_format)
    outcome = judge.validate_expectation_suite(suite)
    results: Sequence[Any] = outcome.results
    said = {result.expectation_config.meta["check"]: _judgement(result) for result in results}
    silent = Judgement(False, error="没有给出结果 / no result was given")
    return {check.name: said.get(check.name, silent) for check in checks}


def _judgement(result: Any) -> Judgement:
    error, found = _error(result.exception_info), result.result or {}
    if error is None and not result.success and not found:
        error = "失败但没有说明 / failed without a result"
    if error is not None:
        return Judgement(False, error=error)
    return Judgement(
        passed=bool(result.success),
        observed=_observed(found),
        unexpected_count=found.get("unexpected_count"),
        positions=tuple(int(at) for at in found.get("partial_unexpected_index_list") or ()),
    )


def _observed(found: Mapping[str, Any]) -> str | None:
    """What an expectation says that it saw; of one that asks for certain values, those that are not there.

    Of one that looks at rows nothing: its count says it.
    """
    if (observed := found.get("observed_value")) is not None:
        return str(observed)
    if "missing_count" not in found or "element_count" in found:
        return None
    missing = ", ".join(sorted(map(str, found.get("partial_missing_list") or ())))
    return f"{_MISSING}{missing or found['missing_count'] or 0}"


def _error(info: Mapping[str, Any] | None) -> str | None:
    """The message of an exception, which is either the info itself or sits under the id of the metric that raised."""
    if not info:
        return None
    if "raised_exception" in info:
        return str(info.get("exception_message") or "error") if info["raised_exception"] else None
    for nested in info.values():
        message = getattr(nested, "exception_message", None)
        if isinstance(nested, Mapping):
            message = _error(nested)
        if message:
            return str(message)
    return None
