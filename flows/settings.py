"""Prefect's settings for this project, set before it is imported; what the environment already says stands."""

from __future__ import annotations

import os

from warehouse.paths import home

DEFAULTS = {
    "PREFECT_HOME": str(home().prefect),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "DO_NOT_TRACK": "1",
    # a cold machine can take half a minute to start the temporary server
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}

# Prefect makes its own folder but not the folders above it
home().root.mkdir(parents=True, exist_ok=True)
for name, value in DEFAULTS.items():
    os.environ.setdefault(name, value)
