"""`peak template`: the form a bureau fills in."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("feed")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="文件名 / file, default <feed>.xlsx"
)
def template(feed: str, output: Path | None) -> None:
    """空白填报表 / An empty workbook with the right headers, notes and drop-downs for coded columns."""
    from sources.contract import contracts
    from sources.templates import write_template

    if feed not in contracts():
        known = ", ".join(contracts())
        raise click.BadParameter(f"没有这个数据集 / no such feed: {feed}\n{known}", param_hint="FEED")
    path = output or Path(f"{feed}.xlsx")
    if path.exists():
        raise click.UsageError(f"文件已存在，不覆盖 / the file exists already: {path}")
    try:
        write_template(contracts()[feed], path)
    except OSError as error:
        raise click.BadParameter(f"不能写入 / cannot be written: {error}", param_hint="-o") from None
    click.echo(f"已生成 / written: {path}")
