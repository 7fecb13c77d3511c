"""Renders the SQL macros of the dbt project without dbt, so that arithmetic is tested in milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jinja2

from warehouse.paths import DBT_PROJECT


class _Adapter:
    """Stands in for dbt's adapter: dispatch finds `<engine>__<name>` among the macros already loaded."""

    def __init__(self, namespace: dict[str, Any], engine: str) -> None:
        self.namespace, self.engine = namespace, engine

    def dispatch(self, name: str, project: str) -> Callable[..., str]:
        return self.namespace[f"{self.engine}__{name}"]


def macros(engine: str = "duckdb") -> dict[str, Callable[..., str]]:
    """All macros of the project by name, for that engine; each returns SQL text."""
    namespace: dict[str, Any] = {}
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update({"return": lambda value: value, "adapter": _Adapter(namespace, engine)})
    text = "\n".join(file.read_text("utf-8") for file in sorted((DBT_PROJECT / "macros").glob("*.sql")))
    namespace.update(vars(environment.from_string(text).module))
    return namespace
