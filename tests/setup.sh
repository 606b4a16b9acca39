#!/usr/bin/env bash
# Installs what the tests need on a Debian machine that has Rust and a C compiler: PostgreSQL,
# Chromium, Node.js and a Python environment from Debian, and the pinned client libraries of
# tests/e2e and tests/interop. Looks first and installs only what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo -E "$@"
  else say "needs root for: $*"; exit 1; fi
}

# Prints the Debian packages that are missing, one per line.
missing_packages() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  command -v psql >/dev/null || echo postgresql-client
  command -v chromium >/dev/null || echo chromium
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  python3 -c 'import venv, ensurepip' 2>/dev/null || printf '%s\n' python3 python3-venv
  perl -MIPC::Cmd -e1 2>/dev/null || echo perl
  command -v openssl >/dev/null || echo openssl
  command -v runuser >/dev/null || echo util-linux
}

install_packages() {
  local packages
  mapfile -t packages < <(missing_packages)
  [ "${#packages[@]}" -eq 0 ] && return
  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# $1 folder. The stamp is the lock file itself, so a changed lock installs again.
install_node_modules() {
  local stamp="$1/node_modules/.installed-lock"
  cmp -s "$1/package-lock.json" "$stamp" && return
  say "npm ci in $1"
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error --ignore-scripts)
  cp "$1/package-lock.json" "$stamp"
}

install_python() {
  local wanted=tests/interop/requirements.txt venv=tests/.venv
  cmp -s "$wanted" "$venv/.installed-requirements" && return
  say "python environment in $venv"
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$venv/.installed-requirements"
}

check_node() {
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || { say "Node.js $major is too old for the client libraries: 20 or newer is needed"; exit 1; }
}

install_packages
check_node
install_node_modules tests/e2e
install_node_modules tests/interop
install_python
