// Paper trades: stops and targets of both directions, idempotent orders, the account's sums, and the demo itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, eventually, micros } from "./client.mjs";
import { papertape, suite } from "./suite.mjs";

const live = async (client, symbol) => (await client.expect(200, "GET", `/market/live/${symbol}`)).price;
const closed = (client, id) =>
  eventually(`trade ${id} closes`, async () => {
    const trade = await client.expect(200, "GET", `/trades/${id}`);
    return trade.status !== "ACTIVE" && trade;
  });

// A trigger that is crossed already fires on the next tick: no waiting for the market.
const crossed = [
  [
    "a long's stop",
    "BUY",
    (price) => ({ stop_loss: Math.ceil(price * 1.02) }),
    "STOP_LOSS_HIT",
    "stop_loss",
    (t) => t.exit_price <= t.stop_loss,
  ],
  [
    "a long's target",
    "BUY",
    (price) => ({ target_price: Math.floor(price * 0.98) }),
    "TARGET_HIT",
    "target_price",
    (t) => t.exit_price >= t.target_price,
  ],
  [
    "a short's stop",
    "SELL",
    (price) => ({ stop_loss: Math.floor(price * 0.98) }),
    "STOP_LOSS_HIT",
    "stop_loss",
    (t) => t.exit_price >= t.stop_loss,
  ],
  [
    "a short's target",
    "SELL",
    (price) => ({ target_price: Math.ceil(price * 1.02) }),
    "TARGET_HIT",
    "target_price",
    (t) => t.exit_price <= t.target_price,
  ],
];
for (const [name, trade_type, levels, status, reason, isRight] of crossed) {
  test(`${name} closes the trade at the right side of it, once, and everyone is told`, async (t) => {
    const client = await Client.newUser(suite.url, "trigger");
    const stream = await client.stream();
    t.after(() => stream.close()); // also after a failure: an open stream keeps the process alive
    const price = await live(client, "GOOG");
    const body = { symbol: "GOOG", trade_type, quantity: 3, ...levels(price) };
    const opened = await client.expect(201, "POST", "/trades/create", { body });
    assert.equal(opened.warnings.length, 1, "a crossed trigger is warned of");
    const alert = await stream.next("alert", (frame) => frame.type === "alert" && frame.trade_id === opened.trade_id);
    assert.equal(alert.ticker, "GOOG");
    const trade = await closed(client, opened.trade_id);
    assert.equal(trade.status, status);
    assert.equal(trade.exit_reason, reason);
    assert.ok(isRight(trade), JSON.stringify(trade));
    const [bought, sold] =
      trade_type === "BUY" ? [trade.entry_price, trade.exit_price] : [trade.exit_price, trade.entry_price];
    assert.equal(micros(trade.pnl), 3 * (micros(sold) - micros(bought)));
    const account = await client.expect(200, "GET", "/portfolio/me");
    assert.equal(account.utilized_margin, 0);
    assert.equal(micros(account.available_margin), micros(100_000) + micros(trade.pnl));
    const orders = await client.expect(200, "GET", "/stock/orders");
    assert.equal(orders.filter((order) => order.status === "EXECUTED").length, 2);
    const told = await eventually("the feed tells of it", async () => {
      const feed = await client.expect(200, "GET", "/notifications/?size=50");
      const entries = feed.notifications.filter((entry) => entry.type === "trade_auto_closed");
      return entries.length > 0 && entries;
    });
    assert.equal(told.length, 1);
  });
}

test("a stop can be moved, a target taken away, and a stop that is moved past the price fires", async () => {
  const client = await Client.newUser(suite.url, "patch");
  const price = await live(client, "AAPL");
  const order = { symbol: "AAPL", trade_type: "BUY", quantity: 1, stop_loss: Math.floor(price / 2), target_price: 9999 };
  const { trade_id: id } = await client.expect(201, "POST", "/trades/create", { body: order });
  const moved = await client.expect(200, "PATCH", `/trades/${id}`, { body: { target_price: null } });
  assert.equal(moved.target_price, null);
  assert.equal(moved.stop_loss, order.stop_loss);
  assert.deepEqual(moved.warnings, []);
  const empty = await client.request("PATCH", `/trades/${id}`, { body: {} });
  assert.equal(empty.status, 400);
  assert.equal(empty.body.errors[0].field, "stop_loss");
  const past = await client.expect(200, "PATCH", `/api/v1/trades/${id}/`, { body: { stop_loss: Math.ceil(price * 1.02) } });
  assert.deepEqual(past.warnings, ["The stop loss is already crossed; it fires on the next tick."]);
  assert.equal((await closed(client, id)).status, "STOP_LOSS_HIT");
  const late = await client.request("PATCH", `/trades/${id}`, { body: { stop_loss: 1 } });
  assert.equal(late.body.code, "TRADE_CLOSED");
});

test("margin is a fifth of the notional, held while the trade is open", async () => {
  const client = await Client.newUser(suite.url, "margin");
  const trade = await client.expect(201, "POST", "/trades/create", {
    body: { symbol: "AAPL", tradeType: "BUY", quantity: 10 },
  });
  assert.equal(micros(trade.margin_used), Math.round(micros(trade.entry_price) * 2));
  assert.equal(micros(trade.remaining_margin), micros(100_000) - micros(trade.margin_used));
  const performance = await client.expect(200, "GET", `/trades/performance/${client.user.id}`);
  assert.equal(performance.active_trades, 1);
  assert.equal(micros(performance.margin_utilization_abs), micros(trade.margin_used));
  const [position] = await client.expect(200, "GET", "/portfolio/current");
  assert.equal(position.symbol, "AAPL");
  assert.equal(position.quantity, 10);
  assert.equal(position.source, "paper");
  const exited = await client.expect(200, "POST", `/trades/exit/${trade.trade_id}`, { body: {} });
  assert.equal(exited.trade.exit_reason, "manual");
  assert.equal(micros(exited.pnl), 10 * (micros(exited.exit_price) - micros(trade.entry_price)));
});

test("the same Idempotency-Key answers the first trade again, with another body it is a conflict", async () => {
  const client = await Client.newUser(suite.url, "twice");
  const headers = { "idempotency-key": `key-${Date.now()}` };
  const order = (quantity) => ({ headers, body: { symbol: "IBM", trade_type: "BUY", quantity } });
  const first = await client.expect(201, "POST", "/trades/create", order(1));
  assert.equal((await client.expect(201, "POST", "/trades/create", order(1))).trade_id, first.trade_id);
  assert.equal((await client.expect(409, "POST", "/trades/create", order(2))).code, "IDEMPOTENCY_CONFLICT");
  assert.equal((await client.expect(200, "GET", "/trades")).total, 1);
});

test("exit-all closes every active trade and sums their results", async () => {
  const client = await Client.newUser(suite.url, "leaver");
  for (const symbol of ["AAPL", "MSFT", "IBM"]) {
    await client.expect(201, "POST", "/trades/create", { body: { symbol, trade_type: "BUY", quantity: 1 } });
  }
  const all = await client.expect(200, "POST", "/trades/exit-all/me", { body: {} });
  assert.equal(all.exited, 3);
  const { trades } = await client.expect(200, "GET", "/trades?status=CLOSED");
  assert.equal(trades.length, 3);
  assert.equal(
    trades.reduce((sum, trade) => sum + micros(trade.pnl), 0),
    micros(all.total_pnl),
  );
});

test("./papertape demo holds", { timeout: 240_000 }, () => {
  assert.match(papertape("demo"), /All of the demo held\./);
});
