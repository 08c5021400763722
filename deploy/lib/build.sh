# Building: one CMake preset, all of it or the programs alone.

SERVICES=(auth market-data trade-engine portfolio signal notification)
PROGRAMS=("${SERVICES[@]}" gateway)

build_dir() { echo "$ROOT/build/$PRESET"; }

build_configure() {
  [[ -f $(build_dir)/build.ninja ]] && return
  mkdir -p "$STATE/logs"
  (cd "$ROOT" && cmake --preset "$PRESET") >"$STATE/logs/configure.log" 2>&1 ||
    die_with_log "CMake could not configure the preset $PRESET" "$STATE/logs/configure.log"
}

# build [TARGET...]: ninja's own progress line on a terminal, plain lines in a log.
build() {
  step "Build: preset $PRESET"
  build_configure
  NINJA_STATUS='[%f/%t, %es] ' ninja -C "$(build_dir)" "$@" ||
    die "the build failed" "The errors stand above; run the command again when they are mended."
}

build_programs() { build "${PROGRAMS[@]/#/papertape-}" papertape-admin; }
