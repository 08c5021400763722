# `check` and `fmt`: the same rules, looked at or applied.

formatted_files() { git -C "$ROOT" ls-files '*.cpp' '*.h' | sed "s|^|$ROOT/|"; }

fmt_run() {
  packages_install
  step "Format: clang-format"
  formatted_files | xargs -P 2 -n 40 clang-format -i
  step "Documents: docs/errors.md, docs/methods.md, docs/settings.md"
  /usr/bin/python3 "$ROOT/deploy/lib/generate_docs.py" --write
}

check_run() {
  [[ $# -gt 0 && $1 == --preset ]] && PRESET=${2:?--preset needs a name}
  packages_install
  step "Format"
  formatted_files | xargs -P 2 -n 40 clang-format --dry-run -Werror ||
    die "not formatted" "./papertape fmt does it."
  build
  step "Repository law: ctest -L tidy"
  ctest --test-dir "$(build_dir)" -L '^tidy$' --output-on-failure --no-tests=error -j2 ||
    die "the repository breaks a law of its own" "Each failure above says which, where, and what to do instead."
  step "clang-tidy"
  /usr/bin/python3 "$ROOT/deploy/lib/clang_tidy.py" "$(build_dir)" || die "clang-tidy has findings" "They stand above."
  if [[ -x $ROOT/tests/fuzz/run ]]; then
    step "Fuzzing, bounded"
    "$ROOT/tests/fuzz/run" || die "a fuzz target failed" "The input that broke it stands above."
  fi
  step "Clean"
}
