// Every POST that creates or executes something: the same Idempotency-Key and body answer the first answer again, and
// another body is a conflict.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Client } from "./client.mjs";
import { suite } from "./suite.mjs";

let client;
before(async () => {
  client = await Client.newUser(suite.url, "again");
});
let number = 0;
const newKey = () => `again-${Date.now()}-${++number}`;
const someTrade = () =>
  client.expect(201, "POST", "/trades/create", { body: { symbol: "AAPL", trade_type: "BUY", quantity: 1 } });

// [method's path, body, another body]; made when the test runs.
const calls = {
  "POST /auth/register": async () => {
    const email = `again.${Date.now()}@example.com`;
    return ["/auth/register", { email, password: "correct horse" }, { email, password: "another horse" }];
  },
  "POST /portfolio/create": async () => ["/portfolio/create", {}, { initial_margin: 5000 }],
  "POST /trades/create": async () => {
    const order = (quantity) => ({ symbol: "AAPL", trade_type: "BUY", quantity });
    return ["/trades/create", order(1), order(2)];
  },
  "POST /trades/exit/{trade_id}": async () => {
    const { trade_id: id } = await someTrade();
    return [`/trades/exit/${id}`, {}, undefined];
  },
  "POST /trades/exit-all/{user_id}": async () => {
    await someTrade();
    return ["/trades/exit-all/me", {}, undefined];
  },
  "POST /auth/api-keys": async () => {
    const wish = (name) => ({ name, scopes: ["read"] });
    return ["/auth/api-keys", wish("bot"), wish("another")];
  },
};

for (const [name, prepare] of Object.entries(calls)) {
  test(`${name} answers a repetition as the first time`, async () => {
    const [path, body, other] = await prepare();
    const headers = { "idempotency-key": newKey() };
    const first = await client.request("POST", path, { body, headers });
    assert.ok(first.status < 300, JSON.stringify(first.body));
    const again = await client.request("POST", path, { body, headers });
    const { secret, ...shown } = first.body;
    const { secret: repeated, ...shownAgain } = again.body;
    assert.deepEqual(shownAgain, shown);
    assert.equal(repeated ?? null, null, "a secret is shown once");
    if (other === undefined) return;
    const conflict = await client.request("POST", path, { body: other, headers });
    assert.equal(conflict.status, 409);
    assert.equal(conflict.body.code, "IDEMPOTENCY_CONFLICT");
  });
}

test("a key is one service's: another has answers of its own", async () => {
  const headers = { "idempotency-key": newKey() };
  await client.expect(201, "POST", "/auth/api-keys", { body: { name: "bot", scopes: ["read"] }, headers });
  await client.expect(201, "POST", "/trades/create", {
    body: { symbol: "AAPL", trade_type: "BUY", quantity: 1 },
    headers,
  });
});

test("two users may use the same key", async () => {
  const headers = { "idempotency-key": newKey() };
  const other = await Client.newUser(suite.url, "other");
  const body = { name: "bot", scopes: ["read"] };
  const first = await client.expect(201, "POST", "/auth/api-keys", { body, headers });
  const second = await other.expect(201, "POST", "/auth/api-keys", { body, headers });
  assert.notEqual(second.id, first.id);
});
