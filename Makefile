# The one entry to everything that is done with this tree; each target is a script in scripts/ that can be run by itself.
.DEFAULT_GOAL := help
.PHONY: help demo test check lint sanitize fuzz stress bench format build install setup clean

PREFIX ?= /usr/local

help: ## this list
	@echo "neve: keeps the results that outlast the run. Targets:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

demo: ## set up, build, run the fibre simulation cold and then warm
	@scripts/demo.sh

test: ## set up, build, run every test (ARGS go to ctest)
	@scripts/test.sh $(ARGS)

check: ## lint, clang-tidy, consumers, sanitizers and fuzzers
	@scripts/check.sh

lint: ## format, layers, headers, links, ruff, clang-tidy
	@scripts/lint.sh

sanitize: ## the tests under address, undefined-behaviour and thread sanitizers
	@scripts/sanitize.sh

fuzz: ## every fuzzer for SECONDS (60) each
	@scripts/fuzz.sh $(or $(SECONDS),60)

stress: ## processes and threads on one folder for SECONDS (300)
	@scripts/stress.sh $(or $(SECONDS),300)

bench: ## neve beside its peers and the machine's limits
	@scripts/bench.sh $(ARGS)

format: ## rewrite the sources the way CI wants them
	@scripts/format.sh

build: ## the release build, without running anything
	@scripts/build.sh

install: ## build and install to PREFIX (/usr/local)
	@scripts/build.sh --install $(PREFIX)

setup: ## the Debian packages for building, testing and checking
	@scripts/setup.sh check

clean: ## remove build/ and demo/
	@rm -rf build demo
