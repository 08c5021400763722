// October 2008 on the S&P 500, traded as if it were now: the recorded bars open a trade, fire its stop, and give the same
// events again and again, also where the trade engine is killed on the way. The live market is left as it was.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client, eventually } from "./client.mjs";
import { killed, papertape, suite } from "./suite.mjs";

const index = encodeURIComponent("^GSPC");

after(() => {
  if (/a replay of/.test(papertape("replay status"))) papertape("replay end");
});

// The engine may still be opening the books of the session: nothing was done then, and the same request comes again.
async function open(client, order) {
  return eventually("the trade is open", async () => {
    const answer = await client.request("POST", "/trades/create", { body: order });
    if (answer.status === 201) return answer.body;
    assert.equal(answer.status, 503, JSON.stringify(answer.body));
    return false;
  });
}

// The same tape and the same requests: the digest that the session ends with, and the trade that its stop closed.
async function playOctober(client, { engineDies = false } = {}) {
  papertape("replay 2008-10-01..2008-10-31 --paused --yes");
  papertape("replay step");
  const opened = await open(client, { symbol: "^GSPC", trade_type: "BUY", quantity: 1, stop_loss: 1150 });
  assert.equal(opened.entry_price, 1164.170044, "the open of the first of October");
  assert.equal(opened.created_at, "2008-10-01T13:30:00Z");
  assert.equal(opened.quote_source, "replay");
  const account = await client.expect(200, "GET", "/portfolio/me");
  assert.equal(account.created_at, "2008-10-01T13:30:00Z", "an account of the session's own");

  let trade;
  for (let step = 0; step < 4; ++step) {
    if (engineDies && step === 1) {
      await killed("trade-engine");
      papertape("up");
    }
    papertape("replay step");
    trade = await client.expect(200, "GET", `/trades/${opened.trade_id}`);
    if (trade.status !== "ACTIVE") break;
  }
  // The day opened nearer to its high than to its low: the low came after two thirds of it.
  assert.equal(trade.status, "STOP_LOSS_HIT");
  assert.equal(trade.closed_at, "2008-10-01T17:50:00Z");
  assert.equal(trade.exit_price, 1140.77002, "the tape's price, below the stop");
  await eventually("the gateway's board has the price", async () => {
    const quote = await client.expect(200, "GET", `/market/live/${index}`);
    return quote.price === 1140.77002;
  });
  const stats = await client.expect(200, "GET", "/portfolio/stats");
  assert.equal(stats.positions_count, 0);

  const [, events, digest] = papertape("replay end").match(/(\d+) events, digest ([0-9a-f]{64})/);
  assert.equal(events, "3", "an account, a trade, a stop");
  return digest;
}

test("the market tells whose session it is", async () => {
  const market = await new Client(suite.url).expect(200, "GET", "/market/session");
  assert.equal(market.session, 0);
  assert.equal(market.kind, "live");
});

test("a month of the past is traded by its own clock, again and again alike, and the live account stays", async () => {
  const client = await Client.newUser(suite.url, "historian");
  const { price } = await client.expect(200, "GET", "/market/live/AAPL");
  const order = { symbol: "AAPL", trade_type: "BUY", quantity: 1, stop_loss: Math.ceil(price / 2) };
  const live = await client.expect(201, "POST", "/trades/create", { body: order });
  const before = await client.expect(200, "GET", "/portfolio/me");

  const first = await playOctober(client);
  const afterwards = await eventually("the live books are open", async () => {
    const answer = await client.request("GET", "/portfolio/me");
    return answer.status === 200 && answer.body.portfolio_id === before.portfolio_id && answer.body;
  });
  assert.deepEqual(afterwards, before);
  assert.equal((await client.expect(200, "GET", `/trades/${live.trade_id}`)).status, "ACTIVE");

  assert.equal(await playOctober(client), first, "the same again");
  assert.equal(await playOctober(client, { engineDies: true }), first, "the same, the engine having died on the way");

  const feed = await eventually("the feed has told of every stop", async () => {
    const { notifications } = await client.expect(200, "GET", "/notifications/?size=200");
    const stops = notifications.filter((entry) => entry.type === "trade_auto_closed");
    return stops.length >= 3 && stops;
  });
  assert.equal(feed.length, 3);
  for (const entry of feed) {
    assert.equal(entry.title, "Replay: Stop loss hit: ^GSPC");
    assert.match(entry.message, /^Replay of 2008-10-01T17:50:00Z: Stop loss triggered for \^GSPC at \$1140\.77002/);
  }
});
