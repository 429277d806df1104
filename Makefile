# Two commands matter: `make demo` and `make test`.  Both build their own environment.
ENV ?= .venv
BIN := $(ENV)/bin

.PHONY: help demo test lint evaluate bench clean

help:
	@echo "make demo      install into $(ENV) and read the articles in examples/"
	@echo "make test      install what tests need and run them, with lint, types and import rules"
	@echo "make evaluate  score every gold set that is found, against the floors"
	@echo "make bench     speed of reading, by stage"
	@echo "make clean     remove $(ENV) and caches"

$(BIN)/comity: pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh $(ENV) .
	@touch $@

$(ENV)/.tested: pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh $(ENV) '.[test]' editable
	@touch $@

demo: $(BIN)/comity
	@$(BIN)/comity read examples --format brief
	@$(BIN)/comity next

test: $(ENV)/.tested
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest
	@$(BIN)/comity evaluate --floors

lint: $(ENV)/.tested
	@$(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

evaluate: $(ENV)/.tested
	@$(BIN)/comity evaluate --floors

bench: $(ENV)/.tested
	@$(BIN)/comity bench

clean:
	rm -rf $(ENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build *.egg-info
