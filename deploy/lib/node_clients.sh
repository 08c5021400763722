# The npm packages of tests/e2e, at the versions of its package.json.
node_clients() {
  local home=$ROOT/tests/e2e log=$STATE/logs/npm.log
  mkdir -p "$STATE/logs"
  if cmp -s "$home/package.json" "$home/node_modules/.installed"; then return; fi
  step "Node clients: npm install (ws, grpc-js, jose)"
  (cd "$home" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 ||
    die_with_log "npm could not fetch the clients" "$log"
  cp "$home/package.json" "$home/node_modules/.installed"
}
