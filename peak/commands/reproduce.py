"""`peak reproduce`: build a release again from archive and ledger, and compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from peak import show
from peak.choosing import chosen_release, reading
from warehouse.harmless import shown_name
from warehouse.paths import home

if TYPE_CHECKING:
    from warehouse.reproduce import Reproduction

SHOWN = 40


@click.command()
@click.argument("release")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def reproduce(release: str, json_out: bool) -> None:
    """重算一个版本 / Rebuild a release from archive and ledger alone in a scratch home and compare content_sha256.

    RELEASE 可只写开头，已清理的版本也可 / any unique beginning of the id will do; pruned releases too.
    数据目录不变；临时目录由 TMPDIR 指定 / the home does not change; TMPDIR says where the scratch home is made.
    退出码 / exit codes: 0 一致 equal, 1 不一致 different, 2 用法错误 wrong usage.
    """
    from warehouse.reproduce import reproduce as rebuild

    err = show.console(stderr=True)

    def tell(line: str) -> None:
        if not json_out:
            err.print(line, markup=False, soft_wrap=True)

    place = home()
    with reading(place) as ledger:
        chosen = chosen_release(place, ledger, release)
        found = rebuild(place, ledger, chosen, tell)
    if json_out:
        show.as_json(_plain(found))
    else:
        _say(found)
    if not found.is_equal:
        raise SystemExit(1)


def _plain(found: Reproduction) -> dict[str, Any]:
    names = ("region", "indicator", "method", "base_year", "period_type", "period_start")
    return {
        "release_id": found.release.release_id,
        "as_of": found.release.as_of,
        "is_equal": found.is_equal,
        "content_sha256": {"published": found.release.content_sha256, "reproduced": found.content_sha256},
        "problem": found.problem,
        "partitions": [asdict(item) for item in found.partitions],
        "cells": [dict(zip(names, key, strict=True)) for key in found.cells],
        "read_differently": [
            {"delivery_id": d.delivery_id, "region": d.region, "feed": d.feed, "file_name": d.file_name}
            for d in found.reread
        ],
        "inputs": asdict(found.inputs),
    }


def _say(found: Reproduction) -> None:
    console = show.console()
    if found.is_equal:
        console.print(f"● 一致 / equal: {found.release.release_id}", style="green", markup=False)
    else:
        console.print(f"✕ 不一致 / different: {found.release.release_id}", style="red", markup=False)
    console.print(f"发布时 / published  {found.release.content_sha256}", soft_wrap=True)
    console.print(f"重算得 / reproduced {found.content_sha256 or '—'}", soft_wrap=True)
    if found.problem:
        console.print(found.problem, style="red", markup=False, soft_wrap=True)
    if not found.is_equal:
        _say_differences(found)
    _say_inputs(found)


def _say_differences(found: Reproduction) -> None:
    parts = [
        f"{part.table} {part.period}: {_rows(part.rows_then)} → {_rows(part.rows_now)} 行 / rows"
        for part in found.partitions
    ]
    _list("不同的表与期间 / tables and periods that differ", parts)
    values = [" ".join(str(part) for part in key if part is not None) for key in found.cells]
    _list("不同的指标值 / indicator values that differ", values)
    files = [f"{d.delivery_id} {d.region}/{d.feed}/{shown_name(d.file_name)}" for d in found.reread]
    _list("归档重读后内容不同的交付 / deliveries that read differently today", files)


def _say_inputs(found: Reproduction) -> None:
    inputs = found.inputs
    if inputs.is_same:
        click.echo(
            "代码、合约、模型、检查集、依赖锁与发布时相同 / code, contracts, models, suites and lock file are the same"
        )
        return
    click.echo(f"与发布时不同 / not as they were: {', '.join(inputs.groups)}")
    click.echo(f"提交 / commit: {inputs.commit_then or '—'} → {inputs.commit_now or '—'}")
    if not found.is_equal:
        _list("不同的文件 / files that differ", [f"{item.group}: {item.path} ({item.change})" for item in inputs.files])


def _list(title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    click.echo(f"{title}（{len(lines)}）")
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo(f"  … {len(lines) - SHOWN} 未列出，--json 全部列出 / more, --json lists all")


def _rows(count: int | None) -> str:
    return "—" if count is None else str(count)
