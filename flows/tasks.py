"""Prefect tasks: thin wrappers around plain functions, so that a run can be read in the Prefect UI."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from expectations.results import CheckResult, critical_failures
from expectations.suites import DOMAINS
from flows import events, pages, report
from flows.attempt import Attempt
from flows.night import Night, Tell
from flows.step import given, step
from sources import intake
from sources.intake import Outcome, Waiting
from sources.ledger import Backfill, Position, add_gate_results, add_hold, unfinished_backfills
from sources.privacy import shareable
from warehouse import build as dbt
from warehouse import holding, release
from warehouse.assess import sign_off
from warehouse.backfill import ScopeKey, Wish, read_scopes_again, record, scopes_of
from warehouse.backfill_plan import Plan, plan
from warehouse.behind import behind
from warehouse.build import BuildResult
from warehouse.harmless import on_one_line, shown_name
from warehouse.holding import HeldBack
from warehouse.judging import Judging, judge_build
from warehouse.paths import Home
from warehouse.progress import telling
from warehouse.revisions import Revised, revise

# a failing test of dbt hides what stands on its model, so each domain may come to light in a try of its own
MOST_ROUNDS = len(DOMAINS)


def judging(night: Night) -> Judging:
    """Gate 2 as this run applies it."""
    return Judging(night.home, night.ledger, night.as_of)


@step("look into the inbox", retries=2, retry_delay_seconds=5)
def look_into_inbox(night: Night, settle_s: float | None = None) -> Sequence[Waiting]:
    """The files to take in, in order of modification time, then name. What stays behind is said and recorded."""
    inbox = intake.at_rest(intake.scan(night.home, night.region), night.home, settle_s)
    for left in inbox.left_alone:
        night.warn(shareable(f"  留在收件箱 / left: {shown_name(left.path.name)}：{left.zh} / {left.en}"))
    night.ending["left"], night.left_alone = len(inbox.left_alone), inbox.left_alone
    night.tell(f"收件 / intake: {len(inbox.waiting)} 个文件 / files")
    night.arriving = len(inbox.waiting)
    return inbox.waiting


def _name_of_file() -> str:
    night, waiting = given("night"), given("waiting")
    # by the number files are told apart in the picture of a run, which has no Chinese letters
    number = f"{night.taken + 1}/{night.arriving}"
    return on_one_line(shareable(f"take in {number} {waiting.region} {waiting.feed} {shown_name(waiting.path.name)}"))


# Only reading bytes is retried (a locked file, a slow mount); what a file says does not change by asking again.
@step("take in", task_run_name=_name_of_file, retries=2, retry_delay_seconds=10)
def take_in_one(night: Night, waiting: Waiting) -> Outcome:
    """One file through gates 1 and 2: accepted, quarantined with its report, or known already."""
    outcome = intake.take_in(
        waiting.path, waiting.feed, waiting.region, night.home, night.ledger, night.run_id, judge=judging(night)
    )
    night.taken += 1
    night.progress.reach("take in", night.taken / max(night.arriving, 1))
    (night.warn if outcome.status in ("quarantined", "left") else night.tell)(report.line_of(outcome))
    events.tell_of_file(outcome)
    return outcome


def taken_from_inbox(night: Night, settle_s: float | None = None) -> list[Outcome]:
    """Takes in what waits and tells of it, also when the run fails in the middle: what was refused is refused."""
    outcomes: list[Outcome] = []
    try:
        for file in look_into_inbox(night, settle_s):
            outcomes.append(take_in_one(night, file))
    finally:
        _tell_of_files(night, outcomes)
    return outcomes


def _tell_of_files(night: Night, outcomes: Sequence[Outcome]) -> None:
    """Every file that came, with what became of it, and those that stay; the run's name says how many came."""
    pages.name_run(pages.counted(outcomes))
    events.tell_bureaus([outcome for outcome in outcomes if outcome.status == "quarantined"])
    if outcomes or night.left_alone:
        tell_operators("deliveries", report.files_page(outcomes, night.left_alone), "收件 / deliveries")


@step("plan the backfill")
def plan_backfill(home: Home, wish: Wish, as_of: date, tell: Tell, only_if_read_again: bool = False) -> Plan:
    """The plan, worked out in a scratch copy of the home."""
    tell(f"补算计划 / plan: {wish.said()}")
    return plan(home, wish, as_of, tell=tell, only_if_read_again=only_if_read_again)


@step("record the backfill")
def record_backfill(night: Night, plan: Plan) -> int:
    """From here on it is owed: should this run be interrupted, the next one does the rest."""
    return record(night.ledger, plan.wish, plan.scopes, run_id=night.run_id, who=night.who, why=night.why)


@step("finish backfills")
def finish_backfills(night: Night) -> list[ScopeKey]:
    """What backfills have begun and no release has followed: reads again what is left, gives the scopes to rebuild."""
    owed: dict[ScopeKey, None] = {}
    for backfill in unfinished_backfills(night.ledger):
        _read_again(night, backfill)
        owed |= dict.fromkeys(scopes_of(backfill))
    return list(owed)


