# Loket's tasks. They need make and Python 3.11 or newer; everything else comes from the lock files into .venv.
#
#   make run      the whole service with a local Telegram, no token needed
#   make test     the tests, on real PostgreSQL and Redis servers (ARGS="tests/storage -x" goes to pytest)
#   make check    style, types and import rules          make format   puts style right
#   make bench    the benchmarks                         make lock     renews the lock files (ARGS=--upgrade)
#   make index    learns knowledge/index.txt anew, after a change of the lexicon or the phrasings
#   make clean    removes what these made; keeps databases and settings

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

# Part of each stamp's name: after a move of the clone or another Python, .venv is made anew.
TAG := $(shell $(PYTHON) -c 'import os, sys, zlib; \
	print("%d.%d.%d-%08x" % (*sys.version_info[:3], zlib.crc32((sys.base_prefix + os.getcwd()).encode())))' 2>/dev/null)

VENV_MADE     := $(VENV)/.made-$(TAG)
RUN_INSTALLED := $(VENV)/.run-$(TAG)
DEV_INSTALLED := $(VENV)/.dev-$(TAG)

PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
UV  := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --annotation-style line \
	--no-header --no-emit-index-url --no-emit-find-links $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help run test check format bench index lock clean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

run: $(RUN_INSTALLED)
	@$(BIN)/loket run $(ARGS)

test: $(DEV_INSTALLED)
	@$(BIN)/python -m pytest $(ARGS)

check: $(DEV_INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEV_INSTALLED)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(DEV_INSTALLED)
	@$(BIN)/python -m benchmarks $(ARGS)

index: $(DEV_INSTALLED)
	@$(BIN)/python -m knowledge

# The development lock holds the same versions as the one for running: what is tested is what runs.
lock: $(VENV_MADE)
	@$(PIP) install uv
	@$(UV) pyproject.toml --output-file requirements.lock
	@$(UV) --group build --constraints requirements.lock --output-file requirements-build.lock
	@$(UV) pyproject.toml --group dev --constraints requirements.lock --constraints requirements-build.lock \
		--output-file requirements-dev.lock

clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -type d -name __pycache__ -prune -exec rm -rf {} +

$(VENV_MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Loket needs Python 3.11 or newer; '$(PYTHON)' is not. Install python3 and python3-venv, or name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing. Install it: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUN_INSTALLED): $(VENV_MADE) requirements.lock requirements-build.lock pyproject.toml
	@echo "Installing Loket and what it needs into $(VENV) (first time: about half a minute) ..."
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_INSTALLED): $(VENV_MADE) requirements-dev.lock pyproject.toml
	@echo "Installing Loket and its development tools into $(VENV) (first time: about a minute) ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(RUN_INSTALLED) $@
