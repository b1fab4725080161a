# `make` explains itself. Set-up happens once: again only when pyproject.toml or requirements.txt change.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --constraint constraints.txt --universal --python-version 3.11.5 --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command 'make lock' --quiet

.DEFAULT_GOAL := help
.PHONY: help lock setup sweep test test-all mutation bench notebooks docs lint clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY) ## a virtual environment in .venv with everything in it

$(READY): pyproject.toml requirements.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Python 3.11 to 3.13 is needed, $(PYTHON) is {v[0]}.{v[1]}; try make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes --requirement requirements.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(READY)

# An editable package has no hash: it is installed apart from the others, with hatchling and editables, which are among them.
lock: ## the files of `make setup` and of CI anew, with hashes: from pyproject.toml and constraints.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes --requirement requirements-ci.txt
	$(LOCK) pyproject.toml --extra dev --extra docs --extra mutation --extra bench --output-file requirements.txt
	$(LOCK) --group ci --output-file requirements-ci.txt

sweep: $(READY) ## the quickstart: 6 variants x 3 seeds on real digits, about a minute
	@$(BIN)/mnist-sweeps sweep=quickstart

test: $(READY) ## the tests that take less than 10 minutes on 2 cores
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-all: $(READY) ## and the slow ones
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'slow or not slow'

mutation: $(READY) ## changes each line of config, stats and storage, and lists the changes that no test sees
	$(BIN)/mutmut run
	$(BIN)/mutmut results

bench: $(READY) ## speed, overheads and memory against others, 75 minutes at most: benchmarks/results.md
	$(BIN)/python -m benchmarks

notebooks: $(READY) ## docs/notebooks.md and docs/results/, from the sweeps in outputs/
	$(BIN)/python docs/notebooks.py

docs: $(READY) ## the documentation as a site in site/; every link is checked
	$(BIN)/python docs/reference.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lint: $(READY) ## ruff, yamllint, mypy, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean: ## removes what set-up and tests left, not outputs/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache dist mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
