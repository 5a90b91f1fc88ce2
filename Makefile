# make life   from a fresh checkout to the running, observed system
# make test   all tests
# make check  style and types

PYTHON ?= python3
BIN := .venv/bin

.PHONY: life test check format clean

life: .venv/ready
	@$(BIN)/cloudarium life

test: .venv/ready
	@$(BIN)/pytest --numprocesses 2 --dist worksteal

check: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: .venv/ready
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache

# The virtual environment, made anew when what it holds has changed.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Cloudarium needs Python 3.11 or newer; say which: make PYTHON=python3.13"; exit 1; }
	@echo "Setting up (once): a virtual environment in .venv"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch .venv/ready

# Every service's tests with spoilt copies of their calls: nothing may be answered with a 500.
TESTS ?= tests/services
SEED ?= 1
.PHONY: hostile
hostile: .venv/ready
	@$(BIN)/pytest -p tests.hostile.plugin --tb=no --hostile-seed $(SEED) $(TESTS)

# DynamoDB beside dynalite (installed into a temporary folder, needs npm) and a constant answer.
.PHONY: bench-dynamodb
bench-dynamodb: .venv/ready
	@$(BIN)/python -m benchmarks.dynamodb.run $(BENCH)

# API Gateway's mock integration beside a constant answer of the same HTTP server; routing of 1,000.
.PHONY: bench-apigateway
bench-apigateway: .venv/ready
	@$(BIN)/python -m benchmarks.apigateway.run $(BENCH)

# Functions beside serverless-offline and MiniStack (installed into a temporary folder, need npm and
# pip): throughput, cold starts, bursts, memory.
.PHONY: bench-lambda
bench-lambda: .venv/ready
	@$(BIN)/python -m benchmarks.lambda.run $(BENCH)
