# make run    install what is missing, train if needed, and serve http://127.0.0.1:5005/
# make audit  look for published advisories on everything that is installed
# make test   install what is missing and pass every test
# make bench  measure it beside plain Rasa (its own environment, made on demand), and write docs/figures.md
# make test-whole  the same, with the longest tests at their whole size
.PHONY: run test test-whole install train check lint browser bench audit

export RASA_TELEMETRY_ENABLED := false

run: install
	@.venv/bin/waymark serve

test: install browser lint
	@.venv/bin/waymark train
	@.venv/bin/waymark check
	@.venv/bin/python -m pytest

test-whole:
	@WAYMARK_TEST_WHOLE=1 $(MAKE) test

install:
	@sh deploy/install.sh

train: install
	@.venv/bin/waymark train

check: install
	@.venv/bin/waymark check

lint: install
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

browser:
	@sh deploy/browser.sh

audit: install
	@.venv/bin/python deploy/audit.py

bench: install
	@.venv/bin/python -m bench
