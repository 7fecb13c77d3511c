"""Which blocks and automations follow from which settings."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from flows import events, tasks
from flows.night import Night
from serving import pool
from serving.api import Api
from serving.notify import PAGE, block_name, channel_of, set_up
from serving.notify_settings import Notify, notify_settings
from serving.occasions import OCCASIONS
from sources.contract import contracts
from sources.intake import Outcome
from sources.ledger import Ledger
from sources.settings import BadSettings
from warehouse.paths import Home

CHANNELS = '[notify.channels]\noffice = "json://a/"\nindustry = "json://b/"\n'
BUREAU = contracts()["energy_supply"].owner


def home_with(folder: Path, text: str) -> Home:
    home = Home(folder)
    home.settings.write_text(text, "utf-8")
    return home


def names(home: Home) -> list[str]:
    return [told.name for told in notify_settings(home).told]


def test_without_settings_nobody_is_told(tmp_path: Path) -> None:
    assert names(Home(tmp_path)) == []


def test_operators_are_told_of_everything_and_a_bureau_of_its_own(tmp_path: Path) -> None:
    text = f'[notify]\noperators = ["office"]\n{CHANNELS}[notify.bureaus]\n"{BUREAU}" = ["industry"]\n'
    assert names(home_with(tmp_path, text)) == [
        *(f"peak: {occasion.name} → office" for occasion in OCCASIONS),
        f"peak: quarantined → industry ({BUREAU})",
        f"peak: feed_late → industry ({BUREAU})",
    ]
    told = notify_settings(Home(tmp_path)).told
    assert [item.occasion.trigger(item.bureau)["match"].get("peak.bureau") for item in told[-2:]] == [BUREAU] * 2
    assert "peak.bureau" not in told[0].occasion.trigger(None)["match"]


def test_an_occasion_may_go_to_others_or_to_nobody(tmp_path: Path) -> None:
    text = '[notify.occasions]\naudit_failed = ["industry"]\nfeed_late = []\n'
    found = names(home_with(tmp_path, f'[notify]\noperators = ["office"]\n{CHANNELS}{text}'))
    assert "peak: audit_failed → industry" in found and not [name for name in found if "feed_late" in name]
    assert "peak: audit_failed → office" not in found


def test_a_contact_of_the_contract_is_told_unless_the_settings_say_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from serving import notify_settings as module

    contract = replace(contracts()["energy_supply"], contact="industry")
    monkeypatch.setattr(module, "contracts", lambda: {"energy_supply": contract})
    assert names(home_with(tmp_path, CHANNELS)) == [
        f"peak: quarantined → industry ({BUREAU})",
        f"peak: feed_late → industry ({BUREAU})",
    ]
    named = home_with(tmp_path, f'{CHANNELS}[notify.bureaus]\n"{BUREAU}" = ["office"]\n')
    assert names(named) == [f"peak: quarantined → office ({BUREAU})", f"peak: feed_late → office ({BUREAU})"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[notify]\noperator = []\n", "operator"),
        ('[notify]\noperators = "office"\n', "list"),
        ('[notify]\noperators = ["nobody"]\n', "nobody"),
        ("[notify]\nchannels = 3\n", "section"),
        ('[notify.channels]\noffice = "no address"\n', "address"),
        ('[notify.channels]\noffice = "env:PEAK_NOT_THERE"\n', "PEAK_NOT_THERE"),
        (f'{CHANNELS}[notify.bureaus]\n"没有这个局" = ["office"]\n', "没有这个局"),
        (f'{CHANNELS}[notify.occasions]\nsunrise = ["office"]\n', "sunrise"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        notify_settings(home_with(tmp_path, text))


def test_every_channel_has_a_block_of_its_own() -> None:
    found = [block_name(name) for name in ("office", "Office", "值班", "值班室", "off ice", "office-")]
    assert found[0] == "office" and len(set(found)) == len(found)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in found)


def refused(feed: str, name: str) -> Outcome:
    return Outcome("quarantined", "r", feed, name, delivery_id="D", zh="不是数字", en="not a number")


def test_each_bureau_gets_one_event_a_run_however_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(events, "tell", lambda event, resource, name, **labels: told.append((resource, labels)))
    files = [refused("energy_supply", f"{number}.csv") for number in range(100)]
    events.tell_bureaus([*files, refused("waste_weighings", "磅.csv")])
    assert len(told) == 2
    labels = next(labels for resource, labels in told if resource == f"peak.bureau.{BUREAU}")
    assert labels["count"] == 100 and str(labels["files"]).count(".csv") == events.MOST
    assert str(labels["files"]).endswith("'…']")


def test_a_hidden_enterprise_hides_nothing_of_the_next_file() -> None:
    said = events._said(["a.csv enterprise_name=某某公司", "b.csv 不是数字"])
    assert "某某公司" not in said and said.endswith("; b.csv 不是数字")


def test_the_bureau_is_told_where_the_report_of_each_file_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_SITE_URL", "http://peak")
    assert "http://peak/quarantine/D/report.html" in events._refused(refused("energy_supply", "a.csv"))


@pytest.mark.parametrize("address", ["foo://bar", "wecombot://", "dingtalk://"])
def test_an_address_that_nothing_can_be_sent_to_is_refused_without_what_is_secret_in_it(address: str) -> None:
    with pytest.raises(BadSettings, match=r"\[notify.channels\] office = \w+://…"):
        channel_of("office", address)


def test_a_secret_that_is_not_there_is_said_with_its_channel(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"\[notify.channels\] office = env:PEAK_NOT_THERE"):
        notify_settings(home_with(tmp_path, '[notify.channels]\noffice = "env:PEAK_NOT_THERE"\n'))


def test_a_long_message_goes_in_as_many_as_the_service_takes() -> None:
    (service,) = channel_of("office", "wecombot://0123456789/").services
    sent = [part["title"] + part["body"] for part in service._apply_overflow("碳" * 2000, title="达峰")]
    assert len(sent) > 2 and all(len(text.encode()) <= 2048 for text in sent)
    assert "".join(sent).count("碳") == 2000
    (service,) = channel_of("office", "json://127.0.0.1/?overflow=truncate").services
    assert service.overflow_mode.value == "truncate"


def test_bureaus_hear_of_refused_files_also_when_the_run_fails_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    def take_in(_: object, file: int) -> Outcome:
        if file == 2:
            raise OSError("No space left on device")
        return refused("energy_supply", "表.csv")

    told: list[Outcome] = []
    monkeypatch.setattr(tasks, "look_into_inbox", lambda *_: [1, 2])
    monkeypatch.setattr(tasks, "take_in_one", take_in)
    monkeypatch.setattr(tasks, "tell_operators", lambda *_: None)
    monkeypatch.setattr(events, "tell_bureaus", told.extend)
    with pytest.raises(OSError, match="No space"):
        tasks.taken_from_inbox(Night(Home(Path()), cast(Ledger, None), "r", date(2026, 3, 3), None))
    assert [item.file_name for item in told] == ["表.csv"]


def test_a_mail_is_plain_text_so_that_a_name_of_a_file_is_no_markup() -> None:
    for address in (
        "mailto://mail.example/?to=li@example.cn&from=p@example.cn",
        "mailto://u:p@mail.example?format=html",
    ):
        (service,) = channel_of("office", address).services
        assert service.notify_format.value == "text"


def test_what_the_server_forgot_is_set_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(*_: object) -> tuple[str, bool]:
        server.automations = [automation(told.name, "b") for told in notify_settings(home).told]
        return "set up", True

    home = home_with(tmp_path, f'[notify]\noperators = ["office"]\n{CHANNELS}')
    home.prefect.mkdir()
    monkeypatch.setattr(pool, "_run", run)
    server = Recorded([])
    told = [asyncio.run(pool.ensure_told(cast(Api, server), home, {"PEAK_SITE_URL": ""})) for _ in range(2)]
    server.automations = []  # another database
    told.append(asyncio.run(pool.ensure_told(cast(Api, server), home, {"PEAK_SITE_URL": ""})))
    assert told == ["● set up", "", "● set up"]


class Recorded:
    """What Prefect answers and is asked: automations in pages, the newest of them those of others."""

    def __init__(self, automations: list[dict[str, Any]]) -> None:
        self.automations, self.asked = automations, list[tuple[str, str]]()

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        self.asked.append((method, path))
        return self.automations[body["offset"] :][: body["limit"]] if path.endswith("/filter") else None


def automation(name: str, block: str, number: int = 0) -> dict[str, Any]:
    tells = {"type": "send-notification", "block_document_id": block}
    return {"id": f"{name}{number}", "name": name, "actions": [tells], "enabled": True}


def test_the_secret_of_a_channel_that_is_none_any_more_goes_with_its_automations() -> None:
    others = [automation("mine", "shared", number) for number in range(PAGE)]
    ours = [automation("peak: audit_failed → a", "gone"), automation("peak: audit_failed → b", "shared")]
    api = Recorded(others + ours)
    done = asyncio.run(set_up(cast(Api, api), Notify({}, ()), ""))
    assert done.removed == ["peak: audit_failed → a", "peak: audit_failed → b"]
    assert [path for method, path in api.asked if method == "DELETE"] == [
        *(f"/automations/{item['id']}" for item in ours),
        "/block_documents/gone",
    ]


def test_nothing_is_sent_outside_a_run() -> None:
    events.tell("peak.run.ended", "peak.run.R", "R", result="published")  # no server is near: it would fail or wait
