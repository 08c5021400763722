# A private Redis under the state directory, every write on disk before it is acknowledged; or the server that REDIS_URL
# names.

redis_up() {
  if [[ -n ${REDIS_URL-} ]]; then
    step "Redis: the one that REDIS_URL names"
    return
  fi
  local socket=$RUN/redis.sock
  REDIS_URL=unix://$socket
  if pid_of redis >/dev/null; then
    step "Redis: running"
    return
  fi
  step "Redis: starting, port $PORT_REDIS"
  port_must_be_free "$PORT_REDIS" Redis
  mkdir -p "$STATE/redis"
  process_start redis - env -i PATH="$PATH" redis-server --port "$PORT_REDIS" --bind 127.0.0.1 \
    --unixsocket "$socket" --unixsocketperm 700 --dir "$STATE/redis" --appendonly yes --appendfsync always --save '' --daemonize no
  wait_until 15 redis-cli -s "$socket" ping || die_with_log "Redis did not start" "$STATE/logs/redis.log"
}
