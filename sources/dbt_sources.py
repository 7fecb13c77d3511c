"""The dbt descriptions of raw tables and staging models, generated from the contracts.

`python -m sources.dbt_sources` writes them, with `--check` it exits 1 when they are not current.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from sources.contract import Contract, contracts
from sources.generated import update
from warehouse.paths import DBT_PROJECT

STAGING = DBT_PROJECT / "models" / "staging"
NOTICE = "# Generated from the contracts by `python -m sources.dbt_sources`; do not edit.\n"
Columns = dict[str, str]

ORIGIN_RAW: Columns = {
    "_region": "地区编号 / Region.",
    "_delivery": "交付编号 / Delivery the row came in.",
    "_scope": "范围值，各范围字段以 | 相连 / Scope the row belongs to, its fields joined by |.",
    "_is_empty": "是否空范围行 / Whether the row only says that its scope is empty.",
    "_sheet": "来源工作表，仅 XLSX / Sheet of origin, XLSX only.",
    "_row": "来源行号 / Row of origin in the file.",
}
ORIGIN: Columns = {
    "region": ORIGIN_RAW["_region"],
    "delivery_id": ORIGIN_RAW["_delivery"],
    "scope": ORIGIN_RAW["_scope"],
    "sheet": ORIGIN_RAW["_sheet"],
    "row_number": ORIGIN_RAW["_row"],
}
SCOPES: Columns = {
    "region": ORIGIN["region"],
    "delivery_id": ORIGIN["delivery_id"],
    "feed": "数据集 / Feed.",
    "scope": "范围值 / Scope.",
    "member": "范围所属成员，成员不在范围内时为空 / Member the scope speaks for, missing when it is no scope field.",
    "period_start": "所属期第一天 / First day of the scope's period.",
    "period_end": "所属期最后一天 / Last day of the scope's period.",
    "row_count": "行数 / Rows of the scope in the delivery.",
    "is_empty": "是否空范围 / Whether the scope is delivered as empty.",
}
# The large feeds: the model that is kept up scope by scope, and its column that counts the rows of the feed.
KEPT_UP = {
    "meter_readings": ("int_meter_days", "readings"),
    "charging_sessions": ("int_charging_days", "sessions"),
    "waste_weighings": ("int_waste_daily", "tickets"),
}
LEDGER: dict[str, tuple[str, str, Columns]] = {
    "winning_scopes": (
        "winning_scopes",
        "每行为一个地区、数据集、范围的生效交付 / One row per region, feed and scope: the delivery that wins it.",
        SCOPES
        | {
            "is_partial": "接收时是否剔除过行 / Whether rows of the scope were left out when it was taken in.",
            "corrections": "按更正表改正的数值个数 / Values of the scope that the table of corrections put right.",
        },
    ),
    "held_scopes": (
        "held_scopes",
        "每行为一个本应由被暂扣交付生效的范围 / One row per scope for which a delivery would speak that is on hold.",
        {
            name: SCOPES[name]
            for name in ("region", "delivery_id", "feed", "scope", "member", "period_start", "period_end")
        },
    ),
    "changed_scopes": (
        "changed_scopes",
        "每行为一个本次需重算的范围，含已无生效交付的 / One row per scope taken up anew, also without a winner.",
        {name: SCOPES[name] for name in ("region", "feed", "scope", "member", "period_start", "period_end")},
    ),
    "deliveries": (
        "ledger_deliveries",
        "每行为一个收到的交付 / One row per delivery that ever arrived.",
        {
            "region": ORIGIN["region"],
            "delivery_id": "交付编号 / Id of the delivery.",
            "feed": SCOPES["feed"],
            "file_name": "文件名 / Name of the file.",
            "sha256": "文件的 SHA-256 / SHA-256 of the file.",
            "seq": "登记次序 / Order in the ledger.",
            "received_at": "收到时间 / Time it was received.",
            "status": "状态：accepted、quarantined 等 / State: accepted, quarantined …",
            "reason": "原因 / Reason of the state.",
            "size_bytes": "文件大小（字节） / Size of the file in bytes.",
            "row_count": "行数 / Rows taken in.",
            "excluded_rows": "接收时剔除的行数 / Rows left out when it was taken in.",
        },
    ),
    "run": (
        "run",
        "一行：本次构建所属的运行 / One row: the run this build belongs to.",
        {
            "as_of": "运行日期 / Date of the run.",
            "code_version": "代码版本 / Version of the code.",
        },
    ),
}


def _columns(columns: Columns) -> list[dict[str, str]]:
    return [{"name": name, "description": text} for name, text in columns.items()]


def _winning_scopes_tests() -> list[dict[str, Any]]:
    """Their key, and that every feed has the rows recorded of it; the large feeds by the sums kept up of them."""
    feeds = {name: f"ref('stg_{name}')" for name in contracts() if name not in KEPT_UP}
    kept = {name: {"relation": f"ref('{model}')", "rows": rows} for name, (model, rows) in KEPT_UP.items()}
    return [
        {"sound": {"name": "stg_winning_scopes_is_sound", "arguments": {"key": ["region", "feed", "scope"]}}},
        {"rows_as_recorded": {"name": "staging_has_rows_as_recorded", "arguments": {"feeds": feeds, "kept_up": kept}}},
    ]


def _source(contract: Contract) -> dict[str, Any]:
    fields = {field.name: field.description for field in contract.fields}
    return {
        "name": contract.feed,
        "description": f"{contract.title}。{contract.description}",
        "columns": _columns(fields | ORIGIN_RAW),
    }


def _model(contract: Contract) -> dict[str, Any]:
    fields = {field.name: field.description for field in contract.fields if not field.private}
    return {
        "name": f"stg_{contract.feed}",
        "description": f"{contract.title}，仅生效的交付。{contract.description}",
        "columns": _columns(ORIGIN | fields),
    }


def _ledger_model(name: str) -> dict[str, Any]:
    _, description, columns = LEDGER[name]
    model: dict[str, Any] = {"name": f"stg_{name}", "description": description, "columns": _columns(columns)}
    if name == "winning_scopes":
        model["data_tests"] = _winning_scopes_tests()
    return model


def documents() -> dict[Path, str]:
    """The text of every generated file by its path."""
    ledger = [
        {"name": raw, "description": text, "columns": _columns(columns)} for raw, text, columns in LEDGER.values()
    ]
    raw = {
        "name": "raw",
        "schema": "raw",
        "description": "已接收交付的原始行 / The rows of accepted deliveries, as read.",
        "tables": [_source(contract) for contract in contracts().values()] + ledger,
    }
    models = [_model(contract) for contract in contracts().values()] + [_ledger_model(name) for name in LEDGER]
    return {
        STAGING / "_sources.yml": _dump({"version": 2, "sources": [raw]}),
        STAGING / "_staging.yml": _dump({"version": 2, "models": models}),
    }


def _dump(document: dict[str, Any]) -> str:
    return NOTICE + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


if __name__ == "__main__":
    sys.exit(update(documents(), check="--check" in sys.argv[1:]))
