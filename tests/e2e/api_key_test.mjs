// API keys: made, used on routes and WebSockets, limited by their scopes, revoked.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import WebSocket from "ws";
import { Client, Stream, eventually } from "./client.mjs";
import { suite } from "./suite.mjs";

let owner;
before(async () => {
  owner = await Client.newUser(suite.url, "keys");
});

const makeKey = (scopes, more = {}) =>
  owner.expect(201, "POST", "/auth/api-keys", { body: { name: "bot", scopes, ...more } });
const headersOf = (key) => ({ "x-api-key": key.id, "x-api-secret": key.secret });
const nobody = new Client(suite.url);
const by = (key, method, path, body) => nobody.request(method, path, { body, headers: headersOf(key) });

function streamBy(key) {
  const stream = new Stream(
    new WebSocket(`${suite.url.replace(/^http/, "ws")}/ws/${owner.user.id}`, { headers: headersOf(key) }),
  );
  return stream.opened.then(() => stream);
}

test("a key's secret is shown when it is made, and never again", async () => {
  const key = await makeKey(["trade", "read"]);
  assert.match(key.id, /^pk_[0-9a-f]{24}$/);
  assert.match(key.secret, /^sk_[0-9a-f]{64}$/);
  assert.deepEqual(key.scopes, ["read", "trade"]);
  assert.equal(key.expires_at, null);
  const { api_keys: keys } = await owner.expect(200, "GET", "/auth/api-keys");
  assert.equal(keys[0].id, key.id);
  assert.ok(!JSON.stringify(keys).includes(key.secret.slice(3)));
});

test("a key may do what its scopes say, and a refusal names the missing one", async () => {
  const reader = await makeKey(["read"]);
  const trader = await makeKey(["trade"]);
  assert.equal((await by(reader, "GET", "/auth/me")).body.email, owner.user.email);
  const order = { symbol: "AAPL", trade_type: "BUY", quantity: 1 };
  const refused = await by(reader, "POST", "/trades/create", order);
  assert.equal(refused.status, 403);
  assert.equal(refused.body.code, "SCOPE_MISSING");
  assert.match(refused.body.detail ?? refused.body.message, /`trade`/);
  const traded = await by(trader, "POST", "/trades/create", order);
  assert.equal(traded.status, 201, JSON.stringify(traded.body));
  assert.equal((await by(trader, "GET", "/trades")).body.code, "SCOPE_MISSING");
});

test("no key touches credentials, whatever its scopes", async () => {
  const key = await makeKey(["read", "write", "trade"]);
  for (const [method, path, body] of [
    ["GET", "/auth/api-keys"],
    ["POST", "/auth/api-keys", { name: "another", scopes: ["read"] }],
    ["DELETE", `/auth/api-keys/${key.id}`],
    ["POST", "/auth/password", { current_password: "correct horse battery", new_password: "another horse battery" }],
    ["POST", "/auth/logout", {}],
    ["PUT", "/auth/me", { name: "somebody else" }],
  ]) {
    const answer = await by(key, method, path, body);
    assert.equal(answer.status, 403, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    assert.equal(answer.body.code, "SCOPE_MISSING");
  }
});

test("a key opens its owner's WebSocket when it may read, and no other's", async () => {
  const stream = await streamBy(await makeKey(["read"]));
  await stream.next("greeting", (frame) => frame.type === "authenticated" && frame.user_id === owner.user.id);
  await stream.close();
  await assert.rejects(async () => streamBy(await makeKey(["trade"])), /403/);
});

test("wrong keys are refused with 401 INVALID_API_KEY, whatever is wrong", async () => {
  const key = await makeKey(["read"]);
  const expiring = await makeKey(["read"], { expires_at: new Date(Date.now() + 1500).toISOString() });
  assert.equal((await by(expiring, "GET", "/auth/me")).status, 200);
  for (const wrong of [
    { id: key.id, secret: "sk_wrong" },
    { id: "pk_wrong", secret: key.secret },
    { id: key.secret, secret: key.id },
    { id: "' or 1=1 --", secret: "x".repeat(3000) },
  ]) {
    const answer = await by(wrong, "GET", "/auth/me");
    assert.equal(answer.status, 401);
    assert.equal(answer.body.code, "INVALID_API_KEY");
  }
  await eventually("the key expires", async () => {
    const answer = await by(expiring, "GET", "/auth/me");
    return answer.status === 401 && answer.body.code === "INVALID_API_KEY";
  });
});

test("a revoked key is refused at once", async () => {
  const key = await makeKey(["read"]);
  assert.equal((await by(key, "GET", "/auth/me")).status, 200);
  await owner.expect(200, "DELETE", `/auth/api-keys/${key.id}`);
  await eventually(
    "the key stops working",
    async () => (await by(key, "GET", "/auth/me")).body.code === "INVALID_API_KEY",
    2_000,
    5,
  );
  assert.equal((await owner.request("DELETE", `/auth/api-keys/${key.id}`)).body.code, "API_KEY_NOT_FOUND");
});

test("a program exchanges its key for a token and uses that", async () => {
  const key = await makeKey(["read"]);
  const { access_token: token, expires_in: life } = await nobody.expect(200, "POST", "/auth/api-keys/token", {
    body: { id: key.id, secret: key.secret },
  });
  assert.equal(life, 600);
  assert.equal((await nobody.expect(200, "GET", "/auth/me", { token })).email, owner.user.email);
  assert.equal((await nobody.request("PUT", "/auth/me", { token, body: {} })).body.code, "SCOPE_MISSING");
});

test("an account has at most twenty keys", async () => {
  owner = await Client.newUser(suite.url, "collector");
  for (let i = 0; i < 20; i++) await makeKey(["read"]);
  assert.equal(
    (await owner.expect(409, "POST", "/auth/api-keys", { body: { name: "more", scopes: ["read"] } })).code,
    "TOO_MANY_API_KEYS",
  );
});
