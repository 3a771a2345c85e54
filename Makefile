# Two commands matter: `make run` and `make test`. Each installs what is missing first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check bench setup system format clean

TOOLS := .tools
UV := $(TOOLS)/bin/uv
BIN := .venv/bin
PORT ?= 8000

help: ## Show the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: setup ## Demo region: import, sweep, cases, packets; then serve http://127.0.0.1:8000
	@$(BIN)/patuh start --port $(PORT)

test: setup browser ## Every test, the browser journeys included
	@$(BIN)/pytest -q -n 2 --dist loadfile $(ARGS)

check: setup ## Format, lint, types, architecture, templates, migrations: no browser
	@bin/check

bench: setup ## Benchmarks with their baselines in the same run
	@$(BIN)/python -m bench

setup: system .venv/ready

system:
	@bin/system-packages runtime

.PHONY: browser
browser:
	@bin/system-packages browser

$(UV):
	@bin/system-packages python
	@python3 -m venv $(TOOLS)
	@$(TOOLS)/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9'

.venv/ready: $(UV) pyproject.toml uv.lock
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --frozen --quiet
	@touch .venv/ready

format: setup ## Write the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove what the build made; data stays
	rm -rf .venv $(TOOLS) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
