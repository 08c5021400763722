// The trading journal as its own documents have it: routes, field names, both mounts, bad input.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, eventually, micros } from "./client.mjs";
import { suite } from "./suite.mjs";

const fields = [
  "_id",
  "id",
  "user_id",
  "kind",
  "ticker",
  "direction",
  "entryPrice",
  "stopLoss",
  "targetPrice",
  "size",
  "setup_id",
  "marketConditions",
  "emotions",
  "notes",
  "tags",
  "status",
  "entryDate",
  "exitPrice",
  "exitDate",
  "lessonsLearned",
  "result_pnl",
  "alerted_at",
  "mae",
  "mfe",
  "excursion_gap",
];
const bullish = {
  ticker: "AAPL",
  direction: "bullish",
  entryPrice: 150.0,
  stopLoss: 148.0,
  size: 100,
  marketConditions: "Bullish trend, support at 148",
  emotions: "Confident",
};

test("a trade is written down, listed, and closed with its profit, as the journal's documents say", async () => {
  const client = await Client.newUser(suite.url, "journal");
  const opened = await client.expect(201, "POST", "/api/v1/trades/", { body: bullish });
  assert.deepEqual(Object.keys(opened), fields);
  for (const [name, value] of Object.entries(bullish)) assert.equal(opened[name], value, name);
  assert.equal(opened._id, opened.id);
  assert.equal(opened.user_id, client.user.id);
  assert.equal(opened.status, "open");
  assert.equal(opened.exitPrice, null);
  assert.deepEqual(opened.tags, []);
  assert.deepEqual(await client.expect(200, "GET", "/api/v1/trades/open"), [opened]);
  assert.deepEqual(await client.expect(200, "GET", "/trades/closed/"), []);

  const close = { exitPrice: 155.0, lessonsLearned: "Trade went as planned, respected the setup" };
  const closed = await client.expect(200, "PUT", `/api/v1/trades/${opened._id}/close`, { body: close });
  assert.equal(closed.result_pnl, 500);
  assert.equal(closed.status, "closed");
  assert.equal(closed.lessonsLearned, close.lessonsLearned);
  const twice = await client.expect(409, "PUT", `/trades/${opened._id}/close`, { body: close });
  assert.equal(twice.code, "TRADE_CLOSED");
  assert.deepEqual(await client.expect(200, "GET", "/trades/open"), []);
  assert.deepEqual(await client.expect(200, "GET", "/trades/closed"), [closed]);
});

test("a bearish trade earns when the price falls, exactly", async () => {
  const client = await Client.newUser(suite.url, "bear");
  const body = { ...bullish, direction: "bearish", entryPrice: 0.3, stopLoss: null, size: 3, unknown: { field: true } };
  const { id } = await client.expect(201, "POST", "/trades", { body });
  const closed = await client.expect(200, "PUT", `/trades/${id}/close`, { body: { exit_price: 0.1 } });
  assert.equal(closed.result_pnl, 0.6);
  assert.equal((await client.expect(200, "GET", `/trades/${id}`)).pnl, 0.6);
});

test("bad input is refused with the names that the client used", async () => {
  const client = await Client.newUser(suite.url, "careless");
  const refused = async (status, method, path, body) => {
    const answer = await client.expect(status, method, path, { body });
    return answer.errors.map((error) => error.field).sort();
  };
  assert.deepEqual(await refused(400, "POST", "/trades/", { ...bullish, entryPrice: -1, stopLoss: 0, size: null }), [
    "entryPrice",
    "size",
    "stopLoss",
  ]);
  assert.deepEqual(await refused(400, "POST", "/trades/", { ...bullish, entryPrice: "much" }), ["entryPrice"]);
  assert.deepEqual(await refused(400, "POST", "/trades/", { ...bullish, entryDate: "yesterday" }), ["entryDate"]);
  assert.deepEqual(await refused(400, "POST", "/trades/", {}), ["direction", "entryPrice", "size", "ticker"]);
  assert.deepEqual(await refused(404, "POST", "/trades/", { ...bullish, setup_id: "nobody's" }), []);
  const { id } = await client.expect(201, "POST", "/trades/", { body: bullish });
  assert.deepEqual(await refused(400, "PUT", `/trades/${id}/close`, {}), ["exitPrice"]);
  assert.deepEqual(await refused(400, "PUT", `/trades/${id}/close`, { exitPrice: 1, exitDate: "1999-01-01" }), ["exitDate"]);
  assert.deepEqual(await refused(400, "GET", "/trades/open?kind=both"), ["kind"]);
  assert.equal((await client.request("POST", "/trades/", { body: bullish, token: null })).status, 401);

  const other = await Client.newUser(suite.url, "other");
  for (const [method, path, body] of [
    ["PUT", `/trades/${id}/close`, { exitPrice: 1 }],
    ["PATCH", `/trades/${id}`, { notes: "mine" }],
    ["DELETE", `/trades/${id}`],
    ["GET", `/trades/${id}`],
  ]) {
    assert.equal((await other.request(method, path, { body })).status, 404, `${method} ${path}`);
  }
});

