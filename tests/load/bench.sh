#!/usr/bin/env bash
# Builds the optimised server, the floors and the generator, and prints the ratios. The server
# has core 0, the generator core 1. BENCH_SECONDS, BENCH_PAIRS make the run longer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --release -p server --bin tessera -p load --bins
export TESSERA_BIN=$target/release/tessera
exec taskset -c 1 "$target/release/bench"
