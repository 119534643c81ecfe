# What people run; what it needs is installed first. Only results go to stdout, so that `make -s` can
# be read by a script.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

JOBS := $(shell nproc)
PROFILE := embedded
NODES := 1

setup := gates/lib/setup.sh
# Two gates may build at the same time: the second waits.
locked = mkdir -p build && flock --close build/$(1).lock
# A copied tree has the cache of the one that it was copied from, and would build there.
made_here = $(shell [[ "$$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' \
  build/$(1)/CMakeCache.txt 2>/dev/null)" -ef . ]] && echo yes)
configure = cmake $(if $(call made_here,$(1)),,--fresh) --preset $(1)
sources = git ls-files --cached --others --exclude-standard --
cc_sources := $(sources) '*.cc' '*.h'
sh_sources := $(sources) '*.sh' '*.bash' '*.bats' '*/run'

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: build
build: ## Build the executables into build/bin
	$(setup) build
	$(call locked,release) $(MAKE) build/release/build.ninja >&2
	$(call locked,release) cmake --build --preset release --target tools/all >&2

build/release/build.ninja: CMakePresets.json $(if $(call made_here,release),,copied)
	$(call configure,release) -DBUILD_TESTING=OFF
copied: # never there: always out of date

.PHONY: test
test: ## Run every test, those on a real broker included
	$(setup) build test browser embedded faults store
	$(call locked,release) $(call configure,release) -DBUILD_TESTING=ON >&2
	$(call locked,release) cmake --build --preset release >&2
	ctest --preset release --parallel $(JOBS)

.PHONY: asan tsan
asan: ## Run the unit tests under the address and undefined behaviour sanitizers
tsan: ## Run the unit tests under the thread sanitizer
# librdkafka begins its threads by thrd_create, which GCC's thread sanitizer does not know: it ends there.
asan tsan:
	$(setup) build test
	$(call configure,$@) >&2
	cmake --build --preset $@ --target unit_tests >&2
	ctest --preset $@ --parallel $(JOBS)

FUZZ_SECONDS := 60
fuzz_corpus := build/fuzz-corpus

.PHONY: fuzz
fuzz: ## Let a fuzzer look for input that the decoders cannot bear, for FUZZ_SECONDS
	$(setup) build fuzz
	cmake --preset fuzz >&2
	cmake --build --preset fuzz --target decode-fuzz fuzz-replay >&2
	build/fuzz/tests/fuzz-replay tests/fixtures/kafscale-1.6.0/exchanges.jsonl \
	  tests/fixtures/batches --write-seeds $(fuzz_corpus)
	build/fuzz/tests/decode-fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=1024 \
	  -malloc_limit_mb=512 -artifact_prefix=build/fuzz/ -print_final_stats=1 $(fuzz_corpus)

.PHONY: lies
lies: ## Have a broker lie to the tools in every way it knows, and see each lie caught
	$(setup) build test embedded
	$(call locked,release) $(call configure,release) -DBUILD_TESTING=ON >&2
	$(call locked,release) cmake --build --preset release --target tools/all broker-front >&2
	tests/lies/run

.PHONY: mutants
mutants: ## Make the checker wrong in one way after the other, and see a test fail for each
	$(setup) build test
	tests/mutants/run

.PHONY: gate-pr gate-main gate-release
gate-pr: ## Run the PR gate (K6_PROFILE=embedded: on a Kafka of its own)
gate-main: ## Run the main gate: brokers die under traffic (GATE_TIME=short: not for as long)
gate-release: ## Run the release gate: all of these, storms, scale-out, upgrades and chaos
gate-pr gate-main gate-release:
	gates/$(@:gate-%=%).sh

.PHONY: perf test-kafka-performance perf-max
perf: ## Measure five workloads, three runs each, against their limits (WORKLOAD=burst: one; PERF_TIME=short, PERF_PAYLOAD=cdc)
test-kafka-performance: ## The same
perf test-kafka-performance:
	gates/performance.sh

perf-max: ## Find the highest rate that keeps the p95 within its limit
	gates/performance.sh --find-max

.PHONY: delivery test-kafka-delivery
delivery: ## Validate delivery: restarts, a cut network, groups (WITH_DEBEZIUM=1: Debezium, too)
test-kafka-delivery: ## The same
delivery test-kafka-delivery:
	gates/delivery.sh

.PHONY: kafka-reports
kafka-reports: build ## Rebuild the pages of the validations in reports/ from the newest runs
	gates/lib/pages.sh

.PHONY: bench-gate
bench-gate: ## Measure the PR gate: time of its checks, start and memory of the executables
	tests/bench/gate.sh

.PHONY: bench bench-wire bench-verify bench-store bench-fleet bench-scale
bench: ## Measure producing and consuming beside the programs that others use
bench-wire: ## Measure what a record costs the wire client, and librdkafka
bench-verify: ## Measure the checker, and what a history costs
bench-store: ## Measure what a look into the object store costs
bench-fleet: ## Measure what it costs to bring together what a thousand workers left
bench-scale: ## Measure how time and memory grow when the work doubles
bench bench-wire bench-verify bench-store bench-fleet bench-scale:
	$(setup) build test embedded
	$(call locked,release) $(call configure,release) -DBUILD_TESTING=ON >&2
	$(call locked,release) cmake --build --preset release --target tools/all client_bench verify_bench store_bench fleet_bench >&2
	tests/bench/$(patsubst bench,peers,$(subst bench-,,$@)).sh

.PHONY: up
up: $(if $(filter embedded,$(PROFILE)),build) ## Start an environment by hand (PROFILE=embedded NODES=3, or local-docker, kafka-local); its address comes last
	@$(call locked,up-$(notdir $(PROFILE))) gates/lib/environment.sh up '$(PROFILE)' '$(NODES)'

.PHONY: down
down: ## End what `make up` started, and delete its data
	@$(call locked,up-$(notdir $(PROFILE))) gates/lib/environment.sh down '$(PROFILE)'

.PHONY: lint lint-quick tidy
lint: lint-quick ## Check the format and the style of all sources
	$(MAKE) tidy
lint-quick: ## The linters that take seconds, and what the slowest one needs
	$(setup) build test lint
	$(cc_sources) | xargs clang-format --dry-run -Werror
	$(sh_sources) | xargs shellcheck
	$(sh_sources) | xargs shfmt -d
	$(call locked,release) $(call configure,release) -DBUILD_TESTING=ON >&2
tidy: ## The slowest linter alone, once lint-quick has run
	$(MAKE) --keep-going --jobs $(JOBS) \
	  $(patsubst %,build/lint/%.ok,$(wildcard tools/*.cc tools/lib/*/*.cc tests/unit/*/*.cc))

# The slowest linter runs again only where something changed.
build/lint/%.ok: % $(wildcard tools/lib/*/*.h tests/unit/*/*.h) .clang-tidy tests/.clang-tidy gates/lib/clang-tidy.sh
	@echo 'clang-tidy $<'
	@gates/lib/clang-tidy.sh -p build/release --quiet $<
	@mkdir -p $(@D) && touch $@

.PHONY: format
format: ## Format all sources
	$(setup) lint
	$(cc_sources) | xargs clang-format -i
	$(sh_sources) | xargs shfmt -w

.PHONY: clean
clean: ## Delete everything built and fetched, and the embedded environment; `make down` ends the others
	@$(MAKE) down PROFILE=embedded
	rm -rf build
