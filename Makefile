# make demo       set up and run the main job
# make test       set up and run the tests       make test-all   the slow ones as well
# make check      format, lint, types            make format     let the tools put it right
# make clean      remove what these made
#
# Everything is installed into .venv in this checkout, once, and again when pyproject.toml or
# constraints.txt change. ARGS goes to the program: make demo ARGS="--lang ko", make test ARGS="-k Dense".

BIN := .venv/bin
WANTED := pyproject.toml constraints.txt
ARGS ?=
JOBS ?= --numprocesses=auto --maxprocesses=4 --dist=worksteal

.DELETE_ON_ERROR:
.PHONY: demo test test-all check format clean

demo: .venv/.ready-to-run
	@$(BIN)/lanthorn demo $(ARGS)

test: .venv/.ready-to-test
	@scripts/test $(JOBS) $(ARGS)

test-all: .venv/.ready-to-test
	@THOROUGH=1 scripts/test $(JOBS) -m "slow or not slow" $(ARGS)

check: .venv/.ready-to-test
	@scripts/check

format: .venv/.ready-to-test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.venv/.ready-to-run: $(WANTED)
	@scripts/setup
	@touch $@

.venv/.ready-to-test: $(WANTED)
	@scripts/setup dev
	@touch .venv/.ready-to-run $@

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis digits.keras
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
