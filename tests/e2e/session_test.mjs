// Sessions: renewed by refresh tokens that work once, and ended everywhere at once.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import { Client, eventually } from "./client.mjs";
import { suite } from "./suite.mjs";

const PASSWORD = "correct horse battery"; // of Client.newUser

const protos = grpc.loadPackageDefinition(
  loader.loadSync("papertape/portfolio/v1/portfolio_service.proto", { includeDirs: [suite.protos], keepCase: true }),
);
const portfolio = new protos.papertape.portfolio.v1.PortfolioService(
  `127.0.0.1:${suite.ports + 54}`,
  grpc.credentials.createInsecure(),
);
after(() => portfolio.close());

// The gRPC status code of a call to another service than auth, not by way of the gateway.
function askPortfolio(token) {
  const metadata = new grpc.Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return new Promise((resolve) =>
    portfolio.ListCurrentPositions({}, metadata, { deadline: new Date(Date.now() + 10_000) }, (error) =>
      resolve(error ? error.code : grpc.status.OK),
    ),
  );
}

const refresh = (refresh_token) => new Client(suite.url).request("POST", "/auth/refresh", { body: { refresh_token } });

async function signIn(client, password = PASSWORD) {
  return client.expect(200, "POST", "/auth/login", { body: { email: client.user.email, password } });
}

// At auth and the gateway at once; elsewhere as soon as the news has travelled, which is a moment.
async function endedEverywhere(client, token) {
  const answer = await client.request("GET", "/auth/me", { token });
  assert.equal(answer.status, 401);
  assert.equal(answer.body.code, "SESSION_ENDED");
  await eventually("portfolio refuses", async () => (await askPortfolio(token)) === grpc.status.UNAUTHENTICATED, 2_000, 5);
  await eventually(
    "the gateway refuses by itself",
    async () => (await client.request("GET", "/trades", { token })).status === 401,
    2_000,
    5,
  );
}

test("a refresh token gives another pair, in the body or as a bearer, with either verb", async () => {
  const client = await Client.newUser(suite.url, "refresh");
  assert.match(client.session.refresh_token, /^rt_[0-9a-f]{64}$/);
  let pair = client.session;
  for (const [method, options] of [
    ["POST", (token) => ({ body: { refresh_token: token } })],
    ["POST", (token) => ({ body: { refreshToken: token } })],
    ["GET", (token) => ({ token })],
    ["POST", (token) => ({ token, body: {} })],
  ]) {
    const next = await new Client(suite.url).expect(200, method, "/auth/refresh", options(pair.refresh_token));
    assert.notEqual(next.refresh_token, pair.refresh_token);
    assert.equal(next.token_type, "bearer");
    assert.equal(next.expires_in, 600);
    assert.equal(next.client_id, client.user.email);
    assert.equal((await client.expect(200, "GET", "/auth/me", { token: next.access_token })).id, client.user.id);
    pair = next;
  }
});

test("a refresh token that comes again ends its session everywhere, and no other", async () => {
  const client = await Client.newUser(suite.url, "reuse");
  const other = await signIn(client);
  const second = (await refresh(client.session.refresh_token)).body;
  assert.equal(await askPortfolio(second.access_token), grpc.status.OK);
  const reused = await refresh(client.session.refresh_token);
  assert.equal(reused.status, 401);
  assert.equal(reused.body.code, "SESSION_ENDED");
  await endedEverywhere(client, second.access_token);
  await endedEverywhere(client, client.session.access_token);
  assert.equal((await refresh(second.refresh_token)).body.code, "SESSION_ENDED");
  await client.expect(200, "GET", "/auth/me", { token: other.access_token });
  assert.equal((await refresh(other.refresh_token)).status, 200);
});

test("of many renewals with one token at once one succeeds, and the session ends", async () => {
  const client = await Client.newUser(suite.url, "parallel");
  const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(client.session.refresh_token)));
  const won = answers.filter((answer) => answer.status === 200);
  assert.equal(won.length, 1);
  assert.ok(answers.every((answer) => answer.status === 200 || answer.body.code === "SESSION_ENDED"));
  await endedEverywhere(client, won[0].body.access_token);
  assert.equal((await refresh(won[0].body.refresh_token)).body.code, "SESSION_ENDED");
});

