# Concord: `make extract` and `make test` need Python 3.11 or newer and make; everything else they set up themselves.
.DEFAULT_GOAL := help
.PHONY: help setup extract test check model lock clean

PYTHON ?= python3
CORPUS ?= corpus
OUTPUT ?= outputs
RUN := .venv/bin

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 10

setup: .venv/.runtime  ## the environment alone, in .venv

extract: .venv/.runtime  ## corpus/ -> Parquet tables in outputs/ (CORPUS=..., OUTPUT=... for other folders)
	@$(RUN)/concord extract "$(CORPUS)" --output "$(OUTPUT)"

test: .venv/.dev  ## the tests
	@$(RUN)/python -m pytest

check: .venv/.dev  ## style, types, and generated documents up to date
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy
	@$(RUN)/concord schema --check README.md

model: .venv/.dev  ## train models/en_news anew (DATA=folder of the training sets)
	@test -n "$(DATA)" || { echo "make model: give the folder of the training sets, e.g. make model DATA=../data"; exit 2; }
	@$(RUN)/python models/train.py $(DATA) models/en_news

lock: .venv/.runtime  ## renew both lock files from pyproject.toml
	@$(RUN)/python -m pip install -q uv
	@$(RUN)/uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes --upgrade --no-emit-index-url --no-emit-find-links --no-header --unsafe-package '' -o requirements.lock
	@$(RUN)/uv pip compile pyproject.toml --extra dev --extra train -c requirements.lock -q --universal --python-version 3.11 --generate-hashes --upgrade --no-emit-index-url --no-emit-find-links --no-header -o requirements-dev.lock

clean:  ## remove the environment and every output table (the corpus and its corrections stay)
	@test -n "$(OUTPUT)" || { echo "make clean: OUTPUT is empty"; exit 2; }
	@test ! -x $(RUN)/python || $(RUN)/python -m pipeline.store "$(OUTPUT)"
	@rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Concord needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Give another one: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Concord needs Python's venv module (on Debian and Ubuntu: apt install python3-venv)"; exit 2; }

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv (once, a minute or two) ..."
	@$(RUN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(RUN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@$(RUN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
