# Two commands are enough: `make run` starts Splot, `make test` proves it. Each sets up what it needs, once.

PYTHON ?= python3
BIN := .venv/bin
ONCE := ./tools/once.sh .venv/stamps
ONLY ?= ground
SCALE ?= small

.DEFAULT_GOAL := help
.PHONY: help run test check lint format bench clean installed installed-dev frontend translations

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

run: installed frontend translations ## Install what is missing and start Splot (DEMO=1: with demo data, DEMO=0: without)
	@exec $(BIN)/splot up

test: check frontend translations ## Everything that must pass, browser tests included
	@./tools/browsers.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: installed-dev ## The checks that take seconds: house rules, layers of imports, style of Python
	@$(BIN)/python -m lint.house_rules app
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

lint: check frontend ## Every linter: the quick ones, types, templates, browser sources, translations
	@$(BIN)/mypy
	@$(BIN)/djlint app/templates --lint --quiet
	@./tools/npm.sh run --silent lint
	@$(BIN)/python -m lint.translations

format: installed-dev frontend ## Put every file into the house format
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet
	@./tools/npm.sh run --silent format

bench: installed-dev frontend translations ## Measure (ONLY=ground … SCALE=small|full); writes bench/results.json
	@$(BIN)/python -m bench --only $(ONLY) --scale $(SCALE)

clean: ## Remove what was installed and built; var/ (the data) stays
	rm -rf .venv node_modules app/static/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find app -name '*.mo' -delete

# Below: each step compares the content of its inputs with its last run, so a second `make` goes straight on.

installed: | $(BIN)/python
	@$(ONCE)/run requirements/run.txt -- ./tools/install.sh $(BIN) requirements/run.txt

installed-dev: | $(BIN)/python
	@$(ONCE)/dev requirements/dev.txt -- ./tools/install.sh $(BIN) requirements/dev.txt

frontend: | $(BIN)/python
	@$(ONCE)/frontend package.json package-lock.json frontend app -- ./tools/frontend.sh

translations: | $(BIN)/python
	@$(ONCE)/translations babel app -- $(BIN)/python -m lint.translations compile

$(BIN)/python:
	@./tools/venv.sh "$(PYTHON)" .venv
