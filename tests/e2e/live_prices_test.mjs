// Live prices with a provider's key set and its address pointed at a fake: the fake is heard; when it dies the next in the
// chain is, within its deadline, and every answer says whose the price is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { after, before, test } from "node:test";
import { WebSocketServer } from "ws";
import { Client, eventually } from "./client.mjs";
import { killed, papertape, suite } from "./suite.mjs";

const key = "key-of-the-e2e-test";
const silenceMs = 2_000;
const client = new Client(suite.url);
const live = async (symbol) => client.expect(200, "GET", `/market/live/${encodeURIComponent(symbol)}`);

// Finnhub as it documents itself: quotes on request, trades on subscription. Prices move by a cent.
class FakeFinnhub {
  constructor() {
    this.price = 187;
    this.subscribed = new Set();
    this.keys = new Set();
  }
  async start(port = 0) {
    this.server = http.createServer((request, response) => this.#answer(request, response));
    this.sockets = new WebSocketServer({ server: this.server });
    this.sockets.on("connection", (socket, request) => {
      this.keys.add(new URL(request.url, "http://fake").searchParams.get("token"));
      socket.on("message", (text) => this.subscribed.add(JSON.parse(text).symbol));
      const timer = setInterval(() => this.#trade(socket), 100);
      socket.on("close", () => clearInterval(timer));
    });
    this.server.listen(port, "127.0.0.1");
    await new Promise((resolve) => this.server.once("listening", resolve));
    this.port = this.server.address().port;
  }
  async stop() {
    for (const socket of this.sockets.clients) socket.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
  #answer(request, response) {
    const url = new URL(request.url, "http://fake");
    this.keys.add(url.searchParams.get("token"));
    const known = url.searchParams.get("symbol") === "AAPL";
    const body = known
      ? { c: this.price, d: 1, dp: 0.5, h: 500, l: 100, o: 186, pc: 186, t: Math.floor(Date.now() / 1000) }
      : { c: 0, d: null, dp: null, h: 0, l: 0, o: 0, pc: 0, t: 0 };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(body));
  }
  #trade(socket) {
    if (!this.subscribed.has("AAPL")) return;
    this.price += Math.random() < 0.5 ? 0.01 : -0.01;
    const of = (p) => ({ s: "AAPL", p, t: Date.now(), v: 10, c: null });
    // Among true trades one that cannot be.
    socket.send(JSON.stringify({ type: "trade", data: [of(this.price), of(0), of(this.price * 9)] }));
  }
}

const fake = new FakeFinnhub();

before(async () => {
  await fake.start();
  await killed("market-data");
  const settings =
    `FINNHUB_API_KEY=${key} PAPERTAPE_FINNHUB_URL=http://127.0.0.1:${fake.port}/api/v1 ` +
    `PAPERTAPE_FINNHUB_STREAM_URL=ws://127.0.0.1:${fake.port} PAPERTAPE_FINNHUB_PER_MINUTE=1200 ` +
    `PAPERTAPE_PROVIDER_SILENCE_MS=${silenceMs}`;
  execFileSync("bash", ["-c", `${settings} ${suite.command} up`], { stdio: "ignore" });
});

after(async () => {
  await fake.stop().catch(() => {});
  await killed("market-data");
  papertape("up");
});

const heard = (symbol, source, timeoutMs) =>
  eventually(
    `${source} is heard for ${symbol}`,
    async () => {
      const quote = await live(symbol);
      return quote.source === source && quote;
    },
    timeoutMs,
  );

test("the provider is heard for what it knows, the simulator for the rest, and nonsense by nobody", async () => {
  const quote = await heard("AAPL", "finnhub", 20_000);
  assert.ok(quote.price > 180 && quote.price < 195, `${quote.price}`);
  assert.equal(quote.stale, false);
  assert.equal((await live("^NSEI")).source, "simulator");
  assert.equal((await live("MSFT")).source, "simulator"); // the fake says zeros
  for (let i = 0; i < 30; ++i) {
    const { price, source } = await live("AAPL");
    assert.equal(source, "finnhub");
    assert.ok(price > 180 && price < 195, `${price}`);
  }
  assert.deepEqual([...fake.keys], [key]);
});

test("a paper trade opens at the provider's price and says whose it was", async () => {
  const user = await Client.newUser(suite.url, "live");
  const body = { symbol: "AAPL", trade_type: "BUY", quantity: 1 };
  const trade = await eventually("a fresh price in the engine", async () => {
    const answer = await user.request("POST", "/trades/create", { body });
    return answer.status === 201 && answer.body;
  });
  assert.ok(trade.entry_price > 180 && trade.entry_price < 195, `${trade.entry_price}`);
});

test("when it dies the next in the chain is heard within its deadline, and when it is back it is", async () => {
  const { port } = fake;
  await fake.stop();
  const began = performance.now();
  const quote = await heard("AAPL", "simulator", silenceMs + 5_000);
  const took = performance.now() - began;
  assert.ok(took <= silenceMs + 2_000, `it took ${took} ms`);
  assert.equal(quote.stale, false);
  await fake.start(port);
  await heard("AAPL", "finnhub", 60_000);
});

test("the key is in no log", () => {
  assert.ok(!readFileSync(`${suite.state}/logs/market-data.log`, "utf8").includes(key));
});
