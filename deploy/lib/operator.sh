# What the operator tells a running suite: roles, the audit log, the books, ingestion, replays. The work is papertape-admin's; this finds the suite.

# operator_run admin|audit|ingest|ledger|replay ARGUMENT...
operator_run() {
  local program
  program=$(build_dir)/bin/papertape-admin
  if [[ " $* " != *" --help "* && " $* " != *" -h "* ]]; then
    pid_of auth >/dev/null || die "the suite is not running" "Start it first: ./papertape up"
    secrets_load
  fi
  [[ -x $program ]] || build papertape-admin >&2
  env -i PATH="$PATH" SECRET_KEY="${SECRET_KEY-}" PAPERTAPE_AUTH_ADDRESS="unix:$RUN/auth.sock" \
    PAPERTAPE_MARKET_DATA_ADDRESS="unix:$RUN/market-data.sock" PAPERTAPE_TRADE_ENGINE_ADDRESS="unix:$RUN/trade-engine.sock" \
    "$program" "$@"
}

# ledger_run ARGUMENT...: a repair takes the books away from the engine at work, so another one is started.
ledger_run() {
  operator_run ledger "$@"
  if [[ " $* " == *" rebuild "* && " $* " == *" --write "* ]]; then
    process_stop trade-engine
    postgres_locate
    redis_up
    service_up trade-engine
    service_ready trade-engine
  fi
}
