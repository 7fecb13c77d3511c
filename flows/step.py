"""What a task of this project is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import quote

F = TypeVar("F", bound=Callable[..., Any])
_SMALL = (str, int, float, type(None))


class Step(Task[Any, Any]):
    """Takes what it is given as it is: Prefect would search thousands of revisions for promises of other tasks."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """The result of the function, as a task of the run that calls."""
        return super().__call__(*map(_as_it_is, given), **{name: _as_it_is(value) for name, value in named.items()})


def _as_it_is(value: Any) -> Any:
    return value if isinstance(value, _SMALL) else quote(value)


def step(name: str, **options: Any) -> Callable[[F], F]:
    """A task of this project: its results are in the ledger and on disk, so Prefect neither keeps nor reuses them."""
    named = {"task_run_name": name, **options}  # a run reads as the step does, without a random ending

    def made(work: F) -> F:
        # a step is called like the function it wraps; its own type hides that from callers
        return cast(F, Step(work, name=name, cache_policy=NO_CACHE, persist_result=False, **named))

    return made


def given(name: str) -> Any:
    """What the running step was given under this name; for naming it."""
    from prefect.runtime import task_run

    value = task_run.parameters[name]
    return value.unquote() if isinstance(value, quote) else value