def _read_again(night: Night, backfill: Backfill) -> None:
    def on_batch(done: int, total: int) -> None:
        night.tell(f"  重新读取 / read again: {done}/{total}")

    done = read_scopes_again(
        night.home,
        night.ledger,
        backfill.feed,
        backfill.scopes,
        who=backfill.who,
        why=backfill.why,
        run_id=night.run_id,
        judge=judging(night),
        on_batch=on_batch,
    )
    for reread in done:
        if reread.refusal is not None:
            night.warn(f"  未重新读取 / not read again: {shown_name(reread.delivery.file_name)}：{reread.refusal}")


@step("build the warehouse")
def build_warehouse(night: Night, at: Position, owed: Sequence[ScopeKey] = ()) -> BuildResult:
    """The models that changed scopes reach, and those of the scopes `owed` to a backfill, with their tests."""
    night.tell("计算 / build: dbt")
    heard = telling(night.tell, lambda part: night.progress.reach("build", part))
    built = dbt.build(night.home, night.as_of, heard, ledger=night.ledger, at=at, force_scopes=owed)
    night.ending["build_seconds"] = {part: round(seconds, 3) for part, seconds in built.seconds.items()}
    return built


@step("compare with what was published")
def compare_with_published(night: Night, at: Position, owed: Sequence[ScopeKey] = ()) -> Revised:
    """Which values move against the last release, by which scopes, and whether that was to be expected."""
    night.progress.reach("compare")
    revised = revise(night.home, night.ledger, at, night.as_of, owed)
    night.tell(
        f"比较 / compare: {len(revised.scope_changes)} 个范围 / scopes, {len(revised.revisions)} 个数值 / values"
    )
    return revised


@step("judge the warehouse")
def judge_warehouse(night: Night, built: BuildResult, revised: Revised | None) -> list[CheckResult]:
    """Gate 3: dbt's tests, the suites of the marts, the revisions; every result in the ledger."""
    night.tell("关卡三 / gate 3")
    night.progress.reach("judge")
    results = judge_build(night.home, night.ledger, built, revised)
    about = behind(night.home, night.ledger, built, revised)
    add_gate_results(night.ledger, results, gate="warehouse", subject="marts", run_id=night.run_id, about=about)
    failures = critical_failures(results)
    for check in failures[: events.MOST]:
        night.warn(report.line_of_check(check))
    events.tell_of_failures(failures, night.run_id)
    return results


@step("end holds")
def end_holds(night: Night) -> None:
    """The holds of earlier runs that a newer delivery or another plan or program calls in question are ended."""
    ended = holding.end_holds(night.ledger, night.run_id)
    if ended:
        tried = ", ".join(hold.delivery_id for hold in ended)
        night.tell(f"解除暂扣、重试 / holds ended, tried again: {tried}")


@step("hold back what fails")
def hold_back(night: Night, attempt: Attempt) -> list[HeldBack]:
    """Put the new deliveries of the domains that fail on hold; none when that cannot help, which is said."""
    if night.rounds == MOST_ROUNDS:
        return []
    blamed = holding.blames(attempt.failures, attempt.built, attempt.revised, holding.upstream_of(night.home))
    verdict = holding.verdict(night.ledger, blamed)
    if verdict.unexplained:
        night.unexplained = verdict.said()
        night.warn(f"未暂扣 / nothing held: {night.unexplained}")
    for item in verdict.hold:
        add_hold(night.ledger, item.delivery_id, "hold", who="run", why=item.why, run_id=night.run_id)
        name = shown_name(item.file_name)
        night.warn(f"  暂扣 / held: {', '.join(item.domains)}: {item.region}/{item.feed}/{name}: {item.why}")
    night.held += verdict.hold
    night.rounds += 1
    return verdict.hold


@step("leave holds as found")
def leave_holds_as_found(night: Night) -> None:
    """Nothing is published: what this run held is off hold again, what it tried again is on; both are recorded."""
    if night.held:
        night.warn("暂扣无济于事，收回 / holding did not help, taken back")
    back = holding.leave_as_found(night.ledger, [item.delivery_id for item in night.held], night.run_id)
    if back:
        night.warn(f"重试未能发布，恢复原暂扣 / trying again published nothing, back on hold: {', '.join(back)}")


@step("publish")
def publish_release(night: Night, at: Position, revised: Revised) -> release.ReleaseInfo:
    """A new release file, complete and verified, and `current` pointing at it."""
    night.tell("发布 / publish")
    night.progress.reach("publish")
    published = release.publish(
        night.home,
        night.ledger,
        as_of=night.as_of,
        run_id=night.run_id,
        at=at,
        who=night.who,
        why=night.why,
        revised=revised.revisions,
        scope_changes=revised.scope_changes,
    )
    pages.link("site", "/", f"本次发布的站点 / the site: {published.release_id}")
    events.tell_of_release(published.release_id, night.as_of, len(revised.revisions))
    return published


@step("tell operators", task_run_name="tell operators: {key}")
def tell_operators(key: str, markdown: str, description: str) -> None:
    """Keep a page of this run in Prefect."""
    pages.page(key, markdown, description)


@step("sign off a year")
def sign_off_year(night: Night, year: int) -> None:
    """The values and statuses of the region's year are on record afterwards, and their release is cited."""
    values = sign_off(night.home, night.ledger, str(night.region), year, signed_by=night.who, why=night.why)
    night.ending["signed_values"] = len(values)
    night.tell(f"签认 / signed off: {night.region} {year}，{len(values)} 项 / values")
