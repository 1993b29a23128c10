# `make` lists the targets. Everything a target needs, it installs itself.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What `make run` starts with; your environment overrides each of them.
run: export MODERATION_SECRET_KEY_FILE ?= var/secret-key
run: export MODERATION_DEMO ?= 1
run: export MODERATION_DEMO_KEY_FILE ?= var/demo-key
run: export MODERATION_SECURE_COOKIES ?= 0

.PHONY: help run setup test check tests lint types imports security audit train evaluate bench soak chaos screenshots lock migrate clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Set up what is missing and serve on 127.0.0.1:8000 (PORT changes it)
	@$(BIN)/python -m moderation init
	@exec $(BIN)/gunicorn --config gunicorn.conf.py wsgi:app

setup: $(VENV)/.dev ## Make the virtual environment with everything for development

test: check tests ## Run every check and every test

check: lint types imports security

lint: $(VENV)/.dev ## Check style with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check types with mypy
	$(BIN)/mypy

imports: $(VENV)/.dev ## Check the direction of imports
	$(BIN)/lint-imports

security: $(VENV)/.dev ## Look for insecure code with bandit
	$(BIN)/bandit --quiet --severity-level medium --recursive moderation training wsgi.py gunicorn.conf.py

audit: security ## Ask PyPI's advisories about every pinned package; needs the internet
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.txt
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements-dev.txt

tests: $(VENV)/.dev ## Run pytest with coverage; PYTEST="-k words" narrows it
	$(BIN)/pytest --numprocesses 2 --dist loadfile --cov $(PYTEST)

migrate: $(VENV)/.run ## Bring the database to this version's schema
	$(BIN)/python -m moderation migrate

train: $(VENV)/.dev ## Train a model: make train DATA=FOLDER OUT=models/my-version
	$(BIN)/python -m training train --data $(DATA) --out $(OUT)

evaluate: $(VENV)/.dev ## Measure every model's whole report again: make evaluate DATA=FOLDER
	$(BIN)/python -m training evaluate --data $(DATA)

bench: $(VENV)/.dev ## Measure requests and scoring, as ratios within one run
	$(BIN)/python -m benchmarks

soak: $(VENV)/.dev ## Load the service steadily for 30 minutes, then three times too much
	$(BIN)/python -m benchmarks.soak

chaos: $(VENV)/.dev ## Run the fault tests with 5,000 submissions while processes are killed
	CHAOS_SUBMISSIONS=5000 $(BIN)/pytest tests/faults

screenshots: $(VENV)/.dev ## Take the pictures of the docs again
	$(BIN)/python -m tests.browser.screenshots --out docs/images

lock: $(VENV)/.dev ## Pin requirements*.in again, with hashes
	$(BIN)/pip-compile $(LOCK) -o requirements.txt requirements.in
	$(BIN)/pip-compile $(LOCK) -o requirements-training.txt requirements-training.in
	$(BIN)/pip-compile $(LOCK) -o requirements-dev.txt requirements-dev.in

clean: ## Remove the virtual environment and caches; data under var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .coverage .import_linter_cache

LOCK := --quiet --upgrade --generate-hashes --no-strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name it with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -c "import moderation.classifier.scorer"  # compiles its loops, in some twenty seconds
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements-training.txt requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.run
