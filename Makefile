# `make` alone lists what there is.
PYTHON     ?= python3
CAIRN_DATA ?= cairn-data

VENV    := .venv
BIN     := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt
PINS    := pyproject.toml constraints.txt
# Servers that tests start, each installed apart: what they need would not fit what we need.
MLFLOW  := .servers/mlflow
MLFLOW2 := .servers/mlflow2
AIRFLOW := .servers/airflow
# What judges documents that tests write: apart for the same reason.
TRESTLE := .servers/trestle
SCHEMAS := .servers/schemas
OSCAL   := https://github.com/usnistgov/OSCAL/releases/download/v1.2.1/oscal_assessment-results_schema.json
SARIF   := https://raw.githubusercontent.com/oasis-tcs/sarif-spec/a560296ca8c921f3bdb8d4a8db57ab83dae968a7/sarif-2.1/schema/sarif-schema-2.1.0.json
DAEMONS := prometheus prometheus-alertmanager docker-registry

.DEFAULT_GOAL := help
.PHONY: help run test test-servers check bench bench-large format constraints clean browser daemons schemas

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## install, build the demo organisation if there is no data, serve the pages
	@if [ ! -f "$(CAIRN_DATA)/store/CURRENT" ]; then \
	  echo "No data in $(CAIRN_DATA): building the demo organisation"; \
	  $(BIN)/cairn --data "$(CAIRN_DATA)" demo; \
	fi
	@exec $(BIN)/cairn --data "$(CAIRN_DATA)" serve

test: $(VENV)/.test browser daemons $(MLFLOW)/.done $(TRESTLE)/.done schemas ## run all tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-servers: $(VENV)/.test $(AIRFLOW)/.done $(MLFLOW2)/.done ## run the slow tests against real servers
	$(BIN)/python -m pytest -m servers -v
	CAIRN_MLFLOW=$(CURDIR)/$(MLFLOW2)/bin/mlflow \
	  $(BIN)/python -m pytest tests/connectors/mlflow/test_real_server.py -v

check: $(VENV)/.test ## format, lint, types, import rules, and docs that match the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.reference --check

bench: $(VENV)/.test ## measure what must be fast, as a table and as JSON
	$(BIN)/python -m benchmarks

bench-large: $(VENV)/.test ## measure a hundred million lines of bills (half an hour, 30 GB of disk)
	CAIRN_BENCH_ROWS=100000000 $(BIN)/python -m benchmarks bills allocation

format: $(VENV)/.test ## rewrite the code in the house format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

constraints: ## resolve the newest versions that pyproject.toml allows into constraints.txt
	@echo "Resolving in build/constraints"
	@$(PYTHON) -m venv --clear build/constraints
	@build/constraints/bin/pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	@{ sed '/^[^#]/,$$d' constraints.txt; build/constraints/bin/pip freeze --exclude-editable; } > build/constraints.txt
	@mv build/constraints.txt constraints.txt
	@rm -rf build/constraints

$(MLFLOW)/.done: tests/servers/mlflow.txt
	@echo "Installing the MLflow server that tests start"
	@$(PYTHON) -m venv --clear $(MLFLOW)
	@$(MLFLOW)/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	@touch $@

$(MLFLOW2)/.done: tests/servers/mlflow2.txt
	@echo "Installing the MLflow server of the major version before"
	@$(PYTHON) -m venv --clear $(MLFLOW2)
	@$(MLFLOW2)/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	@touch $@

$(AIRFLOW)/.done: tests/servers/airflow.txt
	@echo "Installing the Airflow server that tests start"
	@$(PYTHON) -m venv --clear $(AIRFLOW)
	@$(AIRFLOW)/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	@touch $@

$(TRESTLE)/.done: tests/servers/trestle.txt
	@echo "Installing what judges OSCAL documents in tests"
	@$(PYTHON) -m venv --clear $(TRESTLE)
	@$(TRESTLE)/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement $<
	@touch $@

# Schemas that their publishers give away; tests take them only with the hashes that they know.
schemas: $(SCHEMAS)/oscal-1.2.1.json $(SCHEMAS)/sarif-2.1.0.json

$(SCHEMAS)/oscal-1.2.1.json: FETCHED = $(OSCAL)
$(SCHEMAS)/sarif-2.1.0.json: FETCHED = $(SARIF)
$(SCHEMAS)/%.json:
	@echo "Fetching $(notdir $@) for the tests"
	@mkdir -p $(SCHEMAS)
	@$(PYTHON) -c "import urllib.request as r; r.urlretrieve('$(FETCHED)', '$@.part')" 2>/dev/null \
	  && mv "$@.part" "$@" \
	  || echo "It could not be fetched: the tests against it will be skipped"

clean: ## remove everything but sources and data
	rm -rf $(VENV) .servers build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cairn needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) -V). Another one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "The venv module of $(PYTHON) is missing. Debian: apt-get install python3-venv"; exit 1; }
	@echo "Creating $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.run: $(BIN)/pip $(PINS)
	@echo "Installing Cairn into $(VENV)"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.test: $(BIN)/pip $(PINS)
	@echo "Installing Cairn and what its tests and checks need into $(VENV)"
	@$(INSTALL) --editable '.[test,check]'
	@touch $(VENV)/.run $@

browser: $(VENV)/.test
	@if command -v chromium >/dev/null && $(BIN)/playwright --version >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-dejavu-core git libatomic1 >/dev/null \
	  || echo "Chromium could not be installed: the browser tests will be skipped"; \
	else \
	  echo "Chromium or libatomic1 is missing: the browser tests will be skipped"; \
	fi

# Installed without being started: only tests start them, on ports of their own.
daemons:
	@if command -v prometheus >/dev/null && command -v prometheus-alertmanager >/dev/null \
	  && command -v docker-registry >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing $(DAEMONS) for the tests"; \
	  tests/servers/install $(DAEMONS) \
	  || echo "They could not be installed: the tests of these servers will be skipped"; \
	else \
	  echo "$(DAEMONS) are not all there: the tests of those servers will be skipped"; \
	fi
