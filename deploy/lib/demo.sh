# `demo`: tests/e2e/demo.mjs against the running suite, then the ledger's own sums.

# Every book of the ledger against the account's figures: four times `t`.
LEDGER_SUMS="
  with entries as (
    select to_book as book, amount from trade_engine.transfers where session = 0 and user_id = :user_id
    union all
    select from_book, -amount from trade_engine.transfers where session = 0 and user_id = :user_id),
  books as (
    select coalesce(sum(amount) filter (where book = 'deposit'), 0) as deposit,
           coalesce(sum(amount) filter (where book = 'cash'), 0) as cash,
           coalesce(sum(amount) filter (where book = 'margin'), 0) as margin,
           coalesce(sum(amount) filter (where book in ('pnl', 'fees')), 0) as earned
    from entries)
  select -b.deposit = a.deposit, b.cash = a.available, b.margin = a.utilized, -b.earned = a.realized_pnl
  from books b, trade_engine.accounts a where a.session = 0 and a.user_id = :user_id"

demo_run() {
  local output user_id sums
  pid_of gateway >/dev/null || die "the suite is not running" "Start it first: ./papertape up"
  node_clients
  secrets_load
  postgres_locate
  output=$(mktemp)
  node "$ROOT/tests/e2e/demo.mjs" "$HTTP_URL" | tee "$output" || die "the demo failed" "Logs: ./papertape logs"
  user_id=$(awk '$1 == "ledger" { print $2 }' "$output")
  rm -f "$output"
  sums=$(psql -XAt -v user_id="$user_id" "$ADMIN_URL" <<<"$LEDGER_SUMS")
  [[ $sums == "t|t|t|t" ]] || die "the ledger does not add up: deposit, cash, margin, profit and loss = $sums"
  step "The ledger adds up: deposit, cash, margin, and profit and loss, each to the cent. All of the demo held."
}
