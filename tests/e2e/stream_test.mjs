// WS /ws/{user_id}, the journal dialect: subscribe, prices, alerts, errors that keep the connection.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import WebSocket from "ws";
import { Client, Stream } from "./client.mjs";
import { suite } from "./suite.mjs";

let client;
before(async () => {
  client = await Client.newUser(suite.url, "stream");
});
const socketUrl = (path) => suite.url.replace(/^http/, "ws") + path;
const isPrice = (ticker) => (frame) => frame.type === "price_update" && frame.ticker === ticker;

test("a subscriber gets prices of its tickers, and of no other", async () => {
  const stream = await client.stream();
  stream.send({ type: "subscribe", tickers: ["AAPL", "^NSEI"] });
  const price = await stream.next("price of AAPL", isPrice("AAPL"));
  assert.equal(typeof price.price, "number");
  assert.match(price.timestamp, /^\d{4}-\d\d-\d\dT.*Z$/);
  await stream.next("price of ^NSEI", isPrice("^NSEI"));
  assert.deepEqual(
    stream.frames.filter((f) => f.type === "price_update" && !["AAPL", "^NSEI"].includes(f.ticker)),
    [],
  );
  await stream.close();
});

test("after unsubscribing a ticker's prices end while others go on", async () => {
  const stream = await client.stream();
  stream.send({ type: "subscribe", tickers: ["MSFT", "IBM"] });
  await stream.next("price of MSFT", isPrice("MSFT"));
  stream.send({ type: "unsubscribe", tickers: ["MSFT"] });
  // A question after it: once it is answered, the server has read the unsubscription.
  stream.send("not JSON");
  await stream.next("answer to the nonsense", (frame) => frame.type === "error");
  const settled = stream.frames.length;
  const later = () => stream.frames.slice(settled);
  await stream.next("three more prices of IBM", () => later().filter(isPrice("IBM")).length >= 3);
  // One frame that was already on its way may still come.
  assert.ok(later().filter(isPrice("MSFT")).length <= 1, JSON.stringify(later()));
  await stream.close();
});

test("what the server does not understand is answered with an error, and the connection stays", async () => {
  const stream = await client.stream();
  for (const nonsense of [
    "{",
    "[]",
    '{"type":"dance"}',
    '{"type":"subscribe","tickers":"AAPL"}',
    '{"type":"subscribe"}',
    "42",
  ]) {
    const seen = stream.frames.length;
    stream.send(nonsense);
    const answer = await stream.next(`answer to ${nonsense}`, (frame) => stream.frames.indexOf(frame) >= seen);
    assert.equal(answer.type, "error", nonsense);
    assert.ok(answer.message);
  }
  stream.send({ type: "subscribe", tickers: ["AAPL"] });
  await stream.next("price", isPrice("AAPL"));
  await stream.close();
});

test("the stream asks for the caller's own token: header, query, or first message", async () => {
  const path = `/ws/${client.user.id}`;
  const byHeader = new Stream(new WebSocket(socketUrl(path), { headers: { authorization: `Bearer ${client.token}` } }));
  await byHeader.opened;
  byHeader.send({ type: "subscribe", tickers: ["AAPL"] });
  await byHeader.next("price", isPrice("AAPL"));
  await byHeader.close();

  const byMessage = new Stream(new WebSocket(socketUrl(path)));
  await byMessage.opened;
  byMessage.send({ type: "auth", token: client.token });
  byMessage.send({ type: "subscribe", tickers: ["AAPL"] });
  await byMessage.next("price", isPrice("AAPL"));
  await byMessage.close();
});

test("a forged token opens no stream of private events", async () => {
  const stream = new Stream(new WebSocket(socketUrl(`/ws/${client.user.id}?token=forged`)));
  const outcome = await Promise.race([
    stream.opened.then(
      () => stream.next("error", (frame) => frame.type === "error"),
      (error) => ({ refused: error.message }),
    ),
    stream.closed.then((code) => ({ refused: code })),
  ]);
  assert.ok(outcome.refused || outcome.type === "error", JSON.stringify(outcome));
});

test("another user's alerts do not come over a stream", async () => {
  const owner = await Client.newUser(suite.url, "alerted");
  const mine = await client.stream();
  const theirs = await owner.stream();
  const { price } = await owner.expect(200, "GET", "/market/live/AMZN");
  // The stop stands above the price: it fires on the next tick.
  const body = { symbol: "AMZN", trade_type: "BUY", quantity: 1, stop_loss: Math.ceil(price * 1.05) };
  const trade = await owner.expect(201, "POST", "/trades/create", { body });
  assert.ok(trade.warnings.length > 0, "a stop that is already crossed is warned of");
  const alert = await theirs.next("alert", (frame) => frame.type === "alert");
  assert.equal(alert.trade_id, trade.trade_id);
  assert.equal(alert.ticker, "AMZN");
  assert.ok(alert.message);
  assert.deepEqual(
    mine.frames.filter((frame) => frame.type === "alert"),
    [],
  );
  await Promise.all([mine.close(), theirs.close()]);
});
