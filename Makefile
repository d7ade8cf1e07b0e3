# Everything that is done to this repository, by name. `make help` lists it.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
SERVE ?= 1
# Arguments for pytest: make test ARGS="tooling/tests/test_cli.py -x"
ARGS ?=
# Records that `make bench` writes, twice.
SIZES ?= 1000 10000
# The same for the sites that it builds.
SITE_SIZES ?= 1000 5000 10000 50000

# What MkDocs' future means for us stands in tooling/DEPENDENCIES.md; its notice need not stand above every build.
export NO_MKDOCS_2_WARNING := 1

BIN := $(VENV)/bin
RUN := $(BIN)/python -m
# Each stamp says that what pyproject.toml asked for is installed; a newer pyproject.toml asks again.
STAMPS := $(VENV)/stamps
BROWSER_TESTS := tooling/tests/browser

.DEFAULT_GOAL := help
.PHONY: help demo serve install test lint generate bench clean python

help: ## List these targets.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | while IFS='	' read -r name text; do \
	  printf '  make %-9s %s\n' "$$name" "$$text"; done

demo: port install ## Check the sample records, print their figures, build the site and serve it (SERVE=0: stop after the build).
	@echo "== incidentbook check"
	@$(BIN)/incidentbook check
	@echo "== incidentbook stats"
	@$(BIN)/incidentbook stats
	@echo "== mkdocs build"
	@$(RUN) mkdocs --quiet build
	@echo "The site is in public/."
ifneq ($(SERVE),0)
	@echo "Serving it on http://127.0.0.1:$(PORT)/ (Ctrl-C stops)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory public $(PORT)
endif

serve: port install ## Serve the site and build it again when a record changes.
	@$(RUN) mkdocs serve --dev-addr 127.0.0.1:$(PORT)

install: $(STAMPS)/base ## Make the virtual environment and install Incidentbook into it.

test: $(STAMPS)/test ## Run all tests on all cores (ARGS="..." goes to pytest).
	@$(RUN) pytest -n auto --dist worksteal $(ARGS)

lint: $(STAMPS)/lint ## Run ruff, mypy, import-linter; check what is generated from the code.
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/incidentbook schema --check

generate: install ## Write the JSON Schemas and the reference pages again from the code.
	$(BIN)/incidentbook schema

bench: $(STAMPS)/bench $(STAMPS)/test ## Time checks, imports and clocks against plain loops, and sites against Hugo and stock Material.
	@$(BIN)/python tooling/benchmarks/bench.py $(SIZES)
	@$(BIN)/python tooling/benchmarks/csv_import.py
	@$(BIN)/python tooling/benchmarks/stats_share.py
	@$(BIN)/python tooling/benchmarks/sla_clocks.py
	@$(BIN)/python tooling/benchmarks/history.py
	@$(BIN)/python tooling/benchmarks/site_build.py $(SITE_SIZES)
	@$(BIN)/python tooling/benchmarks/search.py $(SIZES)
	@$(BIN)/python tooling/benchmarks/similarity.py $(SIZES)
	@PYTHONPATH=tooling/tests $(BIN)/python tooling/benchmarks/lighthouse.py

clean: ## Remove the virtual environment, the caches and the built site.
	rm -rf $(VENV) $(BROWSER_TESTS)/node_modules .cache public public-site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Each extra has its own stamp, so that the demo does not wait for a type checker.
$(STAMPS)/base: pyproject.toml | python
	@echo "Installing Incidentbook into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(RUN) pip install --quiet --disable-pip-version-check --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: $(STAMPS)/base | $(STAMPS)/node
	@echo "Installing what the tests need ..."
	@$(RUN) pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

# Tests that need these skip without them, and with CI set they fail, so that only a line is said here.
$(STAMPS)/node: $(BROWSER_TESTS)/package-lock.json | $(STAMPS)/base
	@if ! command -v npm >/dev/null 2>&1; then \
	  echo "make: no npm here (Debian, Ubuntu: apt install npm): tests by axe, Lighthouse and html-validate will be skipped." >&2; \
	elif npm ci --prefix $(BROWSER_TESTS) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null; then touch $@; \
	else echo "make: npm could not install $(BROWSER_TESTS)/package-lock.json: tests that need it will be skipped." >&2; fi

# The type checker reads the tests and the benchmark too, so it needs what they import.
$(STAMPS)/lint: $(STAMPS)/test $(STAMPS)/bench
	@echo "Installing what the linters need ..."
	@$(RUN) pip install --quiet --disable-pip-version-check --editable '.[lint]'
	@touch $@

$(STAMPS)/bench: $(STAMPS)/base | $(STAMPS)/node
	@$(RUN) pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

# Asked before anything is installed, so that what is missing is said in one line and not by pip.
python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "make: no $(PYTHON) here. Incidentbook needs Python 3.11 or later (Debian, Ubuntu: apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: Incidentbook needs Python 3.11 or later; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "make: $(PYTHON) cannot make virtual environments; Debian and Ubuntu bring that in a package of its own: apt install" \
	    "$$($(PYTHON) -c 'import sys; print("python3-venv (or python3.%d-venv)" % sys.version_info[1])')" >&2; exit 1; }

.PHONY: port
port: python
ifneq ($(SERVE),0)
	@$(PYTHON) -c 'import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", $(PORT)))' 2>/dev/null || { \
	  echo "make: port $(PORT) of 127.0.0.1 cannot be had (something else serves there?). Name another: make demo PORT=8001" >&2; exit 1; }
endif
