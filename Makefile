# Two commands: `make demo` and `make test`. They need python3 (3.11 or newer) with venv, and make.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
VAR ?= $(CURDIR)/var
# pip refuses a file that is not in the lock; uv, when it is there, does the same faster.
INSTALL = if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi

.PHONY: demo test check bench guide lock clean

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The stamps are what makes a second run install nothing.
$(VENV)/base.stamp: requirements/base.txt | $(VENV)/bin/python
	@$(call INSTALL,requirements/base.txt)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(VENV)/bin/python
	@$(call INSTALL,requirements/dev.txt)
	@touch $@

demo: export SITE_URL ?= http://127.0.0.1:$(PORT)
demo: export VAR_DIR ?= $(VAR)
demo: $(VENV)/base.stamp
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/python manage.py seed_demo
	@exec $(BIN)/python manage.py serve --bind 127.0.0.1:$(PORT)

# Every check and every test. ARGS reach pytest: make test ARGS="-k feeds".
test: $(VENV)/dev.stamp
	@VAR_DIR=$(VAR)/test $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@VAR_DIR=$(VAR)/test $(BIN)/python -m pytest -n auto $(ARGS)

# Only what needs no test database: lint, contracts, templates, types, migrations.
check: $(VENV)/dev.stamp
	@VAR_DIR=$(VAR)/test $(BIN)/python -m pytest -n auto tests/architecture

# Figures, not tests: make bench BENCH=pictures ARGS="--each 1" for a quick look at one of them.
BENCH ?= pictures announcing lists
bench: $(VENV)/dev.stamp
	@for one in $(BENCH); do VAR_DIR=$(VAR)/bench DJANGO_SETTINGS_MODULE=newsroom.settings \
		$(BIN)/python -m tests.benchmarks.$$one $(ARGS) || exit 1; done

# The pictures of docs/editors.md, taken anew from a demo outlet.
guide: $(VENV)/dev.stamp
	@VAR_DIR=$(VAR)/guide $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@VAR_DIR=$(VAR)/guide DJANGO_SETTINGS_MODULE=newsroom.settings $(BIN)/python -m tests.guide

# Write the locks anew from the .in files (needs uv).
lock:
	@for name in base postgres redis s3 dev; do \
		uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
			--no-annotate requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) var
