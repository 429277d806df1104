# Two commands matter: `make demo` and `make test`.  Both build their own environment.
ENV ?= .venv
BIN := $(ENV)/bin
# What maintains the project (locks, audit, site, wheel) lives apart from what runs and tests it.
TOOLS ?= .venv-tools

.PHONY: help demo serve test lint evaluate bench profile growth torture fuzz damage docs site page screenshots lock audit sbom wheel reproduce everywhere places pythons clean

help:
	@echo "make demo      install into $(ENV), read ten articles, make a record of 112 stories and show a relation"
	@echo "make test      install what tests need and run them, with lint, types, import rules, some fuzzing and all guides"
	@echo "make evaluate  score every gold set that is found, against the floors"
	@echo "make bench     speed by stage, of a record, of merging; beside others; counts against the committed ones"
	@echo "make profile   where reading spends its time; make growth: what costs as a record grows (long)"
	@echo "make serve     a record of the example stories, and the page on it at http://127.0.0.1:8377"
	@echo "make fuzz      made-up inputs for every reader and for the API (long)"
	@echo "make damage    what scraping and translation damage cost; hostile texts read as ordinary ones"
	@echo "make docs      run every command of the tutorial and the how-to pages; write docs/commands.md anew"
	@echo "make page      build the page (needs Node); make screenshots takes a picture of every view"
	@echo "make torture   kill a run at 200 random moments and compare with an undisturbed one (long)"
	@echo "make site      build the documentation in site/, to be read without a network"
	@echo "make lock      write requirements/*.txt anew (UPGRADE=--upgrade brings all pins up to date)"
	@echo "make audit     check the locks, and ask for known weaknesses of what they name"
	@echo "make sbom      write bills of materials to dist/ (CycloneDX)"
	@echo "make wheel     build the wheel of the newest commit into dist/"
	@echo "make reproduce build wheel and page twice and compare; install and read without a network (long)"
	@echo "make everywhere  make places: a part of the tests in other time zones and locales; and make pythons: all tests"
	@echo "                 with every newer Python that is found, or PYTHON='python3.13 python3.14' (long)"
	@echo "make clean     remove $(ENV) and caches"

$(BIN)/comity: pyproject.toml scripts/environment.sh requirements/run.txt
	@sh scripts/environment.sh $(ENV) run
	@touch $@

$(ENV)/.tested: pyproject.toml scripts/environment.sh requirements/test.txt
	@sh scripts/environment.sh $(ENV) test editable
	@touch $@

$(TOOLS)/.made: scripts/environment.sh requirements/tools.txt
	@sh scripts/environment.sh $(TOOLS) tools alone
	@touch $@

demo: $(BIN)/comity
	@$(BIN)/comity read examples/*.txt examples/*.html --whole 2
	@$(BIN)/comity add examples --record demo
	@$(BIN)/comity relation Russia China --record demo --by year --since 2000
	@$(BIN)/comity next

serve: $(BIN)/comity
	@$(BIN)/comity add examples --record demo --quiet
	@$(BIN)/comity serve --record demo

test: $(ENV)/.tested
	@bash scripts/checks.sh $(BIN)

lint: $(ENV)/.tested
	@$(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

evaluate: $(ENV)/.tested
	@$(BIN)/comity evaluate --floors

bench: $(ENV)/.tested
	@$(BIN)/comity bench
	@$(BIN)/python -m comity.evaluate.merge_bench
	@$(BIN)/python -m comity.evaluate.bench_record
	@$(BIN)/python -m comity.evaluate.bench_relations --events 5000000
	@$(BIN)/python -m comity.evaluate.bench_beside
	@$(BIN)/python -m comity.evaluate.regression

profile: $(ENV)/.tested
	@$(BIN)/python -m comity.evaluate.profile

growth: $(ENV)/.tested
	@$(BIN)/python -m comity.evaluate.growth --documents 1000,3000,10000 --events 1e5,1e6,1e7 --plot docs/growth.svg

fuzz: $(ENV)/.tested
	@$(BIN)/python scripts/fuzz.py --seconds 60 --jobs 2
	@$(BIN)/python -m comity.evaluate.fuzz_api --cases 10000

damage: $(ENV)/.tested
	@$(BIN)/python -m comity.evaluate.damage
	@$(BIN)/python -m comity.evaluate.hostile

docs: $(ENV)/.tested
	@$(BIN)/python -m comity.cli.reference
	@$(BIN)/python scripts/run_docs.py

site: $(TOOLS)/.made
	@$(TOOLS)/bin/python scripts/site.py

lock: $(TOOLS)/.made
	@sh scripts/lock.sh $(TOOLS)/bin/uv $(UPGRADE)
	@$(TOOLS)/bin/python scripts/audit.py --lock-only

audit: $(TOOLS)/.made
	@$(TOOLS)/bin/python scripts/audit.py

sbom: $(TOOLS)/.made
	@mkdir -p dist
	@$(TOOLS)/bin/cyclonedx-py requirements requirements/run.txt --pyproject pyproject.toml --mc-type library \
		--output-reproducible --of JSON -o dist/comity.cdx.json
	@cd frontend && npm sbom --package-lock-only --sbom-format cyclonedx > ../dist/page.cdx.json
	@ls -l dist/*.cdx.json

wheel: $(TOOLS)/.made
	@sh scripts/wheel.sh $(TOOLS)/bin/python dist
	@ls -l dist/*.whl

reproduce: $(TOOLS)/.made
	@$(TOOLS)/bin/python scripts/reproduce.py

everywhere: places pythons

places: $(ENV)/.tested
	@sh scripts/everywhere.sh places $(BIN)/python

pythons:
	@sh scripts/everywhere.sh pythons $(PYTHON)

page:
	@cd frontend && npm ci && npm run build

screenshots: $(ENV)/.tested
	@$(BIN)/comity add examples --record demo --quiet
	@$(BIN)/comity serve --record demo --port 8378 & server=$$!; trap "kill $$server" EXIT; sleep 10; \
		$(BIN)/python frontend/look.py --base http://127.0.0.1:8378 --axe --out pictures

torture: $(ENV)/.tested
	@$(BIN)/python scripts/torture.py --kills 200 --documents 2000

clean:
	rm -rf $(ENV) $(TOOLS) .venv-* demo site dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build *.egg-info
