// Every route of the public contract, at both mounts, with and without a trailing slash.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Client, eventually } from "./client.mjs";
import { suite } from "./suite.mjs";

let client;
before(async () => {
  client = await Client.newUser(suite.url, "routes");
});

const mounts = (path) => {
  const [route, query = ""] = path.split(/(?=\?)/);
  const bare = route.replace(/\/$/, "");
  return ["", "/api/v1"].flatMap((mount) => [`${mount}${bare}${query}`, `${mount}${bare}/${query}`]);
};

// Each [path, keys of the answer]: `[]` means a bare array.
const reads = () => [
  ["/auth/me", "id user_id client_id email username name phone role is_active is_verified kyc_status created_at"],
  ["/auth/verify-token", "valid user_id email role expires_at"],
  ["/market/live/AAPL", "symbol price timestamp bid ask change change_percent source stale"],
  ["/market/live/%5ENSEI", "symbol price timestamp source stale"],
  ["/market/live/.BSESN", "symbol price timestamp source stale"],
  ["/market/status", "exchange name is_open session now next_open next_close timezone date holiday confirmed source"],
  ["/market/status?exchange=XNSE", "exchange is_open session next_open next_close timezone"],
  ["/market/calendar", "exchange name timezone start end sessions holidays trading_days confirmed sources"],
  ["/market/calendar?exchange=XBOM&start=2024-01-01&end=2024-12-31", "exchange sessions holidays"],
  ["/stocks", "stocks total page size total_pages"],
  ["/stocks?search=apple&page=1&size=5", "stocks total page size total_pages"],
  ["/stocks/AAPL/prices?limit=5", "symbol prices"],
  ["/stocks/AAPL/features?limit=5", "symbol interval source indicators features"],
  ["/indicators", "indicators default_features"],
  ["/data/symbols/available", "symbols total page size total_pages"],
  ["/stocks/AAPL/latest", "symbol price timestamp source stale bar"],
  [
    `/portfolio/${client.user.id}`,
    "portfolio_id user_id available_margin utilized_margin total_pnl last_updated created_at",
  ],
  ["/portfolio/me", "portfolio_id available_margin"],
  [`/portfolio/${encodeURIComponent(client.user.email)}`, "portfolio_id available_margin"],
  ["/portfolio/current", "[]"],
  [
    "/portfolio/stats",
    "total_value total_unrealized_pnl total_realized_pnl total_return_percentage positions_count cash day_pnl",
  ],
  [
    `/trades/performance/${client.user.id}`,
    "active_pnl total_pnl margin_utilization_pct margin_utilization_abs available_margin " +
      "total_trades active_trades closed_trades winning_trades losing_trades win_rate",
  ],
  ["/trades", "trades total page size total_pages"],
  ["/stock/orders", "[]"],
  ["/notifications/", "notifications total unread_count page size total_pages"],
  ["/signals", "signals total page size total_pages"],
  ["/formulas/", "formulas total page size total_pages"],
];

test("every reading route answers at / and /api/v1, with and without a trailing slash", async (t) => {
  await client.expect(201, "POST", "/portfolio/create", { body: {} });
  for (const [path, keys] of reads()) {
    for (const mounted of mounts(path)) {
      await t.test(`GET ${mounted}`, async () => {
        const body = await client.expect(200, "GET", mounted);
        if (keys === "[]") return assert.ok(Array.isArray(body));
        for (const key of keys.split(" ")) assert.ok(key in body, `${key} is missing in ${JSON.stringify(body)}`);
      });
    }
  }
});

