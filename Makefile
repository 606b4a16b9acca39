# Tessera: every command a person needs. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test dev check bench e2e interop images release setup stop-postgres

help: ## list the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## build and start a complete installation on this machine; prints one address
	cargo run --quiet -p server --bin tessera -- dev

dev: ## the same with readable log lines of every request
	TESSERA_LOG=debug cargo run -p server --bin tessera -- dev

test: ## everything: install what is missing, both databases, real clients, real browser
	tests/run.sh all

check: ## the inner loop: format, lints, tests on SQLite
	tests/run.sh check

e2e: ## the journeys in a real browser (screenshots in .dev/shots)
	tests/run.sh e2e

images: ## the pictures of the README, drawn anew
	cargo build --quiet -p server && node tests/e2e/images.mjs

interop: ## unmodified client libraries against a running server
	tests/run.sh interop

bench: ## the ratios of docs/explanation/performance.md, as markdown
	tests/run.sh bench

release: ## the optimised binary: target/release/tessera
	cargo build --release -p server --bin tessera

setup: ## install what the tests need; does nothing the second time
	tests/setup.sh
