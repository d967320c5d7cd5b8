# Every target sets up what it needs; what is up to date already is skipped.
PYTHON ?= $(shell for found in python3 python3.13 python3.12 python3.11 python; do \
	$$found -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$found && break; done)
BIN := .venv/bin
STAMPS := .venv/stamps
NODE = $(BIN)/python -m playground.supervise.node
SOURCES = $(shell find static -path static/dist -prune -o \( -name '*.js' -o -name '*.css' \) -print 2>/dev/null)

help:  ## list these targets
	@echo "Podium: a Kubernetes you can see, break, and watch heal."
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

play: $(STAMPS)/runtime $(STAMPS)/bundle  ## set up and run Podium on this machine
	@exec $(BIN)/python manage.py play

class: $(STAMPS)/runtime $(STAMPS)/bundle  ## the same for a room full of laptops
	@exec $(BIN)/python manage.py play --class

test: lint units $(STAMPS)/bundle  ## run every check and every test
	@$(BIN)/python -m tests.browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: style types  ## run every check that needs no running Podium

# the longest check, so make -j 2 runs it beside all others
types: $(STAMPS)/development
	$(BIN)/mypy

style: $(STAMPS)/development $(STAMPS)/packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(NODE) npm run --silent check

units: $(STAMPS)/packages
	$(NODE) npm test --silent

bench: $(STAMPS)/development $(STAMPS)/bundle  ## measure a running Podium
	@$(BIN)/python -m tests.bench

pictures: $(STAMPS)/development $(STAMPS)/bundle  ## make the screenshots of the README again
	@$(BIN)/python -m tests.pictures

clean:  ## remove what was set up (never PODIUM_HOME, where the clusters are)
	rm -rf .venv node_modules static/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Podium needs Python 3.11 or newer, and finds none." >&2; exit 1; }
	@echo "Making .venv ..." >&2
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python could not make .venv; Debian has this in python3-venv." >&2; exit 1; }

$(STAMPS)/runtime: requirements.txt | $(BIN)/python
	@echo "Installing what Podium needs (a few minutes the first time) ..." >&2
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt >&2
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/development: requirements-dev.txt $(STAMPS)/runtime
	@echo "Installing the tools of development ..." >&2
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt >&2
	@touch $@

$(STAMPS)/packages: package.json package-lock.json $(STAMPS)/runtime
	@echo "Installing the front end's libraries ..." >&2
	@$(NODE) npm ci --loglevel=error --no-audit --no-fund >&2
	@touch $@

$(STAMPS)/bundle: $(STAMPS)/packages $(SOURCES)
	@echo "Building the front end ..." >&2
	@rm -rf static/dist
	@$(NODE) npm run --silent build
	@$(BIN)/python -m whitenoise.compress --quiet --no-brotli static/dist
	@touch $@

.PHONY: help play class test lint types style units bench pictures clean
.DEFAULT_GOAL := help
