# Everything a person or the CI does with Cauce. `make` alone prints this help.
# Needed beforehand: Go, a C compiler and Node with npm.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# DuckDB's Arrow interface needs the tag; tag.go says so to those who forget it.
# -trimpath for tests too: what build compiled need not be compiled again.
export GOFLAGS := $(strip $(filter-out -tags=% -trimpath,$(GOFLAGS)) -trimpath -tags=duckdb_arrow)
export CGO_ENABLED := 1
export CAUCE_BIN := $(CURDIR)/bin/cauce

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LINTER := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

HOME_DIR ?= ./home
LISTEN ?= 127.0.0.1:8080
FUZZTIME ?= 60s
RUNS ?= 7
PKG ?= ./...

WEB := dashboard/web
WEB_SOURCES := $(shell find $(WEB) \( -path $(WEB)/node_modules -o -path $(WEB)/dist \) -prune -o -type f -print)

# Every DuckDB test program is linked statically; more than two at once take the
# memory of the machine and no less time.
TEST := go test -p 2 -count=1 $(SKIP)
# Where goroutines meet; the race detector makes the others only slower.
RACE := ./dashboard/... ./indicators/... ./ingest/... ./internal/warehouse/... ./internal/pipeline/... ./transform/...
# What the tests need and this machine does not have; empty in CI.
SKIP = $(shell scripts/missing-tools --skip)

# Only they know the flag -update.
GOLDEN = $(shell grep -rlE '^func Test[A-Za-z_]*[Gg]olden' --include='*_test.go' . | xargs -r -n1 dirname | sort -u)

.PHONY: help
help: ## print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Settings: HOME_DIR=$(HOME_DIR) LISTEN=$(LISTEN) FUZZTIME=$(FUZZTIME) RUNS=$(RUNS) PKG=$(PKG) UPDATE=1"

.PHONY: build
build: web ## build bin/cauce
	go build -ldflags '-X main.version=$(VERSION)' -o bin/cauce .

.PHONY: run
run: build ## build, load the published figures into HOME_DIR and serve on LISTEN
	bin/cauce serve --dir $(HOME_DIR) --listen $(LISTEN)

.PHONY: setup
setup: ## install what the tests need besides Go, a C compiler and Node
	scripts/setup

.PHONY: test
test: setup build ## vet and every test, with the race detector where goroutines meet
	go vet ./...
	@scripts/missing-tools
	$(TEST) -race $(RACE)
	$(TEST) $$(go list ./... | grep -vxFf <(go list $(RACE)))

.PHONY: race
race: build ## every test with the race detector
	$(TEST) -race $(PKG)

.PHONY: lint
lint: ## golangci-lint at its pinned version, by .golangci.yml
	go run $(LINTER) run

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME
	scripts/fuzz $(FUZZTIME)

.PHONY: golden
golden: build ## the golden scripts against bin/cauce; UPDATE=1 rewrites what they expect
	$(TEST) -run '[Gg]olden' $(GOLDEN) $(if $(UPDATE),-args -update)

.PHONY: faults
faults: build ## the numbered faults: crashes, full disks, locks, bad input
	$(TEST) -run '[Ff]ault' -v $(PKG)

.PHONY: bench
bench: build ## a full load against DuckDB's own bare load, as a ratio, and its memory
	go run ./internal/bench -cauce bin/cauce -runs $(RUNS) $(if $(PARTS),-parts $(PARTS))

.PHONY: bench-agree
bench-agree: build ## the published values of a generated file of ROWS events against a count of it in plain Go
	go run ./internal/bench -cauce bin/cauce -agree -rows $(or $(ROWS),12000000)

.PHONY: docs
docs: build ## write the generated pages of docs/
	go generate ./...

.PHONY: check
check: setup lint test ## the linter and every test, before a change is proposed

.PHONY: web
web: .make/web ## bundle the scripts and styles of the pages

# npm ci empties node_modules, so the stamp in it can not outlive what it stands for.
$(WEB)/node_modules/.stamp: $(WEB)/package.json $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-audit --no-fund
	touch $@

.make/web: $(WEB)/node_modules/.stamp $(WEB_SOURCES)
	cd $(WEB) && npm run build
	mkdir -p $(@D) && touch $@

.PHONY: clean
clean: ## remove what was built, not what was loaded
	rm -rf bin .make $(WEB)/node_modules
	find $(WEB)/dist -mindepth 1 ! -name .keep -delete
