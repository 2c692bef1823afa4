# Needs python3 (3.11 or later) and the package registries; everything else is installed under .tools and .venv.

PYTHON ?= python3
UV_VERSION := 0.13.8
UV := .tools/bin/uv
UV_READY := .tools/.uv-$(UV_VERSION)
PY := .venv/bin/python
PYTEST := .venv/bin/pytest
# Shown beside a PostgreSQL that lives as long as the command does.
ON_POSTGRES := $(PY) -m tests.services.postgres
PACKAGES := keys lti_platform gradebook proctoring certificates
# Two processes; tests that share a server, a world or the camera stay together in one of them.
PARALLEL := -n 2 --dist loadgroup

export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-sqlite test-postgres test-browser lint format bench browser other-stacks messages lock setup-run setup-dev clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup-run ## Start the platform, its worker and the sandbox with demo data (Ctrl-C stops it all)
	@exec $(PY) manage.py demo

demo-reset: ## Throw the demo's data away; the next `make demo` starts afresh
	rm -rf var

test: setup-dev browser other-stacks lint test-sqlite test-postgres test-browser ## Lint, then the whole suite on SQLite and PostgreSQL, then the browser stories

test-sqlite: setup-dev ## The suite on SQLite, without the browser stories and the malformed input at every address
	env -u DATABASE_URL $(PYTEST) $(PARALLEL) -m "not browser and not against"

test-postgres: setup-dev ## The suite on PostgreSQL, without the browser stories and what one run shows
	$(ON_POSTGRES) $(PYTEST) $(PARALLEL) -m "not browser and not apart"

test-browser: setup-dev browser other-stacks ## The browser stories, on PostgreSQL
	$(ON_POSTGRES) $(PYTEST) $(PARALLEL) --no-loadscope-reorder -m browser

lint: setup-dev ## Format, rules, types, layers, migrations and templates
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy -n 2 manage.py $(PACKAGES) tests
	PYTHONPATH=. .venv/bin/lint-imports
	.venv/bin/djlint $(PACKAGES) --lint --quiet
	$(PY) -W ignore manage.py makemigrations --check --dry-run --settings tests.settings

format: setup-dev ## Put the code into the form that lint asks for
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: setup-dev ## One JSON line per figure, on PostgreSQL through the production server
	@$(ON_POSTGRES) $(PY) -m tests.bench

browser: setup-dev ## Find a Chromium for the browser stories, or fetch one
	$(PY) -m tests.services.chromium

other-stacks: setup-dev ## Fetch the JavaScript libraries that some of the tests' tools stand on
	$(PY) -m tests.services.node

messages: setup-dev ## Gather strings into the catalogues and compile them (gathering needs gettext)
	$(PY) manage.py makemessages --locale es --no-obsolete --no-wrap --add-location file --ignore tests --ignore var --ignore .venv
	$(PY) -c 'import polib, sys; [polib.pofile(po).save_as_mofile(po[:-2] + "mo") for po in sys.argv[1:]]' $(wildcard */locale/*/LC_MESSAGES/*.po)

lock: $(UV_READY) ## Write the lock files anew (UPGRADE=--upgrade moves every version)
	$(UV) pip compile pyproject.toml --group sandbox --universal --generate-hashes --no-header --no-emit-index-url $(UPGRADE) -q -o requirements/run.lock
	$(UV) pip compile pyproject.toml --group dev --constraints requirements/run.lock --universal --generate-hashes --no-header --no-emit-index-url $(UPGRADE) -q -o requirements/dev.lock

setup-run: .venv/.run ## Install what the platform and the sandbox need

setup-dev: .venv/.dev ## Install that, and what the tests and linters need

clean: ## Remove everything installed here; the demo's data stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/other_stacks/node_modules

$(UV_READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.x")'
	@$(PYTHON) -c 'import ensurepip' || { echo "Python lacks its venv module (on Debian: apt-get install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/bin/python: | $(UV_READY)
	$(UV) venv --quiet --python $(PYTHON) --allow-existing .venv

.venv/.run: requirements/run.lock | .venv/bin/python
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/run.lock
	@touch $@

.venv/.dev: requirements/dev.lock requirements/run.lock | .venv/bin/python
	$(UV) pip sync --quiet --python $(PY) --require-hashes requirements/dev.lock
	@touch .venv/.run $@
