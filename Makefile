# Every target sets up .venv by itself; PYTHON chooses the interpreter it is made with.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PEERS ?= .venv-peers
STAMP := $(VENV)/.installed

.PHONY: demo study test lint bench bench-peers accuracy format clean
.DEFAULT_GOAL := test

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(STAMP) ## audit the sample corpus and say which file to open
	$(BIN)/mining audit corpora/sample/reports --out reports_out/demo

study: $(STAMP) ## the worked study of docs/study, from a generated corpus
	$(BIN)/python scripts/worked_study.py reports_out/study

test: $(STAMP) ## all tests, doctests included
	$(BIN)/python -m pytest -n auto

lint: $(STAMP) ## style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP) ## speeds and sizes; figures only, never fails
	-$(BIN)/python benchmarks/bench.py
	-$(BIN)/python benchmarks/words.py
	-$(BIN)/python benchmarks/topics.py
	-$(BIN)/python benchmarks/panel.py
	-$(BIN)/python benchmarks/reuse.py --reports 50000
	-$(BIN)/python benchmarks/runs.py

accuracy: $(STAMP) ## measure, and write docs/accuracy.md
	$(BIN)/python -m benchmarks.accuracy

bench-peers: $(STAMP) $(PEERS)/.installed ## other libraries on the same gold passages
	$(BIN)/python -m benchmarks.peers --python $(PEERS)/bin/python

$(PEERS)/.installed: benchmarks/peers-constraints.txt
	$(PYTHON) -m venv $(PEERS)
	-$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -c $< jionlp cn2an
	-$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -c $< \
		recognizers-text-number recognizers-text-suite 'emoji<2'
	touch $@

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(PEERS) build dist .pytest_cache .mypy_cache .ruff_cache
