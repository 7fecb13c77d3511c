"""`peak backup`: a copy of what cannot be rebuilt."""

from __future__ import annotations

from pathlib import Path

import click

from warehouse.harmless import shown_name
from warehouse.paths import home


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--verify", is_flag=True, help="不复制，逐字节核对已有备份 / copy nothing, read every byte of a backup")
def backup(folder: Path, verify: bool) -> None:
    """备份账本、归档、已收行与设置 / Copy ledger, archive, accepted rows and settings into FOLDER.

    只复制新增的文件，运行中也可执行；恢复时把 FOLDER 作为 PEAK_HOME 即可 / only what is new is copied, also while a run
    writes; to restore, use FOLDER as PEAK_HOME. 见 / see docs/serving.md.
    """
    from warehouse.backup import BadBackup, back_up
    from warehouse.backup import verify as wrong_in

    try:
        if verify:
            _say_wrong(wrong_in(folder, click.echo))
            return
        done = back_up(home(), folder, click.echo)
    except BadBackup as error:
        raise click.ClickException(str(error)) from None
    except FileNotFoundError:
        raise click.ClickException(f"还没有账本 / there is no ledger yet: {home().ledger}") from None
    megabytes = done.copied_bytes / 1e6
    click.echo(f"● 已备份 / backed up: {folder}，新增 / new {done.copied} ({megabytes:.1f} MB)，共 / of {done.files}")


def _say_wrong(wrong: list[Path]) -> None:
    if not wrong:
        click.echo("● 备份完好 / the backup is sound")
        return
    for file in wrong:
        click.echo(f"✕ 字节不符 / other bytes than its name says: {shown_name(file)}")
    raise SystemExit(1)
