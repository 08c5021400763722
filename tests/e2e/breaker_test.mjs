// A service that dies takes along only what it does: the breaker answers for it, and everything else goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, eventually } from "./client.mjs";
import { killed, papertape, suite } from "./suite.mjs";

// The value of one of the gateway's metrics.
async function metric(client, name) {
  const text = await client.expect(200, "GET", "/metrics");
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${name} `));
  return line && Number(line.slice(name.length + 1));
}

test("kill -9 of auth: issued tokens keep working, sign-ins are refused at once and without a call", async () => {
  const client = await Client.newUser(suite.url, "guest");
  await client.expect(201, "POST", "/portfolio/create", { body: {} });
  const signIn = () =>
    client.request("POST", "/auth/login", { body: { email: client.user.email, password: "correct horse battery" } });
  await killed("auth");
  try {
    const refused = await eventually("the breaker is open", async () => {
      const answer = await signIn();
      assert.ok([503, 504].includes(answer.status), `${answer.status} while auth is dead`);
      return (await metric(client, 'papertape_upstream_breaker_state{upstream="auth"}')) === 2 && answer;
    });
    assert.ok(refused.headers.get("retry-after"));
    const calls = await metric(client, 'papertape_upstream_calls_total{upstream="auth"}');
    // The breaker lets one call try every ten seconds; none of these is it.
    const times = [];
    for (let i = 0; i < 5; ++i) {
      const begun = performance.now();
      const answer = await signIn();
      times.push(performance.now() - begun);
      assert.equal(answer.status, 503);
      assert.equal(answer.body.code, "UNAVAILABLE");
      assert.ok(Number(answer.headers.get("retry-after")) >= 1);
    }
    const median = times.sort((a, b) => a - b)[2];
    assert.ok(median < 100, `${median} ms until a refusal`);
    const after = await metric(client, 'papertape_upstream_calls_total{upstream="auth"}');
    assert.ok(after - calls <= 1, `${after - calls} of 5 sign-ins went out to a dead service`);
    const health = await client.request("GET", "/health");
    assert.equal(health.status, 503);
    assert.equal(health.body.services.auth.breaker, "open");
    assert.equal(health.body.services.trade_engine.breaker, "closed");
    // Who signed in before trades on.
    const trade = await client.expect(201, "POST", "/trades/create", {
      body: { symbol: "AAPL", trade_type: "BUY", quantity: 1 },
    });
    await client.expect(200, "POST", `/trades/exit/${trade.trade_id}`, { body: {} });
    await client.expect(200, "GET", "/portfolio/me");
  } finally {
    papertape("up");
  }
  const again = await eventually("signing in works again", async () => {
    const answer = await signIn();
    return answer.status === 200 && answer;
  }, 30_000);
  assert.ok(again.body.access_token);
  assert.equal(await metric(client, 'papertape_upstream_breaker_state{upstream="auth"}'), 0);
});
