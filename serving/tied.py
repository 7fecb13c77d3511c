"""Importing this ties the process to the one that started it: the fork server would outlive it while it has a run."""

from __future__ import annotations

from sources.mortal import die_with_parent

die_with_parent()
