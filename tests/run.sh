#!/usr/bin/env bash
# The test command. `all` is what a change must pass; the other words run a part of it:
# check (SQLite only, no installation), e2e, interop, bench.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
target=${CARGO_TARGET_DIR:-$root/target}
# Warnings are errors, and no test waits for a terminal.
export PATH=$root/.dev/node/bin:$PATH
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto} NO_COLOR=${NO_COLOR:-1}

step() { printf '\n== %s (%ss)\n' "$*" "$SECONDS" >&2; }

start_postgres() {
  trap 'tests/postgres.sh stop' EXIT
  TESSERA_TEST_POSTGRES=$(tests/postgres.sh start)
  export TESSERA_TEST_POSTGRES
  export TESSERA_TEST_POSTGRES_CA=$root/.dev/postgres/ca.crt
}

# With the feature that the container is built with: PostgreSQL over TLS.
features=()

build() {
  step 'build'
  cargo build --workspace --bins --tests "${features[@]}"
  export TESSERA_BIN=$target/debug/tessera
}

format() {
  step 'format'
  cargo fmt --all --check
}

lint() {
  step 'lints'
  cargo clippy --workspace --all-targets "${features[@]}" -- -D warnings
}

documentation() {
  step 'documentation of the crates'
  RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --quiet
}

interop() {
  step 'real client libraries'
  (cd tests/interop && node --test --test-reporter=spec --test-concurrency=1 *.test.mjs)
  (cd tests/interop && ../.venv/bin/python -m unittest -v test_authlib test_mail)
}

e2e() {
  step 'real browser'
  (cd tests/e2e && node --test --test-reporter=spec --test-concurrency=1 *.test.mjs)
}

case "${1:-all}" in
  all)
    format
    tests/setup.sh
    start_postgres
    features=(--features server/pg-tls)
    export TESSERA_TEST_TLS=1
    build
    lint
    documentation
    step 'tests on both databases'
    cargo test --workspace --no-fail-fast "${features[@]}"
    interop
    e2e
    ;;
  check)
    format
    lint
    build
    step 'tests on SQLite'
    cargo test --workspace --exclude tests
    cargo test -p tests --test architecture
    cargo test -p tests sqlite
    ;;
  e2e) tests/setup.sh; build; e2e ;;
  interop) tests/setup.sh; build; interop ;;
  bench) tests/load/bench.sh ;;
  *) echo "usage: $0 all|check|e2e|interop|bench" >&2; exit 2 ;;
esac
step 'done'
