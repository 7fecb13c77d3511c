"""The intake flow: what has arrived is judged within the minute; what is published stays as it is until the night."""

from __future__ import annotations

from prefect import flow
from prefect.logging import get_run_logger

from flows.night import one_night
from flows.pages import dated
from flows.parameters import LONGEST_S, Publish, Region, Wait
from flows.refresh import Summary, ended_well, refresh, taken_in
from flows.tasks import taken_from_inbox
from sources.settling import WATCHED_S, settle_seconds


@flow(name="intake", flow_run_name=dated("intake"), timeout_seconds=LONGEST_S)
def intake(region: Region = None, publish: Publish = False, wait: Wait = 60.0) -> Summary:
    """Take in what waits, so that a bureau learns at once what is wrong with a file; publish only if asked to.

    Args:
        region: 只收取该地区的文件，空为全部 / only this region's inbox is emptied, all when empty.
        publish: 收件后接着计算、核查并发布 / go on to build, gate and publish, as the night does.
        wait: 等待同一数据目录的其他运行，逾时即失败 / for another run of the same home, before giving up.

    Raises:
        Stopped: A gate stopped the publication that was asked for.
    """
    with one_night("intake", region, wait=wait, log=get_run_logger()) as night:
        outcomes = taken_from_inbox(night, settle_seconds(WATCHED_S))
        summary = refresh(night, outcomes) if publish else taken_in(night, outcomes)
    return ended_well(summary)
