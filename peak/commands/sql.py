"""`peak sql`: read-only questions to the current release."""

from __future__ import annotations

import csv
import io
import sys
from typing import Any

import click

from peak import show
from warehouse.harmless import formula_safe
from warehouse.paths import home


@click.command()
@click.argument("query", required=False)
@click.option("--csv", "csv_out", is_flag=True, help="以 CSV 输出 / print CSV")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
@click.option("--max-rows", type=click.IntRange(1), default=10_000, show_default=True, help="最多行数 / row limit")
@click.option("--timeout", type=click.FloatRange(0.1), default=60.0, show_default=True, help="秒数限制 / seconds")
def sql(query: str | None, csv_out: bool, json_out: bool, max_rows: int, timeout: float) -> None:
    """只读查询 / Ask the current release in SQL; no file, network, extension or setting can be reached.

    QUERY 省略时从标准输入读取 / without QUERY the statement is read from standard input.
    """
    from warehouse.read import QueryError
    from warehouse.read import query as ask
    from warehouse.shelf import DamagedRelease

    if csv_out and json_out:
        raise click.UsageError("--csv 与 --json 只能选一个 / either --csv or --json")
    statement = query if query is not None else sys.stdin.read()
    if not statement.strip():
        raise click.UsageError("没有查询语句 / no statement given")
    try:
        result = ask(home(), statement, timeout_s=timeout, max_rows=max_rows)
    except (QueryError, DamagedRelease) as error:
        raise click.ClickException(str(error)) from None
    if json_out:
        _print_json(result.columns, result.rows)
    elif csv_out:
        _print_csv(result.columns, result.rows)
    else:
        show.result(show.console(), result.columns, result.rows)
    if result.is_cut:
        click.echo(f"只显示前 {max_rows} 行 / only the first {max_rows} rows are shown", err=True)


def _print_json(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    if len(set(columns)) < len(columns):
        raise click.ClickException(
            "JSON 输出的列名不能重复，请用 as 改名 / columns must differ in name, rename with `as`"
        )
    show.as_json([dict(zip(columns, row, strict=True)) for row in rows])


def _print_csv(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    buffer = io.StringIO(newline="")
    # a carriage return inside a cell is quoted only when it could end a line
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow(map(formula_safe, row))
        sys.stdout.write(buffer.getvalue().removesuffix("\r\n") + "\n")
        buffer.seek(0)
        buffer.truncate()
