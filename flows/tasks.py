"""Prefect tasks: thin wrappers around plain functions, so that a run can be read in the Prefect UI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows import report
from flows.night import Night
from sources import intake
from sources.intake import Outcome, Waiting
from warehouse import build as dbt
from warehouse import changes as compared
from warehouse import release
from warehouse.assess import sign_off
from warehouse.build import BuildResult, Progress
from warehouse.changes import Change
from warehouse.prune import prune

F = TypeVar("F", bound=Callable[..., Any])


def step(name: str, **options: Any) -> Callable[[F], F]:
    """A task of this project: its results are in the ledger and on disk, so Prefect neither keeps nor reuses them."""
    named = {"task_run_name": name, **options}  # a run reads as the step does, without a random ending
    # prefect's Task is called like the function it wraps; its own type hides that from callers
    return cast(Callable[[F], F], task(name=name, cache_policy=NO_CACHE, persist_result=False, **named))


@step("look into the inbox", retries=2, retry_delay_seconds=5)
def look_into_inbox(night: Night) -> Sequence[Waiting]:
    """The files to take in, in order of modification time, then name. What stays behind is said and recorded."""
    inbox = intake.scan(night.home, night.region)
    for left in inbox.left_alone:
        night.tell(f"  留在收件箱 / left: {left.path.name}：{left.zh} / {left.en}")
    night.ending["left"] = len(inbox.left_alone)
    night.tell(f"收件 / intake: {len(inbox.waiting)} 个文件 / files")
    return inbox.waiting


def _name_of_file() -> str:
    from prefect.runtime import task_run

    waiting: Waiting = task_run.parameters["waiting"]
    return f"take in {waiting.region} {waiting.feed} {waiting.path.name}"


# Only reading bytes is retried (a locked file, a slow mount); what a file says does not change by asking again.
@step("take in", task_run_name=_name_of_file, retries=2, retry_delay_seconds=10)
def take_in_one(night: Night, waiting: Waiting) -> Outcome:
    """One file through gates 1 and 2: accepted, quarantined with its report, or known already."""
    outcome = intake.take_in(
        waiting.path, waiting.feed, waiting.region, night.home, night.ledger, night.run_id, judge=_judge
    )
    night.tell(report.line_of(outcome))
    return outcome


def _judge(reading: Any, contract: Any, region: str) -> Sequence[Any]:
    from expectations.gate import judge_delivery

    return judge_delivery(reading.table, contract, region)


@step("build the warehouse")
def build_warehouse(night: Night) -> BuildResult:
    """All models and their tests from what wins now."""
    night.tell("计算 / build: dbt")

    def progress(node: Progress) -> None:
        if node.index % 25 == 0 or node.index == node.total:
            night.tell(f"  {node.index}/{node.total} {node.name}")

    return dbt.build(night.home, night.as_of, progress, ledger=night.ledger)


@step("judge the warehouse")
def judge_warehouse(night: Night, built: BuildResult) -> list[Any]:
    """Gate 3: dbt's tests and the suites of the marts that were rebuilt, every result in the ledger."""
    import duckdb

    from expectations.gate import critical_failures, judge_rebuilt
    from sources.ledger import add_gate_results

    night.tell("关卡三 / gate 3")
    results: list[Any] = list(dbt.checks(built))
    if built.is_good:
        with duckdb.connect(str(night.home.build_db), read_only=True) as connection:
            results += judge_rebuilt(connection, built.rebuilt_models)
        if not critical_failures(results):
            dbt.settle(night.home)
    add_gate_results(night.ledger, results, gate="warehouse", subject="marts", run_id=night.run_id)
    return results


@step("publish")
def publish_release(night: Night) -> release.ReleaseInfo:
    """A new release file, complete and verified, and `current` pointing at it."""
    night.tell("发布 / publish")
    return release.publish(
        night.home, night.ledger, as_of=night.as_of, run_id=night.run_id, who=night.who, why=night.why
    )


@step("compare with the release before")
def what_changed(night: Night, new: Path, old: Path | None) -> list[Change]:
    """Values that differ from the release before; everything in a first release."""
    return compared.changes(new, old)


@step("tell operators", task_run_name="tell operators: {key}")
def tell_operators(key: str, markdown: str, description: str) -> None:
    """Keep a page of this run in Prefect."""
    create_markdown_artifact(markdown, key=key, description=description)


@step("prune old releases")
def prune_releases(night: Night, keep: int, days: int) -> list[str]:
    """The files of old releases are gone afterwards; what they published stays in the ledger."""
    gone = [item.release.release_id for item in prune(night.home, night.ledger, keep, days, who=night.who)]
    night.ending |= {"result": "pruned", "pruned": gone}
    night.tell(f"清理 / pruned: {len(gone)} 个版本 / releases")
    return gone


@step("sign off a year")
def sign_off_year(night: Night, year: int) -> None:
    """The values and statuses of the region's year are on record afterwards, and their release is cited."""
    values = sign_off(night.home, night.ledger, str(night.region), year, signed_by=night.who, why=night.why)
    night.ending["signed_values"] = len(values)
    night.tell(f"签认 / signed off: {night.region} {year}，{len(values)} 项 / values")
