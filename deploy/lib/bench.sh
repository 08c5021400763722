# `bench`: each executable tests/bench/NAME.py is a bench; it takes --json, --seconds N and --quick. What it measures is
# built first, by the target bench_NAME of the preset release; what its peers need is a line `packages:` in its head.

bench_run() {
  local name=${1-} program
  if [[ -z $name ]]; then
    step "Benches: ./papertape bench NAME [--json] [--seconds N] [--quick]"
    for program in "$ROOT"/tests/bench/*.py; do
      if [[ -x $program ]]; then note "$(sed -n '2s/^"""//p' "$program")"; fi
    done
    return
  fi
  shift
  program=$ROOT/tests/bench/$name.py
  [[ -x $program ]] || die "there is no bench $name" "./papertape bench lists them."
  # Nothing but the result goes to stdout.
  {
    packages_install
    packages_install <(sed -n 's/^packages: //p' "$program" | tr ' ' '\n' | grep -v '^-$')
    PRESET=release
    build "bench_$name"
  } >&2
  exec "$program" "$@"
}
