// What a client must not send: each answers the right 4xx in problem+json that names the field, and changes nothing.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { Client } from "./client.mjs";
import { suite } from "./suite.mjs";

let client, before_all;
const picture = async () => ({
  account: await client.expect(200, "GET", "/portfolio/me"),
  trades: await client.expect(200, "GET", "/trades"),
  orders: await client.expect(200, "GET", "/stock/orders"),
});
before(async () => {
  client = await Client.newUser(suite.url, "careless");
  await client.expect(201, "POST", "/portfolio/create", { body: {} });
  before_all = await picture();
});
after(async () => assert.deepEqual(await picture(), before_all, "bad input changed something"));

// The problem of a refused request.
function problem(answer, status, code, field) {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
  assert.equal(answer.body.code, code);
  assert.equal(answer.body.error_code, code);
  assert.equal(answer.body.status, status);
  assert.equal(answer.body.error, answer.body.detail);
  assert.ok(answer.body.request_id);
  assert.doesNotMatch(JSON.stringify(answer.body), /select |\.cpp|pqxx|127\.0\.0\.1|unix:/i);
  if (field) {
    const named = answer.body.errors.map((error) => error.field);
    assert.ok(named.includes(field), `${field} is not among ${JSON.stringify(answer.body.errors)}`);
  }
}

const trade = (changes) => JSON.stringify({ symbol: "AAPL", trade_type: "BUY", quantity: 1, ...changes });
const raw = (name, text) => trade({ [name]: "@" }).replace('"@"', text);

const refused = [
  ["malformed JSON", '{"symbol": "AAPL", ', 400, "MALFORMED_REQUEST"],
  ["two JSON values", `${trade()} {}`, 400, "MALFORMED_REQUEST"],
  ["an array in place of an object", "[1]", 400, "MALFORMED_REQUEST"],
  ["no body at all", "", 400, null],
  ["text for a quantity", trade({ quantity: "many" }), 400, null, "quantity"],
  ["an object for a symbol", trade({ symbol: { name: "AAPL" } }), 400, null, "symbol"],
  ["a list for a quantity", trade({ quantity: [1] }), 400, null, "quantity"],
  ["true for a quantity", trade({ quantity: true }), 400, null, "quantity"],
  ["NaN", raw("quantity", "NaN"), 400, "INVALID_ARGUMENT", "quantity"],
  ["Infinity", raw("quantity", "Infinity"), 400, "INVALID_ARGUMENT", "quantity"],
  ["1e400", raw("quantity", "1e400"), 400, null, "quantity"],
  ["a quantity past 64 bits", raw("quantity", "99999999999999999999999"), 400, null, "quantity"],
  ["a negative quantity", trade({ quantity: -1 }), 400, "INVALID_ARGUMENT", "quantity"],
  ["no quantity at all", JSON.stringify({ symbol: "AAPL", trade_type: "BUY" }), 400, "INVALID_ARGUMENT", "quantity"],
  ["a quantity of zero", trade({ quantity: 0 }), 400, "INVALID_ARGUMENT", "quantity"],
  ["seven decimals", raw("quantity", "1.0000001"), 400, null, "quantity"],
  ["a negative stop", trade({ stop_loss: -5 }), 400, "INVALID_ARGUMENT", "stop_loss"],
  ["a target of zero", trade({ target_price: 0 }), 400, "INVALID_ARGUMENT", "target_price"],
  ["an unknown direction", trade({ trade_type: "HOLD" }), 400, null, "trade_type"],
  ["no direction", JSON.stringify({ symbol: "AAPL", quantity: 1 }), 400, "INVALID_ARGUMENT", "trade_type"],
  ["no symbol", JSON.stringify({ trade_type: "BUY", quantity: 1 }), 400, "INVALID_ARGUMENT", "symbol"],
  ["an unknown symbol", trade({ symbol: "NOSUCH" }), 404, "UNKNOWN_SYMBOL"],
  ["more than the account has", trade({ quantity: 1e8 }), 400, "INSUFFICIENT_MARGIN"],
  ["10,000 levels of nesting", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, 400, "MALFORMED_REQUEST"],
  [
    "invalid UTF-8",
    Buffer.concat([Buffer.from('{"symbol": "'), Buffer.from([0xff, 0xc0]), Buffer.from('"}')]),
    400,
    null,
  ],
];

