# The secrets of a local install: made once, readable by their owner alone, never printed.

# secrets_make FILE: what FILE lacks is made; what it has stays as it is, for data was written with it.
secrets_make() {
  local file=$1 line
  (
    umask 077
    if [[ -f $file ]]; then cat "$file"; fi >"$file.new"
    while read -r line; do
      grep -q "^${line%%=*}=" "$file.new" || echo "$line" >>"$file.new"
    done < <("$ROOT/deploy/make_secrets")
    if cmp -s "$file" "$file.new"; then rm "$file.new"; else mv "$file.new" "$file"; fi
  )
}

# Of the shell's own variables these win over the file's.
SECRETS_GIVEN=(SECRET_KEY PAPERTAPE_DATA_KEY)

secrets_load() {
  local file=$STATE/secrets.env name
  local -A given=()
  mkdir -p "$STATE"
  if [[ ! -f $file ]]; then step "Secrets: making them once, in $file"; fi
  secrets_make "$file"
  for name in "${SECRETS_GIVEN[@]}"; do
    if [[ -n ${!name-} ]]; then given[$name]=${!name}; fi
  done
  # shellcheck source=/dev/null
  set -a && source "$file" && set +a
  for name in "${!given[@]}"; do printf -v "$name" %s "${given[$name]}"; done
}

# market-data -> MARKET_DATA
shout() { echo "${1^^}" | tr - _; }
# market-data -> market_data
snake() { echo "${1//-/_}"; }
