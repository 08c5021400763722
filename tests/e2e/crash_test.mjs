// Death of a part at the worst moment: nothing that was acknowledged is lost, and no trigger fires twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, eventually, micros } from "./client.mjs";
import { killed, papertape, suite } from "./suite.mjs";

const order = (symbol, more = {}) => ({ symbol, trade_type: "BUY", quantity: 1, ...more });

// Every trade of the account, by id, and the account's sums checked against them.
async function ledger(client) {
  const trades = new Map();
  for (let page = 1; ; ++page) {
    const answer = await client.expect(200, "GET", `/trades?size=200&page=${page}`);
    for (const trade of answer.trades) trades.set(trade.trade_id, trade);
    if (page >= answer.total_pages) break;
  }
  const account = await client.expect(200, "GET", "/portfolio/me");
  let held = 0;
  let earned = 0;
  for (const trade of trades.values()) {
    if (trade.status === "ACTIVE") held += micros(trade.margin_used);
    else earned += micros(trade.pnl);
  }
  assert.equal(micros(account.utilized_margin), held, "held margin is that of the open trades");
  assert.equal(micros(account.total_pnl), earned, "profit and loss is that of the closed trades");
  assert.equal(micros(account.available_margin) + held, micros(100_000) + earned, "the account adds up");
  return trades;
}

test("kill -9 of the trade engine between two requests loses no acknowledged trade", async () => {
  const client = await Client.newUser(suite.url, "survivor");
  const first = await client.expect(201, "POST", "/trades/create", { body: order("AAPL") });
  await killed("trade-engine");
  const meanwhile = await client.request("POST", "/trades/create", { body: order("AAPL") });
  assert.ok([503, 504].includes(meanwhile.status), `${meanwhile.status} while the engine is dead`);
  papertape("up");
  const second = await eventually(
    "the engine trades again",
    async () => {
      const answer = await client.request("POST", "/trades/create", { body: order("MSFT") });
      return answer.status === 201 && answer.body;
    },
    30_000,
  );
  const trades = await ledger(client);
  assert.ok(trades.has(first.trade_id));
  assert.ok(trades.has(second.trade_id));
  const exited = await client.expect(200, "POST", `/trades/exit/${first.trade_id}`, { body: {} });
  assert.equal(exited.trade.status, "CLOSED");
});

test("triggers that are due when the engine dies fire exactly once", async () => {
  const client = await Client.newUser(suite.url, "once");
  const { price } = await client.expect(200, "GET", "/market/live/AMZN");
  const opened = [];
  for (let round = 0; round < 3; ++round) {
    const crossed = order("AMZN", { stop_loss: Math.ceil(price * 1.05) });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => client.request("POST", "/trades/create", { body: crossed })),
    );
    opened.push(...answers.filter((answer) => answer.status === 201).map((answer) => answer.body.trade_id));
    await killed("trade-engine");
    papertape("up");
    await eventually(
      "the engine answers",
      async () => (await client.request("GET", "/portfolio/me")).status === 200,
      30_000,
    );
  }
  assert.ok(opened.length >= 10, `${opened.length} trades were acknowledged`);
  const trades = await eventually(
    "every stop has fired",
    async () => {
      const all = await ledger(client);
      return [...all.values()].every((trade) => trade.status === "STOP_LOSS_HIT") && all;
    },
    30_000,
  );
  for (const id of opened) assert.ok(trades.has(id), `${id} was acknowledged and is gone`);
  const orders = await client.expect(200, "GET", "/stock/orders?limit=200");
  assert.equal(orders.length, 2 * trades.size, "one order opens each trade and one closes it");
  const feed = await eventually(
    "the feed has told of every stop",
    async () => {
      const page = await client.expect(200, "GET", "/notifications/?size=200");
      const told = page.notifications.filter((entry) => entry.type === "trade_auto_closed");
      return told.length >= trades.size && page;
    },
    30_000,
  );
  assert.equal(
    feed.notifications.filter((entry) => entry.type === "trade_auto_closed").length,
    trades.size,
    "each stop is told once",
  );
  assert.deepEqual(
    feed.notifications.map((entry) => entry.seq),
    feed.notifications.map((_, index) => feed.total - index),
  );
});

test("kill -9 of PostgreSQL during load loses no acknowledged trade and makes none twice", async () => {
  const client = await Client.newUser(suite.url, "loaded");
  await client.expect(201, "POST", "/portfolio/create", { body: {} });
  const acknowledged = new Map();
  let sent = 0;
  let dead = false;
  const worker = async (name) => {
    for (let number = 0; number < 15; ++number) {
      const key = `${name}-${number}`;
      ++sent;
      // The same key again until it is acknowledged: a client that was cut off does the same.
      await eventually(
        `order ${key} is acknowledged`,
        async () => {
          const answer = await client
            .request("POST", "/trades/create", {
              body: order("IBM", { quantity: 0.01 }),
              headers: { "idempotency-key": key },
            })
            .catch(() => ({ status: 0 }));
          if (answer.status === 201) acknowledged.set(key, answer.body.trade_id);
          else assert.ok([0, 429, 502, 503, 504].includes(answer.status), JSON.stringify(answer.body));
          return answer.status === 201;
        },
        90_000,
      );
      if (acknowledged.size >= 20 && !dead) {
        dead = true;
        await killed("postgres");
        papertape("up");
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, index) => worker(`w${index}`)));
  assert.ok(dead, "PostgreSQL was killed on the way");
  assert.equal(acknowledged.size, sent);
  assert.equal(new Set(acknowledged.values()).size, sent, "no two keys share a trade");
  const trades = await ledger(client);
  for (const [key, id] of acknowledged) assert.ok(trades.has(id), `${key} was acknowledged and is gone`);
  assert.equal(trades.size, sent, "no order was carried out twice");
});
