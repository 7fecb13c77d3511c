"""The nightly flow itself, in this process, without Prefect's server; its stages told to a recorder.

Everything heavy is imported by `warm`, once, in a process that starts nothing: no pool, no connection, no thread of
Python's. Its forks are then as good as fresh processes, twelve seconds cheaper each.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable
from typing import Any

from tests.faults.kill import Recorder, watch
from tests.support.small import AS_OF
from warehouse.paths import Home

STAGES = ("take-in", "re-read", "prepare", "build", "gate", "publish", "switch")
TAKE_IN, REREAD, PREPARE, BUILD, GATE, PUBLISH, SWITCH = STAGES
END = "end"
SKIPPED = ("build_warehouse", "judge_warehouse")

Known = dict[str, Any]


def warm() -> None:
    """Import everything a night needs."""
    # read by the packages when they are imported: no thread of theirs may run when this process is forked
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    # the helper process that tidies up semaphores would complain of every death
    os.environ["PYTHONWARNINGS"] = "ignore"
    import dbt.adapters.duckdb.connections
    import dbt.cli.main
    import great_expectations
    import pyarrow.parquet

    import expectations.engine
    import flows.nightly
    import sources.checking
    import sources.reading
    import sources.reading.read
    import warehouse.release
    import warehouse.status
    from tests.support.parse import parse_serves_any_home

    # a worker of its own for every night that is killed would cost more than the night
    sources.reading.read_file = sources.reading.read.read_here
    parse_serves_any_home()
    del dbt, great_expectations, pyarrow, expectations, flows, sources, warehouse
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def night(home: Home, recorder: Recorder | None = None, known: Known | None = None, only_take_in: bool = False) -> str:
    """One nightly run of `home`; how it ended: published, unchanged or stopped.

    `known` has the results of steps that need not be done again. Changes this process for good: call it in a fork.
    """
    import flows.nightly

    os.environ["PEAK_HOME"] = str(home.root)
    os.environ["PEAK_SETTLE_SECONDS"] = "0"
    recorder = recorder or Recorder()
    _without_prefect()
    _skip(known or {})
    _mark(recorder)
    watch(recorder)
    if only_take_in:
        flows.nightly.refresh = lambda *args, **options: None
        flows.nightly.ended_well = lambda summary: summary
    recorder.enter(TAKE_IN)
    summary = flows.nightly.nightly.fn(as_of=AS_OF)
    recorder.enter(END)
    return str(summary.result) if summary is not None else ""


def remembered(known: Known) -> None:
    """Keep the results of the steps that a later night may skip in `known`, from now on in this process."""
    import flows.tasks

    for name in SKIPPED:
        setattr(flows.tasks, name, _remembering(known, name, getattr(flows.tasks, name)))


def _remembering(known: Known, name: str, task: Any) -> Any:
    def remembering(*args: Any, **options: Any) -> Any:
        known[name] = getattr(task, "fn", task)(*args, **options)
        return known[name]

    return remembering


def _without_prefect() -> None:
    """Every task becomes the function it wraps."""
    from prefect import Task

    import flows.nightly
    import flows.refresh
    import flows.tasks

    for module in (flows.nightly, flows.refresh, flows.tasks):
        for name, value in list(vars(module).items()):
            if isinstance(value, Task):
                setattr(module, name, value.fn)
    flows.nightly.get_run_logger = lambda: logging.getLogger("silent")
    flows.tasks.create_markdown_artifact = lambda *args, **options: None


def _skip(known: Known) -> None:
    import flows.tasks

    for name, result in known.items():
        setattr(flows.tasks, name, lambda *args, _result=result, **options: _result)


def _mark(recorder: Recorder) -> None:
    """Say which stage begins whenever the function that opens it is called."""
    import flows.tasks
    from warehouse import build, raw, release

    for owner, name, stage in (
        (flows.tasks, "finish_backfills", REREAD),
        (raw, "prepare", PREPARE),
        (build, "run_dbt", BUILD),
        (flows.tasks, "judge_warehouse", GATE),
        (release, "publish", PUBLISH),
        (release, "point_current", SWITCH),
    ):
        setattr(owner, name, _entering(recorder, stage, getattr(owner, name)))


def _entering(recorder: Recorder, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def entering(*args: Any, **options: Any) -> Any:
        # a build goes through several rounds of dbt, and comes back to nothing it has left
        if recorder.stage not in STAGES[STAGES.index(stage) :]:
            recorder.enter(stage)
        return work(*args, **options)

    return entering
