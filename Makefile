# Concord: `make extract` and `make test` need Python 3.11 or newer and make; everything else they set up themselves.
.DEFAULT_GOAL := help
.PHONY: help setup extract test check model lock clean

PYTHON ?= python3
CORPUS ?= corpus
OUTPUT ?= outputs
RUN := .venv/bin
TRAIN := .venv/train/bin
# What other packages ask for and nothing here uses (downloads and training in other ways), and torch, whose files
# differ between the builds of one version: the package index in use says which build it is.
UNLOCKED := huggingface-hub sentence-transformers torch

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 10

setup: .venv/.runtime  ## the environment alone, in .venv

extract: .venv/.runtime  ## corpus/ -> Parquet tables in outputs/ (CORPUS=..., OUTPUT=... for other folders, KB=... for a knowledge base)
	@$(RUN)/concord extract "$(CORPUS)" --output "$(OUTPUT)" $(if $(KB),--kb "$(KB)")

test: .venv/.dev  ## the tests
	@$(RUN)/python -m pytest

check: .venv/.dev  ## style, types, and generated documents up to date
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy
	@$(RUN)/concord schema --check README.md

model: $(if $(DATA),.venv/train/.ready)  ## train models/en_news anew (DATA=folder of the training sets)
	@test -n "$(DATA)" || { echo "make model: give the folder of the training sets, e.g. make model DATA=../data"; exit 2; }
	@$(TRAIN)/python models/train.py "$(DATA)" models/en_news

COMPILE = printf '%s\n' $(UNLOCKED) | .venv/lock/bin/uv pip compile pyproject.toml --excludes - -q --universal --python-version 3.11 --generate-hashes --upgrade --extra formats --no-emit-index-url --no-emit-find-links --no-header
lock: .venv/bin/python  ## renew the three lock files from pyproject.toml
	@$(RUN)/python -m venv .venv/lock
	@.venv/lock/bin/python -m pip install -q --disable-pip-version-check uv
	@$(COMPILE) -o requirements.lock
	@$(COMPILE) -c requirements.lock --extra dev -o requirements-dev.lock
	@$(COMPILE) -c requirements.lock --extra train -o requirements-train.lock

clean:  ## remove the environment and every output table (the corpus and its corrections stay)
	@test -n "$(OUTPUT)" || { echo "make clean: OUTPUT is empty"; exit 2; }
	@test ! -x $(RUN)/python || $(RUN)/python -m pipeline.store "$(OUTPUT)"
	@rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Concord needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Give another one: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Concord needs Python's venv module (on Debian and Ubuntu: apt install python3-venv)"; exit 2; }

# Locked packages are installed as they are listed (--no-deps). Of their modules only those that extraction imports are
# compiled, at the end: that saves a tenth of the disk.
INSTALL := -m pip install -q --disable-pip-version-check
LOCKED := $(INSTALL) --no-deps --require-hashes
EDITABLE := $(INSTALL) --no-deps --no-build-isolation -e .
.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv (once, a minute or two) ..."
	@$(RUN)/python $(LOCKED) --no-compile -r requirements.lock
	@$(RUN)/python $(EDITABLE)
	@PYTHONDONTWRITEBYTECODE= $(RUN)/python -c 'import dateparser, onnxruntime, pandas, pyarrow.parquet, rich.progress, spacy, tokenizers, trafilatura; spacy.blank("en")'
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@$(RUN)/python $(LOCKED) -r requirements-dev.lock
	@touch $@

.venv/train/.ready: requirements-train.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv/train for training (once, a few minutes) ..."
	@$(RUN)/python -m venv .venv/train
	@$(TRAIN)/python $(LOCKED) --no-compile -r requirements-train.lock
	@$(TRAIN)/python $(INSTALL) --no-compile "$$(sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' pyproject.toml)"
	@$(TRAIN)/python $(EDITABLE)
	@touch $@
