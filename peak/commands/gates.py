"""`peak gates`: what the gates said in the last run, every rule they know, and the proof that each can fail."""

from __future__ import annotations

import click

from peak import show
from warehouse.paths import home


@click.command()
@click.option("--self-test", is_flag=True, help="在本机执行全部变异体 / run every mutant here")
@click.option("--rules", is_flag=True, help="列出全部规则 / list every rule")
@click.option("--suite", metavar="NAME", help="只看该套件，如 energy_supply / only this suite")
@click.option("--run", "run_id", metavar="RUN", help="看该次运行，默认最近一次 / that run, by default the last")
@click.option("--all", "show_all", is_flag=True, help="通过的也列出 / list what passed, too")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def gates(self_test: bool, rules: bool, suite: str | None, run_id: str | None, show_all: bool, json_out: bool) -> None:
    """关卡 / Results of the last run's checks, failures first; every rule; or the mutants.

    退出码 / exit codes: 0; 1 还没有检查过 when nothing was checked yet; --self-test: 1 有变异体未被发现 when a mutant
    got past its rule.
    """
    if self_test + rules + (run_id is not None) > 1:
        raise click.UsageError("--self-test、--rules、--run 只能选一个 / one of --self-test, --rules, --run")
    if self_test:
        _self_test(suite, json_out)
    elif rules:
        _rules(suite, json_out)
    else:
        _results(run_id, suite, show_all, json_out)


def _self_test(suite: str | None, json_out: bool) -> None:
    from expectations.mutants.everything import parts
    from peak.self_test import as_data, prove, say

    wanted = [part for part in parts() if suite in (None, part.name, part.of)]
    if not wanted:
        raise click.BadParameter(f"没有这个套件 / no such suite: {suite}", param_hint="--suite")
    found = prove(wanted)
    if json_out:
        show.as_json(as_data(found))
    else:
        say(found)
    if any(tally.alive for tally in found):
        raise SystemExit(1)


def _rules(suite: str | None, json_out: bool) -> None:
    from dataclasses import asdict

    from expectations.catalogue import catalogue
    from peak.gate_lists import say_rules

    found = catalogue(suite)
    if not found:
        raise click.BadParameter(f"没有这个套件 / no such suite: {suite}", param_hint="--suite")
    if json_out:
        show.as_json([asdict(rule) for rule in found])
    else:
        say_rules(found)


def _results(run_id: str | None, suite: str | None, show_all: bool, json_out: bool) -> None:
    from dataclasses import asdict

    from peak.choosing import reading
    from peak.gate_lists import is_told, ordered, say_results
    from sources.ledger import gate_results, judged_runs

    with reading(home()) as ledger:
        known = judged_runs(ledger)
        chosen = _chosen(run_id, known)
        found = ordered(result for result in gate_results(ledger, chosen) if suite in (None, result.suite))
    if json_out:
        show.as_json([asdict(result) for result in found if show_all or is_told(result)])
    else:
        say_results(chosen, found, show_all)


def _chosen(text: str | None, known: list[str]) -> str:
    """The run that `text` begins, the newest by default; `known` are the newest first."""
    if not known:
        raise click.ClickException("还没有检查过任何东西，请先运行 peak run / nothing was checked yet: peak run")
    found = [run for run in known if text is None or run.startswith(text)]
    if text is None or len(found) == 1:
        return found[0]
    listed = "".join(f"\n  {run}" for run in (found or known)[:5])
    what = "不止一次运行以此开头 / several runs begin with this" if found else "没有这次运行 / no such run"
    raise click.BadParameter(f"{what}: {text}{listed}", param_hint="--run")
