# Sportello: the two commands are `make demo` and `make test`. Bare `make` lists the others.

# One target directory outside the clone: a fresh clone re-uses what an earlier one built.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/sportello/target
# Where the demonstration keeps its book; `make demo RESET=1` begins anew.
DATA ?= data/demo
PORT ?= 8080
PEOPLE ?= 10000
# How many cases `make bench-cases` fills a book with.
CASES ?= 100000
PROGRAM = $(CARGO_TARGET_DIR)/debug/sportello
UI = platform/web/ui
STAMP = platform/web/assets/generated/.stamp

.PHONY: help setup setup-tests assets program demo tour test test-rust test-postgres test-browser test-spid test-oidc check advisories format services bench bench-rules bench-cases bench-clickday torture verify sportello release clean-demo

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install what running needs (apt if root; otherwise says what is missing)
	@sh deploy/setup.sh

setup-tests: setup ## install what the tests need beside it
	@sh deploy/setup.sh tests

$(UI)/node_modules/.package-lock.json: $(UI)/package-lock.json
	@echo '· fetching the design system (npm)'
	@npm ci --prefix $(UI) --no-audit --no-fund --silent

TEMPLATES := $(shell find platform capabilities content services \( -name '*.html' -o -name '*.md' -o -name '*.rs' -o -name '*.toml' \) -not -path '*/node_modules/*' 2>/dev/null)
$(STAMP): $(UI)/node_modules/.package-lock.json $(wildcard $(UI)/*.mjs $(UI)/*.css $(UI)/*.scss $(UI)/src/*) $(TEMPLATES)
	@echo '· building styles, fonts and icons'
	@npm run build --prefix $(UI) --silent >/dev/null
	@touch $@

assets: $(STAMP) ## build styles, fonts and icons from the design system

program: setup assets
	@echo '· building the program (the first time takes a few minutes)'
	@cargo build --quiet --package sportello

demo: program ## start on SQLite with a sample world; RESET=1 begins anew, PEOPLE=n sizes it, PORT=n
	@$(PROGRAM) demo --data $(DATA) --port $(PORT) --people $(PEOPLE) $(if $(RESET),--reset)

tour: program ## walk the main job through real HTTP and print each step
	@$(PROGRAM) demo --tour --data $(DATA)-tour --port 0 --people 1000 --reset

test: setup-tests assets check test-rust test-postgres test-browser test-spid test-oidc ## everything: house rules, tests and stories on both databases, browser, SPID and CIE
	@echo 'make test: all passed'

test-rust: setup-tests assets ## Rust tests and stories, on SQLite
	@cargo nextest run --workspace --no-fail-fast
	@node --test content/verifica/

test-postgres: setup-tests assets ## what touches a database once more, on a PostgreSQL of its own
	@cargo nextest run --workspace --no-run --cargo-quiet
	@$(CARGO_TARGET_DIR)/debug/examples/on_postgres cargo nextest run --workspace --profile postgres --no-fail-fast

test-browser: setup-tests program ## pages in Chromium: accessibility, keyboard, no JavaScript
	@sh stories/browser/run.sh $(PROGRAM)

test-spid: setup-tests program ## what AgID checks of a provider of SPID and CIE (spid-sp-test), against the program
	@sh app/tests/spid/run.sh $(PROGRAM)

test-oidc: setup-tests program ## a federation of OpenID Connect (spid-cie-oidc: trust anchor, provider of CIE), against the program
	@sh app/tests/oidc/run.sh $(PROGRAM)

check: setup-tests assets ## format, lints, tidy, documentation, services, licences
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --quiet -- -D warnings
	@cargo nextest run --package tidy --status-level fail --final-status-level fail
	@RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --quiet
	@cargo run --quiet --package sportello -- check
	@cargo deny --log-level error check licenses sources bans

advisories: ## known weaknesses of the libraries (asks the network; for every night)
	@cargo deny --log-level error check advisories

format: ## format every file
	@cargo fmt --all

services: ## check every service folder and run every example
	@cargo run --quiet --package sportello -- check

bench: setup assets ## how fast and how large; prints what docs/performance.md records
	@cargo run --release --quiet --package benches --bin benches

bench-rules: setup ## the law over columns: rate, beside a loop by hand and openfisca-core
	@cargo run --release --quiet --package benches --bin bench-rules

bench-clickday: setup assets ## the day when everybody comes: applications a second, also with STORED="n n" cases in the book
	@cargo build --release --quiet --package sportello
	@cargo run --release --quiet --package benches --bin bench-clickday
	@cargo run --release --quiet --package benches --bin bench-clickday -- --postgres
	@for many in $(STORED); do cargo run --release --quiet --package benches --bin bench-clickday -- --stored $$many || exit; done

bench-cases: setup assets ## the desk with many cases: lists, search, pages; CASES=n
	@cargo build --release --quiet --package sportello
	@cargo run --release --quiet --package benches --bin bench-cases -- --cases $(CASES)

torture: setup-tests assets ## everything fails under load, and nothing acknowledged is lost; ARGS="--faults 20 --only power"
	@cargo build --release --quiet --package sportello
	@cargo build --release --quiet --package powercut
	@cargo run --release --quiet --package benches --bin torture -- $(ARGS)

verify: ## check the proof of a case of the demonstration: make verify FILE=prova-….json
	@test -n "$(FILE)" || { echo 'make verify FILE=prova-0000001-2026.json'; exit 1; }
	@test -x $(PROGRAM) || $(MAKE) --no-print-directory program
	@$(PROGRAM) verify --data $(DATA) "$(FILE)"

sportello: ## the program itself: make sportello ARGS="law show naspi"
	@test -x $(PROGRAM) || $(MAKE) --no-print-directory program
	@$(PROGRAM) $(ARGS)

release: setup assets ## the program for production, in the target directory under release/
	@cargo build --release --package sportello

clean-demo: ## forget the demonstration's data
	@rm -rf $(DATA) $(DATA)-tour
