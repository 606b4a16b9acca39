#!/usr/bin/env bash
# A private PostgreSQL cluster for the tests: `start` makes it in a fresh directory, on a free
# loopback port, as a user that is not root, and prints its URL; `stop` ends and removes it;
# `url` prints the URL of the one that runs. Nothing else on the machine is touched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
state=.dev/postgres

newest_bin() {
  local dirs=(/usr/lib/postgresql/*/bin)
  [ -x "${dirs[0]}/initdb" ] || { echo 'postgres: not installed; run tests/setup.sh' >&2; exit 1; }
  printf '%s\n' "${dirs[@]}" | sort -V | tail -1
}

# PostgreSQL refuses root: hand over to the account that Debian's package made.
as_owner() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  echo 'postgres: no free port found' >&2; exit 1
}

# A certificate authority and a server certificate for 127.0.0.1 and localhost, so that the
# tests can reach the cluster over TLS with full verification.
make_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Tessera test authority' \
    -keyout "$1/ca.key" -out "$1/ca.crt" 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' \
    -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null
  openssl x509 -req -in "$1/server.csr" -CA "$1/ca.crt" -CAkey "$1/ca.key" -CAcreateserial -days 30 \
    -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out "$1/server.crt" 2>/dev/null
  chmod 600 "$1/server.key" "$1/ca.key"
}

configure() {
  cat >>"$1/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$1'
max_connections = 400
shared_buffers = 128MB
ssl = on
ssl_cert_file = '$1/server.crt'
ssl_key_file = '$1/server.key'
log_min_messages = fatal
autovacuum_naptime = 5s
CONF
  # The tests kill our own processes, never this one: it need not wait for the disk. A benchmark
  # asks for the durable form.
  if [ "${TESSERA_TEST_POSTGRES_DURABLE:-0}" != 1 ]; then
    printf 'fsync = off\nfull_page_writes = off\nsynchronous_commit = on\n' >>"$1/data/postgresql.conf"
  fi
}

start() {
  stop
  local bin dir password port
  bin=$(newest_bin)
  dir=$(mktemp -d "${TMPDIR:-/tmp}/tessera-postgres.XXXXXX")
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s' "$password" >"$dir/password"
  make_certificates "$dir"
  [ "$(id -u)" -eq 0 ] && chown -R postgres: "$dir"
  chmod 755 "$dir"
  as_owner "$bin/initdb" -D "$dir/data" -U tessera --pwfile="$dir/password" --auth=scram-sha-256 \
    --locale=C.UTF-8 --encoding=UTF8 --no-sync >/dev/null
  if [ "$(id -u)" -eq 0 ]; then
    configure "$dir" && chown postgres: "$dir/data/postgresql.conf"
  else configure "$dir"; fi
  for _ in 1 2 3; do
    port=$(free_port)
    if as_owner "$bin/pg_ctl" -D "$dir/data" -s -w -t 60 -l "$dir/log" -o "-p $port" start >/dev/null; then
      mkdir -p "$state"
      printf '%s' "$dir" >"$state/dir"
      cp "$dir/ca.crt" "$state/ca.crt"
      printf 'postgres://tessera:%s@127.0.0.1:%s/postgres' "$password" "$port" >"$state/url"
      cat "$state/url"; echo
      return
    fi
  done
  cat "$dir/log" >&2; exit 1
}

stop() {
  [ -f "$state/dir" ] || return 0
  local dir; dir=$(cat "$state/dir")
  if [ -d "$dir/data" ]; then
    as_owner "$(newest_bin)/pg_ctl" -D "$dir/data" -s -m immediate stop >/dev/null 2>&1 || true
  fi
  case "$dir" in */tessera-postgres.*) rm -rf "$dir" ;; esac
  rm -rf "$state"
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  url) cat "$state/url"; echo ;;
  *) echo "usage: $0 start|stop|url" >&2; exit 2 ;;
esac
