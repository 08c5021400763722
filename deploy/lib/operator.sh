# What the operator tells a running suite: roles, the audit log, ingestion. The work is papertape-admin's; this finds the suite.

# operator_run admin|audit|ingest ARGUMENT...
operator_run() {
  local program
  program=$(build_dir)/bin/papertape-admin
  if [[ " $* " != *" --help "* && " $* " != *" -h "* ]]; then
    pid_of auth >/dev/null || die "the suite is not running" "Start it first: ./papertape up"
    secrets_load
  fi
  [[ -x $program ]] || build papertape-admin >&2
  env -i PATH="$PATH" SECRET_KEY="${SECRET_KEY-}" PAPERTAPE_AUTH_ADDRESS="unix:$RUN/auth.sock" \
    PAPERTAPE_MARKET_DATA_ADDRESS="unix:$RUN/market-data.sock" "$program" "$@"
}
