# Everything a person or a machine does with this checkout. `make` alone tells what there is.

VENV := .venv
PYTHON := $(VENV)/bin/python
RUN_READY := $(VENV)/.ready-to-run
DEV_READY := $(VENV)/.ready-to-test
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test test-unit chaos mutants lint format doctor bench pins clean

help: ## Tell what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(DEV_READY) ## Make the virtual environment with all libraries, for running and for testing

run: $(RUN_READY) ## Start everything here, with the sandbox, and print the addresses; Ctrl-C stops it
	@$(PYTHON) -m app up --with-parent

test: $(DEV_READY) ## Run all tests (ARGS="-k name" for some of them)
	@sh .ci/chromium.sh
	@sh .ci/test.sh $(PYTHON) $(ARGS)

test-unit: $(DEV_READY) ## Run the tests that need no server and no browser
	@$(PYTHON) -m pytest tests/unit $(ARGS)

chaos: $(DEV_READY) ## Break everything by chance and count (N=200 schedules, from SEED=1 on, AT_ONCE=3, ARGS)
	@$(PYTHON) -m tests.chaos -n $(or $(N),1) --seed $(or $(SEED),1) --at-once $(or $(AT_ONCE),3) $(ARGS)

mutants: $(DEV_READY) ## Put known bugs into copies of the product; each must be caught (NAME=no-sweep for one, ARGS)
	@$(PYTHON) -m tests.mutants $(NAME) $(ARGS)

lint: $(DEV_READY) ## Check style, types and who imports whom
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo

format: $(DEV_READY) ## Mend what a machine can mend of the style
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

doctor: $(RUN_READY) ## Tell what is on, in the sandbox or off, and why
	@$(PYTHON) -m app doctor

bench: $(RUN_READY) ## Run the benchmarks (NAME=triage for one, ARGS for its arguments)
	@sh .ci/bench.sh $(PYTHON) "$(NAME)" $(ARGS)

pins: $(DEV_READY) ## Pin anew what requirements.in and requirements-dev.in ask for
	@$(PYTHON) .ci/pins.py requirements.in > requirements.txt.new
	@mv requirements.txt.new requirements.txt
	@$(PYTHON) .ci/pins.py requirements-dev.in requirements.txt > requirements-dev.txt.new
	@mv requirements-dev.txt.new requirements-dev.txt

clean: ## Remove what setup, tests and checks made (not .data)
	rm -rf $(VENV) .testdata .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_READY): requirements.txt requirements-model.txt
	@sh .ci/venv.sh $(VENV) requirements.txt
	@touch $@

$(DEV_READY): requirements.txt requirements-dev.txt requirements-model.txt
	@sh .ci/venv.sh $(VENV) requirements-dev.txt
	@touch $@ $(RUN_READY)