test("a logout ends the session everywhere, its WebSockets too", async () => {
  const client = await Client.newUser(suite.url, "logout");
  const stream = await client.stream();
  assert.equal(await askPortfolio(client.token), grpc.status.OK);
  assert.deepEqual(await client.expect(200, "POST", "/auth/logout", { body: {} }), { message: "Logged out" });
  await endedEverywhere(client, client.token);
  assert.equal(await stream.closed, 4401);
  assert.equal((await refresh(client.session.refresh_token)).body.code, "SESSION_ENDED");
});

test("a logout also ends the caller's session of a refresh token, never another user's", async () => {
  const client = await Client.newUser(suite.url, "two");
  const other = await signIn(client);
  const stranger = await Client.newUser(suite.url, "stranger");
  const third = await signIn(client);
  const body = { refresh_token: stranger.session.refresh_token };
  await client.expect(200, "POST", "/auth/logout", { body, token: third.access_token });
  await stranger.expect(200, "GET", "/auth/me");
  assert.equal((await refresh(stranger.session.refresh_token)).status, 200);
  await client.expect(200, "POST", "/auth/logout", { body: { refresh_token: other.refresh_token } });
  await endedEverywhere(client, other.access_token);
});

test("what is no refresh token is refused", async () => {
  const client = await Client.newUser(suite.url, "forged");
  const { refresh_token: good, access_token } = client.session;
  for (const forged of [access_token, "rt_", `rt_${"0".repeat(64)}`, good.slice(0, -1), `${good}0`, "rt_' or true; --"]) {
    const answer = await refresh(forged);
    assert.equal(answer.status, 401, forged);
    assert.equal(answer.body.code, "INVALID_TOKEN");
  }
  assert.equal((await new Client(suite.url).request("GET", "/auth/refresh", { token: access_token })).status, 401);
  assert.equal((await refresh(undefined)).status, 401);
  assert.equal((await refresh(good)).status, 200); // none of it did any harm
});

test("a new password ends the other sessions", async () => {
  const client = await Client.newUser(suite.url, "password");
  const other = await signIn(client);
  const change = (current_password, new_password) =>
    client.request("POST", "/auth/password", { body: { current_password, new_password } });
  const wrong = await change("wrong horse battery", "short");
  assert.equal(wrong.status, 400);
  assert.deepEqual(wrong.body.errors.map((error) => error.field), ["current_password", "new_password"]);
  assert.equal((await change(PASSWORD, "staple battery horse")).status, 200);
  await client.expect(200, "GET", "/auth/me");
  await endedEverywhere(client, other.access_token);
  const { email } = client.user;
  assert.equal((await client.request("POST", "/auth/login", { body: { email, password: PASSWORD } })).status, 401);
  await signIn(client, "staple battery horse");
});

test("a profile changes where it is told to", async () => {
  const client = await Client.newUser(suite.url, "profile");
  const before = await client.expect(200, "GET", "/auth/me");
  const username = `trader.${Date.now()}`;
  const changed = await client.expect(200, "PUT", "/auth/me", { body: { name: "Ann O'Neill", username } });
  assert.deepEqual(changed, { ...before, name: "Ann O'Neill", username });
  const cleared = await client.expect(200, "PUT", "/auth/me", { body: { name: "", phone: "+1 555" } });
  assert.deepEqual(cleared, { ...changed, name: null, phone: "+1 555" });
  const taken = await (await Client.newUser(suite.url)).request("PUT", "/auth/me", {
    body: { username: username.toUpperCase() },
  });
  assert.equal(taken.status, 409);
  assert.equal(taken.body.code, "USERNAME_TAKEN");
  const lookalike = await client.request("PUT", "/auth/me", { body: { username: "trаder" } }); // a Cyrillic а
  assert.equal(lookalike.status, 400);
});

test("of many registrations of one address at once, in whatever case, exactly one succeeds", async () => {
  const name = `twin.${Date.now()}`;
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      new Client(suite.url).request("POST", "/auth/register", {
        body: { email: `${i % 2 ? name.toUpperCase() : name}@example.com`, password: PASSWORD },
      }),
    ),
  );
  assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
  assert.ok(answers.every((answer) => answer.status === 201 || answer.body.code === "EMAIL_TAKEN"));
});

test("the public keys are where everybody looks for them; a shared secret has none", async () => {
  for (const path of ["/.well-known/jwks.json", "/api/v1/.well-known/jwks.json"]) {
    assert.deepEqual(await new Client(suite.url).expect(200, "GET", path), { keys: [] });
  }
});
