# `test`: builds and runs the tests, with a PostgreSQL and a Redis of their own.

tests_run() {
  local filter="" label="" arguments=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --label) label=${2:?--label needs a name} && shift ;;
      --preset) PRESET=${2:?--preset needs a name} && shift ;;
      -*) die "test: no such option: $1" "See ./papertape help." ;;
      *) filter=$1 ;;
    esac
    shift
  done
  if [[ -n $label ]]; then arguments+=(-L "^$label\$"); fi
  # End-to-end tests drive real processes against the clock: a sanitizer's slowness is not what they test.
  if [[ -z $label && $PRESET == *san ]]; then arguments+=(-LE '^(e2e|tidy)$'); fi
  if [[ -n $filter ]]; then arguments+=(-R "$filter"); fi
  packages_install
  build
  if [[ ${arguments[*]} != *-LE* && $label =~ ^(e2e)?$ ]]; then node_clients; fi
  step "Tests: ctest ${arguments[*]}"
  cd "$ROOT" && tests/support/with_servers ctest --test-dir "$(build_dir)" --output-on-failure --no-tests=error -j2 \
    "${arguments[@]}"
}