test("a setup is kept, found by trades, replaced and deleted; its trades keep it", async () => {
  const client = await Client.newUser(suite.url, "library");
  const body = { name: "Opening range", notes: "first 5 minutes", tags: ["momentum"] };
  const headers = { "idempotency-key": `setup-${Date.now()}` };
  const setup = await client.expect(201, "POST", "/api/v1/setups/", { body, headers });
  assert.equal(setup._id, setup.id);
  assert.equal(setup.user_id, client.user.id);
  assert.equal(setup.notes, body.notes);
  assert.equal(setup.rules, null);
  assert.deepEqual(await client.expect(201, "POST", "/setups", { body, headers }), setup);
  assert.deepEqual(await client.expect(200, "GET", "/api/v1/setups/"), [setup]);
  const unnamed = await client.expect(400, "POST", "/setups/", { body: { notes: "?" } });
  assert.deepEqual(unnamed.errors, [{ field: "name", message: "must be set" }]);

  const trade = await client.expect(201, "POST", "/trades/", { body: { ...bullish, setup_id: setup.id } });
  const replaced = await client.expect(200, "PUT", `/setups/${setup.id}`, { body: { name: "Opening range, 5m" } });
  assert.equal(replaced.notes, null);
  const deleted = await client.request("DELETE", `/setups/${setup.id}/`);
  assert.equal(deleted.status, 204);
  assert.equal(deleted.body, "");
  assert.deepEqual(await client.expect(200, "GET", "/setups"), []);
  assert.ok((await client.expect(200, "GET", `/setups/${setup.id}`)).deleted_at);
  const { trades } = await client.expect(200, "GET", `/trades?setup_id=${setup.id}`);
  assert.deepEqual(
    trades.map((found) => found.trade_id),
    [trade.id],
  );
});

test("the stop of a written trade is told of once, over the WebSocket and in the feed, and again once it is moved", async (t) => {
  const client = await Client.newUser(suite.url, "alerted");
  const stream = await client.stream();
  t.after(() => stream.close()); // also after a failure: an open stream keeps the process alive
  const { price } = await client.expect(200, "GET", "/market/live/GOOG");
  // Crossed already: it is told on the next tick.
  const body = { ...bullish, ticker: "GOOG", entryPrice: price, stopLoss: Math.ceil(price * 1.1) };
  const { id } = await client.expect(201, "POST", "/trades/", { body });
  const alert = await stream.next("alert", (frame) => frame.type === "alert" && frame.trade_id === id);
  assert.equal(alert.ticker, "GOOG");
  assert.match(alert.message, /^Stop loss triggered for GOOG at \$\d+\.\d\d/);
  const [told] = await client.expect(200, "GET", "/trades/open");
  assert.ok(told.alerted_at);
  assert.equal(told.status, "open", "an alert executes nothing");

  const moved = await client.expect(200, "PATCH", `/trades/${id}`, { body: { stopLoss: Math.ceil(price * 1.2) } });
  assert.equal(moved.alerted_at, null);
  const alerts = () => stream.frames.filter((frame) => frame.type === "alert" && frame.trade_id === id);
  await eventually("the moved stop is told of", () => alerts().length === 2);
  const entries = await eventually("the feed tells of both", async () => {
    const { notifications } = await client.expect(200, "GET", "/notifications/?size=50");
    const alerted = notifications.filter((entry) => entry.type === "trade_alert");
    return alerted.length >= 2 && alerted;
  });
  assert.equal(entries.length, 2);
  assert.equal(entries[0].data.trade.entryPrice, price);
  const closed = await client.expect(200, "PUT", `/trades/${id}/close`, { body: { exitPrice: price } });
  assert.equal(closed.result_pnl, 0);
  assert.equal(alerts().length, 2);
});

test("paper trades are entries of the journal, too", async () => {
  const client = await Client.newUser(suite.url, "both");
  const order = { symbol: "AAPL", trade_type: "BUY", quantity: 2 };
  const { trade_id: id } = await client.expect(201, "POST", "/trades/create", { body: order });
  const written = await client.expect(201, "POST", "/trades/", { body: { ...bullish, stopLoss: null } });
  const open = await client.expect(200, "GET", "/trades/open");
  assert.deepEqual(
    open.map((trade) => [trade.id, trade.kind]),
    [
      [written.id, "journal"],
      [id, "paper"],
    ],
  );
  assert.deepEqual(Object.keys(open[1]), fields);
  assert.equal((await client.expect(200, "GET", "/portfolio/current")).length, 1, "what is written down is no position");
  const note = { emotions: "Calm", tags: ["gap"], lessonsLearned: "hold" };
  assert.equal((await client.expect(200, "PATCH", `/trades/${id}`, { body: note })).emotions, "Calm");
  assert.equal((await client.expect(409, "PUT", `/trades/${id}/close`, { body: { exitPrice: 1 } })).code, "CONFLICT");
  assert.equal((await client.request("DELETE", `/trades/${id}`)).status, 409);
  const exited = await client.expect(200, "POST", `/trades/exit/${id}`, { body: {} });
  const [closed] = await client.expect(200, "GET", "/trades/closed?kind=paper");
  assert.equal(closed.result_pnl, exited.pnl);
  assert.equal(micros(closed.exitPrice), micros(exited.exit_price));
  assert.equal(closed.lessonsLearned, "hold");
  assert.ok(closed.mae <= Math.min(0, closed.result_pnl) && closed.mfe >= Math.max(0, closed.result_pnl));
  assert.equal(closed.excursion_gap, false);
  const { trades } = await client.expect(200, "GET", "/trades?tag=gap&search=CALM");
  assert.equal(trades.length, 1);
  assert.equal((await client.request("DELETE", `/trades/${written.id}`)).status, 204);
  assert.equal((await client.request("GET", `/trades/${written.id}`)).status, 404);
});
