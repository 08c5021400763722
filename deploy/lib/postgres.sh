# A private PostgreSQL under the state directory, or the server that DATABASE_URL names; then one role and one schema for
# each service, and nothing shared.

# PostgreSQL refuses to run as root: there its own user runs it.
AS_POSTGRES=()
if [[ $(id -u) == 0 ]]; then AS_POSTGRES=(setpriv --reuid=postgres --regid=postgres --init-groups); fi
POSTGRES_PROGRAMS=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)

# The directory of the data. The postgres user cannot enter a clone under /root: then the data lives in
# /var/lib/papertape, and the state directory holds a link to it.
postgres_home() {
  local home=$STATE/postgres real
  if [[ ! -e $home ]]; then
    real=$home
    if ! "${AS_POSTGRES[@]}" test -x "$STATE"; then
      real=/var/lib/papertape/$(printf %s "$STATE" | cksum | cut -d' ' -f1)
      mkdir -p "$real"
      ln -sfn "$real" "$home"
    fi
    mkdir -p "$real/socket"
    if [[ $(id -u) == 0 ]]; then chown -R postgres: "$real"; fi
  fi
  readlink -f "$home"
}

postgres_initialise() {
  local password_file
  password_file=$(mktemp)
  printf %s "$DB_PASSWORD_ADMIN" >"$password_file"
  if [[ $(id -u) == 0 ]]; then chown postgres: "$password_file"; fi
  (cd / && "${AS_POSTGRES[@]}" "$POSTGRES_PROGRAMS/initdb" -D "$POSTGRES_HOME/data" --username=papertape \
    --pwfile="$password_file" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8) >"$STATE/logs/postgres.log" 2>&1 ||
    die_with_log "initdb failed" "$STATE/logs/postgres.log"
  rm -f "$password_file"
}

# Sets ADMIN_URL, which may make roles and schemas, and SERVER_URL, the same server's own database.
postgres_locate() {
  if [[ -n ${DATABASE_URL-} ]]; then
    ADMIN_URL=$DATABASE_URL
    return
  fi
  local options='' server=postgresql://papertape@
  POSTGRES_HOME=$(postgres_home)
  POSTGRES_SOCKET=''
  export PGPASSWORD=$DB_PASSWORD_ADMIN
  # A unix socket is quicker than loopback; its path must be short, and plain enough to stand in a URL.
  if [[ ${#POSTGRES_HOME} -le 80 && $POSTGRES_HOME =~ ^[A-Za-z0-9/._-]+$ ]]; then
    POSTGRES_SOCKET=$POSTGRES_HOME/socket
    options="?host=$POSTGRES_SOCKET&port=$PORT_POSTGRES"
  else
    server=${server}127.0.0.1:$PORT_POSTGRES
  fi
  ADMIN_URL="$server/papertape$options"
  SERVER_URL="$server/postgres$options"
}

postgres_answers() { psql "$SERVER_URL" -c 'select 1' >/dev/null 2>&1; }

# One look: starts the server unless it is starting already; success when it answers.
postgres_try() {
  if process_gone postgres; then
    process_start postgres - env -i PATH="$PATH" "${AS_POSTGRES[@]}" "$POSTGRES_PROGRAMS/postgres" \
      -D "$POSTGRES_HOME/data" -p "$PORT_POSTGRES" -c listen_addresses=127.0.0.1 \
      -c unix_socket_directories="$POSTGRES_SOCKET" -c max_connections=200 -c shared_buffers=256MB -c max_wal_size=4GB
  fi
  postgres_answers
}

postgres_up() {
  postgres_locate
  if [[ -n ${DATABASE_URL-} ]]; then
    step "PostgreSQL: the one that DATABASE_URL names"
    return
  fi
  if pid_of postgres >/dev/null; then
    step "PostgreSQL: running"
    return
  fi
  [[ -n $POSTGRES_PROGRAMS ]] || die "PostgreSQL's programs are not in /usr/lib/postgresql"
  step "PostgreSQL: starting, port $PORT_POSTGRES"
  port_must_be_free "$PORT_POSTGRES" PostgreSQL
  [[ -f $STATE/postgres/data/PG_VERSION ]] || postgres_initialise
  # A postmaster that was killed a moment ago may still stand in the way of the next one, which then ends at once.
  wait_until 30 postgres_try || die_with_log "PostgreSQL did not start" "$STATE/logs/postgres.log"
  [[ $(psql -XAt "$SERVER_URL" -c "select count(*) from pg_database where datname = 'papertape'") == 1 ]] ||
    psql -Xq "$SERVER_URL" -c 'create database papertape'
}

# The roles and schemas: deploy/postgres/roles.sql, which the containers use too.
postgres_roles() {
  local log=$STATE/logs/roles.log
  psql -XAtq -v ON_ERROR_STOP=1 "$ADMIN_URL" -f "$ROOT/deploy/postgres/roles.sql" >"$log" 2>&1 ||
    die_with_log "the roles and schemas could not be made (DATABASE_URL must name a user that may create them)" "$log"
}

# database_url SERVICE: the same database, as the service's own role.
database_url() {
  local password=DB_PASSWORD_$(shout "$1")
  [[ $ADMIN_URL =~ ^(postgres(ql)?://)([^/?]*@)?(.*)$ ]] ||
    die "DATABASE_URL must look like postgresql://user:password@host/name"
  echo "${BASH_REMATCH[1]}papertape_$(snake "$1"):${!password}@${BASH_REMATCH[4]}"
}
