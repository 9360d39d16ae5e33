# `make reproduce` and `make test` are all that a newcomer needs; both set up `.venv` first.
# PYTHON=/path/to/python picks the interpreter; PYTEST_ARGS, ARGS and UPGRADE are handed on.
# WORKERS=1 tests in one process at a time; there is one for every core otherwise.

PYTHON ?=
PYTEST_ARGS ?=
WORKERS ?= auto
ARGS ?=
UPGRADE ?=
UV ?= uv

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

# TensorFlow writes a dozen lines about missing GPUs before the first result.
reproduce test check bench: export TF_CPP_MIN_LOG_LEVEL ?= 3

# Where Python may not keep what it compiled, every process of a test compiles us anew.
test check: export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) \
		| awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

.PHONY: install
install: $(STAMP) ## make .venv with the locked packages and this project

$(STAMP): requirements.lock pyproject.toml
	@python=; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3.11 python3.12 python3.13 python3 python); do \
		if "$$candidate" -c 'import ensurepip, sys, venv; \
			sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
		then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11, 3.12 or 3.13 with the venv module must be there." >&2; \
		echo "Tried: $(if $(PYTHON),$(PYTHON),python3.11 python3.12 python3.13 python3 python)." >&2; \
		echo "Install one (Debian, Ubuntu: python3 and python3-venv), or name it:" >&2; \
		echo "    make PYTHON=/path/to/python3.12 reproduce" >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version)."; \
	"$$python" -m venv --clear $(VENV)
	$(BIN)/python -m pip install --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: reproduce
reproduce: $(STAMP) ## run every claim, judge it and write the report
	$(BIN)/ablations reproduce $(ARGS)

# A file stays with one worker, whose tests share what they compile.
PARALLEL = -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: test
test: $(STAMP) ## run the whole test suite
	$(BIN)/python -m pytest $(PARALLEL) $(PYTEST_ARGS)

# What trains a network, opens a browser or types a command is left to `make test`.
QUICK = tests/test_architecture.py $(addprefix tests/ablations/, \
	claims evidence judging protocol stats store tasks study/findings study/table)

.PHONY: check
check: lint ## lint, then test the folders of which no test trains, from edit to edit
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow" $(QUICK) $(PYTEST_ARGS)

.PHONY: lint
lint: $(STAMP) ## check style, format, types and that the lock fits pyproject.toml
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pip check

.PHONY: bench
bench: $(STAMP) ## measure how fast stacks train on this machine
	$(BIN)/ablations bench $(ARGS)

# ARGS="--quick" takes seconds; without it all sampled conditions are retrained.
.PHONY: replicate
replicate: $(STAMP) ## retrain published conditions by a second implementation
	$(BIN)/python benchmarks/replication/replicate.py $(ARGS)

# ARGS="--small" takes a minute; without it all attempts are made, which takes hours. A
# second call makes only those that are missing in faults.jsonl.
.PHONY: faults
faults: $(STAMP) ## kill, cut, flip and fill what the suite relies on, many times over
	$(BIN)/python benchmarks/faults/run.py $(ARGS)

# A tool for this target alone, so it is not in the lock. MUTANTS names some of them, as
# in MUTANTS='ablations.stats.ranks*'.
MUTMUT := mutmut==3.8.1
MUTANTS ?=

.PHONY: mutants
mutants: $(STAMP) ## change the statistics in a copy, and count what no test notices
	$(BIN)/python -m pip install --quiet $(MUTMUT)
	rm -rf build/mutants
	mkdir -p build/mutants
	cp -R ablations models reports tests pyproject.toml build/mutants
	cd build/mutants && $(CURDIR)/$(BIN)/mutmut run --max-children 1 $(MUTANTS)
	cd build/mutants && $(CURDIR)/$(BIN)/mutmut results --all true > results.txt
	@echo "One line for each: build/mutants/results.txt. In all:"
	@sed -n 's/^ *\(.*\)\.[^.]*__mutmut_[0-9]*: /\1: /p' build/mutants/results.txt \
		| sort | uniq -c

.PHONY: lock
lock: ## write requirements.lock anew from pyproject.toml; UPGRADE=1 takes newer versions
	@command -v $(UV) >/dev/null || { \
		echo "uv must be installed to write the lock. Or name it: make UV=/path/to/uv lock" >&2; \
		exit 1; }
	$(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
		--extra dev --no-emit-package keras-mlp-ablations --generate-hashes \
		--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) \
		--output-file requirements.lock

.PHONY: clean
clean: ## remove .venv and every cache; stores and reports stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis build dist *.egg-info
	find ablations models reports tests -name __pycache__ -type d -prune -exec rm -rf {} +
