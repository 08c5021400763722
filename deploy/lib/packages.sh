# Debian packages: installs what deploy/packages.txt, or another list like it, names and the machine lacks.

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root: $*" "Run it as root, or install sudo."
  fi
}

missing_packages() {
  local package command
  while read -r package command; do
    [[ -z $package || $package == \#* ]] && continue
    [[ -n $command ]] && command -v "$command" >/dev/null && continue
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done <"$1"
}

# packages_install [LIST]
packages_install() {
  local list=${1:-$ROOT/deploy/packages.txt} missing
  command -v dpkg-query >/dev/null || die "this is not a Debian system" "Use the containers instead: docs/containers.md."
  mapfile -t missing < <(missing_packages "$list")
  if [[ ${#missing[@]} == 0 ]]; then
    step "Packages: all there"
    return
  fi
  step "Packages: installing ${#missing[@]} (${missing[*]})"
  mkdir -p "$STATE/logs"
  local log=$STATE/logs/packages.log
  {
    as_root apt-get update &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 || die_with_log "apt-get failed" "$log"
}
