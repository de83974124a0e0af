# Two commands matter: `make demo` and `make test`. Both install what is missing first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000

# With another Python than the one it was made with (the system was upgraded) .venv finds nothing that it holds.
ifneq ($(shell $(BIN)/python -c 'import click' 2>/dev/null || echo lost),)
$(shell rm -f $(STAMP))
endif

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint audit fuzz bench torture mutants screenshots lock

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(STAMP): requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ASPAL membutuhkan Python 3.11 atau lebih baru (PYTHON=/path/ke/python3.11 make ...)."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Modul venv belum ada. Di Debian/Ubuntu: apt-get install python3-venv"; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv || true
	@if $(BIN)/python -m uv --version >/dev/null 2>&1; then \
	  $(BIN)/python -m uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock && \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock; \
	fi
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# Compiled here: the user of the services may not write beside the code, and would do it anew in each cron run.
setup: $(STAMP) ## install into .venv, nothing else
	@$(BIN)/python -m compileall -qq $(VENV)/lib aspal jobs migrations || true

demo: $(STAMP) ## the main job on sample data, in the browser (PORT=8000)
	@PORT=$(PORT) $(BIN)/aspal demo

test: $(STAMP) ## every test, on SQLite and on a real PostgreSQL, one process a core
	@$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal $(ARGS)

lint: $(STAMP) ## ruff, mypy, import contracts, bandit
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/bandit -q -ll -r aspal jobs app.py migrations

audit: $(STAMP) ## known vulnerabilities of the locked packages; needs the network
	@$(BIN)/python -m uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements.lock || { \
	  echo "pip-audit: lihat di atas. 'could not be audited' atau galat jaringan berarti layanan data kerentanan"; \
	  echo "tidak terjangkau dari mesin ini: paket BELUM diperiksa. Ulangi dari mesin yang dapat mencapainya."; exit 1; }

fuzz: $(STAMP) ## N strange but signed webhooks through the whole web and the worker (N=100000)
	@$(BIN)/python -m tests.security.fuzz $(or $(N),100000)

bench: $(STAMP) ## figures side by side with the bare limits (QUICK=1 for a short run, ARGS="--only send" for a part)
	@$(BIN)/python -m bench $(if $(QUICK),--quick) $(ARGS)

torture: $(STAMP) ## kill workers, break the provider, count what people heard (SECONDS=120, ARGS=--help)
	@$(BIN)/python -m torture --seconds $(or $(SECONDS),120) $(ARGS)

mutants: $(STAMP) ## remove one guard at a time and see that a test notices (ONLY="words of its name")
	@$(BIN)/python -m mutants $(if $(ONLY),"$(ONLY)")

screenshots: $(STAMP) ## the pictures of docs/panduan-admin.md anew
	@$(BIN)/python docs/screenshots.py

lock: $(STAMP) ## resolve the dependencies anew
	@$(BIN)/uv pip compile pyproject.toml --generate-hashes --universal --no-header -q -U -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra dev -c requirements.lock --generate-hashes --universal --no-header -q -U -o requirements-dev.lock
