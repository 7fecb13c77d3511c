"""The environment of every standing part: one home, one server, none of Prefect's talk to the outside."""

from __future__ import annotations

import os
from pathlib import Path

from serving.settings import Serve
from warehouse.paths import Home

# Prefect forgets runs after that; the ledger never does
KEPT_DAYS = 400


def warm_socket(home: Home) -> Path:
    """Where the warm process answers."""
    return home.prefect / "warm.sock"


def environment(home: Home, settings: Serve) -> dict[str, str]:
    """What the parts of `home` find in their environment; no other Prefect setting reaches them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**kept, **_prefect(home, settings), **_ours(home, settings), "NO_PROXY": "127.0.0.1,localhost"}


def _ours(home: Home, settings: Serve) -> dict[str, str]:
    return {
        "PEAK_HOME": str(home.root),
        "PEAK_WARM": str(warm_socket(home)),
        "PEAK_RUN_LOG": str(home.prefect / "logs" / "runs.log"),
        "PEAK_SITE_URL": settings.site,
        "PEAK_SITE_AUTH": settings.auth,
    }


def _prefect(home: Home, settings: Serve) -> dict[str, str]:
    found = {
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_API_URL": settings.api,
        "PREFECT_UI_URL": settings.ui,
        # whatever name or address the reader came by
        "PREFECT_UI_API_URL": "/api",
        # its other pages load the settings of a tracker from outside, whatever ANALYTICS_ENABLED says
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
        # a page of another site that the operator has open must not speak to this server
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": settings.ui,
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEPT_DAYS * 86400),
        # that a task was completed is in its state; what is said of files and gates is the run's own log
        "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "WARNING",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }
    if settings.database:
        found["PREFECT_API_DATABASE_CONNECTION_URL"] = settings.database
    if settings.auth:
        found |= {"PREFECT_SERVER_API_AUTH_STRING": settings.auth, "PREFECT_API_AUTH_STRING": settings.auth}
    return found
