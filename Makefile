# Everything one does with this repository. `make` alone lists it.
# Needed beforehand: python3 (3.11 to 3.13), python3-venv, make. Nothing else is installed outside .venv.

PYTHON ?= python3
BIN := .venv/bin
DEBIAN_PG := /usr/lib/postgresql/15/bin
PYTEST := $(BIN)/pytest -p no:cacheprovider
PARALLEL ?= -n 2
# Tools that read the settings get a home of their own, not the one with your data.
ASIDE := SHANGLIAN_HOME=build/home
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo serve reset test test-core test-debian15 campaign fuzz lint types arch fmt migrations \
	messages messages-check requirements wheel guide bench bench-national

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.base ## build .venv from hash-pinned packages, with the command .venv/bin/shanglian

setup-dev: .venv/.dev ## the same with what checking and building needs

demo: setup ## a demonstration with sample data at http://127.0.0.1:8000 (Ctrl-C stops it, the data stays)
	$(BIN)/shanglian demo

serve: setup ## the pages and the background worker, on your own data in ./var
	$(BIN)/shanglian serve

reset: ## remove all local data (./var)
	@test ! -e var/postgres/keeper.lock || flock --nonblock --shared var/postgres/keeper.lock true \
		|| { echo "仍在运行，请先停止 / Still running: stop it first"; exit 1; }
	rm -rf var

test: lint types arch messages-check ## every check and every test, on the embedded PostgreSQL and on Debian's 15
	$(PYTEST) $(PARALLEL)
	@$(MAKE) --no-print-directory test-debian15

test-debian15: setup-dev ## the tests that use the database, but for browsers, once more on Debian's PostgreSQL 15
	@if [ -x $(DEBIAN_PG)/postgres ]; then \
		echo "SHANGLIAN_TEST_ENGINE=debian15 $(PYTEST) $(PARALLEL) --uses-database -m 'not browser'"; \
		SHANGLIAN_TEST_ENGINE=debian15 $(PYTEST) $(PARALLEL) --uses-database -m 'not browser'; \
	else \
		echo "!!!! DATABASE TESTS ON POSTGRESQL 15 WERE LEFT OUT: install Debian's package postgresql-15 !!!!"; \
	fi

test-core: setup-dev ## only the tests of pure arithmetic: seconds, no database
	$(PYTEST) $(wildcard tests/*/core)

campaign: setup-dev ## the ledger against its replay on many more random histories (minutes)
	SHANGLIAN_EXAMPLES=1500 $(PYTEST) tests/members/test_ledger_equals_replay.py

fuzz: setup-dev ## damaged rosters against the readers, ten times as many as in the tests (minutes)
	SHANGLIAN_CASES=20000 $(PYTEST) $(PARALLEL) tests/imports/test_fuzz.py

lint: setup-dev ## style of code and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@find shanglian -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2 --check

types: setup-dev ## mypy, strict
	$(ASIDE) $(BIN)/mypy

arch: setup-dev ## who may import whom
	$(BIN)/lint-imports

fmt: setup-dev ## put code and templates into their form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	@find shanglian -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2 || true

migrations: setup-dev ## write migrations for changed models
	$(ASIDE) $(BIN)/shanglian makemigrations

messages: setup-dev ## collect the texts to translate and compile the translations
	$(ASIDE) $(BIN)/python scripts/messages.py

messages-check: setup-dev ## every text has its translation
	$(ASIDE) $(BIN)/python scripts/messages.py --check

requirements: ## pin the packages of base.in and dev.in anew, with hashes
	$(PYTHON) -m venv build/pins && build/pins/bin/pip install --quiet uv
	build/pins/bin/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make requirements' requirements/base.in -o requirements/base.txt
	build/pins/bin/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make requirements' requirements/dev.in -o requirements/dev.txt

guide: setup-dev ## take the pictures of docs/guide anew, from a demonstration in a home of its own (minutes)
	@home=$$(mktemp -d) && export SHANGLIAN_HOME=$$home && trap 'rm -rf $$home' EXIT && trap exit INT TERM && \
	$(BIN)/shanglian demo --no-serve && \
	port=$$($(BIN)/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') && \
	{ $(BIN)/shanglian serve --port $$port > $$home/serve.log 2>&1 & server=$$!; } && \
	trap 'kill $$server; wait $$server; rm -rf $$home' EXIT && \
	$(BIN)/python scripts/guide_pictures.py --url http://127.0.0.1:$$port --accounts $$home/accounts.json

wheel: setup-dev ## dist/shanglian-….whl
	@mkdir -p build
	rm -rf build/lib dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist . > build/wheel.log || { cat build/wheel.log; exit 1; }
	rm -rf build/lib build/bdist.*

bench: setup-dev ## benchmarks, one JSON line each
	@for script in $(filter-out bench/national.py bench/population.py bench/pages_wsgi.py,$(wildcard bench/*.py)); do $(BIN)/python $$script || exit 1; done

bench-national: setup-dev ## a register of national size: hours; SCALE=0.05 for a smaller one
	$(BIN)/python bench/national.py --scale $(or $(SCALE),1)

# setuptools builds the project itself; its pin and hashes stand in dev.txt.
.venv/.base: requirements/base.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "需要 Python 3.11 至 3.13 / Python 3.11 to 3.13 is needed: make setup PYTHON=python3.x"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "请先安装 python3-venv / Install python3-venv first"; exit 1; }
	@sed -n '/^setuptools==/,/# via/p' requirements/dev.txt > .venv/build.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt -r .venv/build.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.base requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
