# Two commands are enough: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PEAK   := $(BIN)/peak

.DEFAULT_GOAL := help
.PHONY: help install run test lint types sql-lint unit slow fix lock clean bench-reading bench-night bench-history bench-standing bench-gates faults

help: ## Show this list / 列出命令
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

install: $(VENV)/installed ## Create .venv from the hash-locked lock file / 安装

# --no-deps: the lock file is complete, so nothing outside it can be resolved in; `pip check` proves it.
$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed / 需要 Python 3.11 或更高版本")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check
	touch $@

run: install ## Demo and real deliveries in, nightly flow, release, scorecard / 一键运行
	@$(PEAK) demo --once
	@$(PEAK) run

# two at a time: the fast tests need nothing of what the slow ones need
test: install ## Everything that CI runs, two parts at a time / 全部检查与测试
	@$(MAKE) --no-print-directory --jobs=2 --keep-going slow lint types sql-lint unit

lint: install ## Style of Python and generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install ## Static types
	$(BIN)/mypy

sql-lint: install ## Style and portability of the models
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 dbt_project/models

unit: install ## Fast tests
	$(BIN)/pytest -m "not slow"

slow: install ## Whole builds, the real Prefect server
	$(BIN)/pytest -m slow

fix: install ## Mend style where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: install ## Renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -o requirements.lock

# The folder is kept: begun again it goes on. FAULTS="--points 50 --first 900" asks for others.
FAULTS ?= --points 500
FAULTS_WORK ?= .faults
POLLUTED ?= --files 5000
faults: install ## Take in 5,000 polluted files; kill 500 nights at seeded points and do them again / 坏文件与断电演练
	$(BIN)/python -m tests.faults.polluter $(POLLUTED)
	$(BIN)/python -m tests.faults $(FAULTS) --work $(FAULTS_WORK)

bench-reading: install ## Reading 1 M rows of CSV against DuckDB's own reader
	$(BIN)/python benchmarks/reading.py

bench-night: install ## What a night costs, stage by stage, from nothing and with one new file
	$(BIN)/python -m benchmarks.night

bench-history: install ## What one revised day costs with one and with ten times the stored history
	$(BIN)/python -m benchmarks.history

bench-standing: install ## What a night costs under `peak serve`, stage by stage, and an empty night
	$(BIN)/python -m benchmarks.standing

bench-gates: install ## Judging 10 M rows against plain SQL of the same checks
	$(BIN)/python -m benchmarks.gates

clean: ## Remove the environment and caches, never the data home
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dbt_project/target
