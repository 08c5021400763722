# How the script talks: what it does now, what went wrong, what to do about it.

step() { printf '\033[1m==>\033[0m %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }

# die MESSAGE [WHAT TO DO]
die() {
  printf '\033[1;31mpapertape: %s\033[0m\n' "$1" >&2
  [[ $# -gt 1 ]] && printf '  %s\n' "${@:2}" >&2
  exit 1
}

# die_with_log MESSAGE FILE: the end of the log is the best explanation there is.
die_with_log() {
  printf -- '--- the last lines of %s\n' "$2" >&2
  tail -n 20 "$2" >&2 || true
  printf -- '---\n' >&2
  die "$1" "The whole log: $2"
}

# wait_until SECONDS COMMAND...: polls until the command succeeds.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}