for (const [name, body, status, code, field] of refused) {
  test(`a trade with ${name} is refused with ${status}`, async () => {
    const answer = await client.request("POST", "/trades/create", {
      body,
      headers: { "content-type": "application/json" },
    });
    problem(answer, status, code ?? answer.body.code, field);
    if (code === null) assert.match(answer.body.code, /^(MALFORMED_REQUEST|INVALID_ARGUMENT)$/);
  });
}

test("all faults of a request are told at once", async () => {
  const body = { symbol: "", trade_type: "BUY", quantity: -1, stop_loss: -1 };
  const answer = await client.request("POST", "/trades/create", { body });
  for (const field of ["symbol", "quantity", "stop_loss"]) problem(answer, 400, "INVALID_ARGUMENT", field);
});

test("an order that margin does not cover says what it has and what it needs", async () => {
  const { body } = await client.request("POST", "/trades/create", { body: trade({ quantity: 1e7 }) });
  assert.equal(body.available_margin, 100000);
  assert.ok(body.required_margin > body.available_margin);
});

test("another content type is refused with 415", async () => {
  const headers = { "content-type": "text/plain" };
  problem(await client.request("POST", "/trades/create", { body: trade(), headers }), 415, "UNSUPPORTED_MEDIA_TYPE");
});

test("a body of 20 MB is refused with 413", async () => {
  const answer = await new Promise((resolve, reject) => {
    const request = http.request(`${suite.url}/trades/create`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${client.token}`,
        "content-length": 20_000_000,
      },
    });
    let answered = false;
    request.on("response", (response) => {
      answered = true;
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("close", () =>
        resolve({ status: response.statusCode, headers: new Headers(response.headers), body: JSON.parse(text) }),
      );
    });
    // A server that has answered may hang up on the rest.
    request.on("error", (error) => answered || reject(error));
    request.write(Buffer.alloc(20_000_000, " "));
    request.end();
  });
  problem(answer, 413, "BODY_TOO_LARGE");
});

test("a foreign user id is refused with 403, a user nobody has with 403 or 404", async () => {
  const other = await Client.newUser(suite.url, "neighbour");
  await other.expect(201, "POST", "/portfolio/create", { body: {} });
  problem(await client.request("GET", `/portfolio/${other.user.id}`), 403, "PERMISSION_DENIED");
  problem(await client.request("GET", `/portfolio/${encodeURIComponent(other.user.email)}`), 403, "PERMISSION_DENIED");
  problem(await client.request("GET", `/trades/performance/${other.user.id}`), 403, "PERMISSION_DENIED");
  problem(await client.request("POST", `/trades/exit-all/${other.user.id}`, { body: {} }), 403, "PERMISSION_DENIED");
  assert.ok([403, 404].includes((await client.request("GET", "/portfolio/999999999")).status));
  assert.ok([400, 403, 404].includes((await client.request("GET", "/portfolio/not-an-id")).status));
});

test("another user's trade is not found", async () => {
  const other = await Client.newUser(suite.url, "owner");
  const theirs = await other.expect(201, "POST", "/trades/create", { body: trade() });
  problem(await client.request("GET", `/trades/${theirs.trade_id}`), 404, "TRADE_NOT_FOUND");
  problem(await client.request("POST", `/trades/exit/${theirs.trade_id}`, { body: {} }), 404, "TRADE_NOT_FOUND");
  problem(
    await client.request("PATCH", `/trades/${theirs.trade_id}`, { body: { stop_loss: 1 } }),
    404,
    "TRADE_NOT_FOUND",
  );
  assert.equal((await other.expect(200, "GET", `/trades/${theirs.trade_id}`)).status, "ACTIVE");
});

test("registration names what is wrong and does not take an address twice", async () => {
  const register = (body) => client.request("POST", "/auth/register", { body });
  const email = `once.${Date.now()}@example.com`;
  problem(await register({ email: "not an address", password: "long enough" }), 400, "INVALID_ARGUMENT", "email");
  problem(await register({ email, password: "short" }), 400, "INVALID_ARGUMENT", "password");
  problem(await register({ email, password: "x".repeat(73) }), 400, "INVALID_ARGUMENT", "password");
  assert.equal((await register({ email, password: "long enough" })).status, 201);
  problem(await register({ email: email.toUpperCase(), password: "long enough" }), 409, "EMAIL_TAKEN");
  const login = { email, password: "wrong password" };
  problem(await client.request("POST", "/auth/login", { body: login }), 401, "INVALID_CREDENTIALS");
});
