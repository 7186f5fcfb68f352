# `make help` lists the targets. Everything runs in .venv, which is made on first use.
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.up-to-date
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help install browser demo test check slow golden bench mutation translations format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | expand -t 12

install: $(STAMP) ## make .venv with the package and the tools in it

$(STAMP): pyproject.toml scripts/bootstrap.sh
	@bash scripts/bootstrap.sh $(VENV)
	@touch $@

browser: ## install what the tests in a browser need: Chromium (as root), axe-core (with npm)
	@bash scripts/browser.sh

demo: $(STAMP) ## check, draw and run the SEOM 2018 guideline
	@VENV=$(VENV) bash scripts/demo.sh

test: $(STAMP) ## the fast tests
	$(PYTEST) -q -n auto

check: $(STAMP) ## everything a change must pass: lint, types, layers, tests with coverage
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -q -n auto --cov --cov-branch --cov-report=term

slow: $(STAMP) ## the slow tests: packaging, many cases
	$(PYTEST) -q -n auto -m slow

golden: $(STAMP) ## write the expected outputs anew; look at the diff before committing
	$(PYTEST) -q --update-golden tests/golden

bench: $(STAMP) ## measure compiling, starting, running and drawing, as ratios
	$(BIN)/python -m tests.bench

translations: $(STAMP) ## bring the catalogues of our own words up to date with the source
	$(BIN)/python scripts/translations.py

mutation: $(STAMP) ## seed faults into the SEOM guideline; which do prove and test find?
	$(BIN)/python -m tests.mutation --limit 100

format: $(STAMP) ## let ruff format and repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what was generated, but not .venv
	find build -mindepth 1 -not -name README.md -delete
	rm -rf dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