test("registration, account and trades answer at every mount", async (t) => {
  for (const [index, mounted] of mounts("/auth/register").entries()) {
    await t.test(`POST ${mounted}`, async () => {
      const email = `mount.${index}.${Date.now()}@example.com`;
      const created = await client.expect(201, "POST", mounted, { body: { email, password: "long enough" } });
      assert.equal(created.message, "User registered");
      assert.equal(created.client_id, email);
      assert.equal(created.role, "user");
      const login = mounted.replace("register", "login");
      const session = await client.expect(200, "POST", login, { body: { email, password: "long enough" } });
      assert.equal(session.token_type, "bearer");
      const user = new Client(suite.url);
      user.token = session.access_token;
      const account = await user.expect(201, "POST", mounted.replace("auth/register", "portfolio/create"), {
        body: {},
      });
      assert.equal(account.available_margin, 100000);
      const again = await user.expect(200, "POST", mounted.replace("auth/register", "portfolio/create"), { body: {} });
      assert.equal(again.portfolio_id, account.portfolio_id);
      const order = { symbol: "AAPL", trade_type: "BUY", quantity: 2 };
      const trade = await user.expect(201, "POST", mounted.replace("auth/register", "trades/create"), { body: order });
      assert.equal(trade.status, "ACTIVE");
      assert.equal(trade.stop_loss, null);
      const one = await user.expect(200, "GET", mounted.replace("auth/register", `trades/${trade.trade_id}`));
      assert.equal(one.entry_price, trade.entry_price);
      const why = await user.expect(200, "GET", mounted.replace("auth/register", `trades/${trade.trade_id}/receipt`));
      assert.equal(why.agrees, true);
      assert.match(why.fills[0].explanation, /^Bought 2 AAPL at .*: the ask that simulator quoted at /);
      const exit = mounted.replace("auth/register", `trades/exit/${trade.trade_id}`);
      assert.equal((await user.expect(200, "POST", exit, { body: {} })).message, "Trade exited");
      assert.equal((await user.expect(409, "POST", exit, { body: {} })).code, "TRADE_CLOSED");
      const all = mounted.replace("auth/register", `trades/exit-all/${created.id}`);
      assert.deepEqual(await user.expect(200, "POST", all, { body: {} }), {
        message: "All trades exited",
        total_pnl: 0,
        exited: 0,
      });
    });
  }
});

test("notifications are read one by one and all together", async () => {
  const user = await Client.newUser(suite.url, "reader");
  await user.expect(201, "POST", "/portfolio/create", { body: {} });
  await user.expect(201, "POST", "/trades/create", { body: { symbol: "MSFT", trade_type: "SELL", quantity: 1 } });
  const feed = await eventually("both events are in the feed", async () => {
    const page = await user.expect(200, "GET", "/notifications/");
    return page.total >= 2 && page;
  });
  assert.equal(feed.unread_count, feed.total);
  const read = await user.expect(200, "PUT", `/api/v1/notifications/${feed.notifications[0].id}/read`, { body: {} });
  assert.equal(read.is_read, true);
  assert.equal((await user.expect(200, "GET", "/notifications?unread=true")).unread_count, feed.total - 1);
  assert.equal((await user.expect(200, "PUT", "/notifications/read-all/", { body: {} })).updated, feed.total - 1);
  assert.equal((await user.expect(200, "GET", "/notifications")).unread_count, 0);
});

test("health and metrics say how the suite is", async () => {
  const health = await client.expect(200, "GET", "/health");
  for (const name of ["auth", "market_data", "trade_engine", "portfolio", "signal", "notification"]) {
    assert.ok(health.services[name], `${name} is missing in ${JSON.stringify(health)}`);
  }
  await client.expect(200, "GET", "/health/live");
  await client.expect(200, "GET", "/health/ready");
  assert.match(await client.expect(200, "GET", "/metrics"), /^# (HELP|TYPE) /m);
});

test("what is not there says so in problem+json", async () => {
  const missing = await client.request("GET", "/no/such/route");
  assert.equal(missing.status, 404);
  assert.match(missing.headers.get("content-type"), /application\/problem\+json/);
  assert.equal(missing.body.code, "ROUTE_NOT_FOUND");
  assert.equal((await client.expect(405, "DELETE", "/stocks")).code, "METHOD_NOT_ALLOWED");
  assert.equal((await client.expect(404, "GET", "/market/live/NOSUCH")).code, "UNKNOWN_SYMBOL");
  assert.equal((await client.expect(404, "GET", "/trades/no-such-trade")).code, "TRADE_NOT_FOUND");
  const nobody = await Client.newUser(suite.url, "nobody");
  assert.equal((await nobody.expect(404, "GET", `/portfolio/${nobody.user.id}`)).code, "PORTFOLIO_NOT_FOUND");
});

test("every answer carries a request id; a sane one is kept", async () => {
  assert.ok((await client.request("GET", "/stocks")).headers.get("x-request-id"));
  const kept = await client.request("GET", "/stocks", { headers: { "x-request-id": "my-request-1" } });
  assert.equal(kept.headers.get("x-request-id"), "my-request-1");
});
