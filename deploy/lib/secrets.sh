# The secrets of a local install: made once, readable by their owner alone, never printed.

secrets_load() {
  local file=$STATE/secrets.env
  mkdir -p "$STATE"
  if [[ ! -f $file ]]; then
    step "Secrets: making them once, in $file"
    (umask 077 && "$ROOT/deploy/make_secrets" >"$file.new" && mv "$file.new" "$file")
  fi
  local given=${SECRET_KEY-}
  # shellcheck source=/dev/null
  set -a && source "$file" && set +a
  if [[ -n $given ]]; then SECRET_KEY=$given; fi
}

# market-data -> MARKET_DATA
shout() { echo "${1^^}" | tr - _; }
# market-data -> market_data
snake() { echo "${1//-/_}"; }
