// Credentials: what is accepted, and every way in which a token can be wrong.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, test } from "node:test";
import { Client } from "./client.mjs";
import { secretKey, suite } from "./suite.mjs";

let client, header, claims;
before(async () => {
  client = await Client.newUser(suite.url, "token");
  [header, claims] = client.token
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url")));
});

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
function token(changes = {}, { key = secretKey(), head = header, hash = "sha256" } = {}) {
  const text = `${encode(head)}.${encode({ ...claims, ...changes })}`;
  return `${text}.${createHmac(hash, key).update(text).digest("base64url")}`;
}

const refused = (name, make, code = "INVALID_TOKEN") =>
  test(`${name} is refused with 401 ${code}`, async () => {
    const answer = await client.request("GET", "/auth/me", { token: make() });
    assert.equal(answer.status, 401, JSON.stringify(answer.body));
    assert.equal(answer.body.code, code);
    assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
  });

test("a token that the suite's own key signs is accepted", async () => {
  assert.equal((await client.expect(200, "GET", "/auth/me", { token: token() })).email, client.user.email);
  const verified = await client.expect(200, "GET", "/auth/verify-token");
  assert.equal(verified.valid, true);
  assert.equal(verified.user_id, client.user.id);
});

const hourAgo = () => Math.floor(Date.now() / 1000) - 3600;
refused("an expired token", () => token({ iat: hourAgo() - 600, exp: hourAgo() }), "TOKEN_EXPIRED");
refused("a token of another key", () => token({}, { key: "0".repeat(64) }));
refused("a token with another's id under the old signature", () => {
  const [head, , signature] = client.token.split(".");
  return `${head}.${encode({ ...claims, sub: String(client.user.id + 1) })}.${signature}`;
});
refused("alg:none without a signature", () => `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`);
refused("alg:none with a signature", () => token({}, { head: { alg: "none", typ: "JWT" } }));
refused("another HMAC than the configured one", () =>
  token({}, { head: { alg: "HS512", typ: "JWT" }, hash: "sha512" }),
);
refused("a token without a signature", () => client.token.split(".").slice(0, 2).join("."));
refused("a token that is no JWT", () => "letmein");
refused("an overlong token", () => `a.${"b".repeat(5000)}.c`);

for (const kid of ["../../dev/null", "/dev/null", "' or 1=1; --", "", undefined, 7, { $ne: "" }]) {
  refused(`a token with the key id ${JSON.stringify(kid)}`, () => token({}, { head: { ...header, kid } }));
  refused(`such a token, signed with nothing, key id ${JSON.stringify(kid)}`, () =>
    token({}, { head: { ...header, kid }, key: "" }),
  );
}
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
refused("a token that is not valid yet", () => token({ nbf: inAnHour(), exp: inAnHour() + 600 }));
refused("a token from the future", () => token({ iat: inAnHour(), exp: inAnHour() + 600 }));
refused("a token that names no session", () => token({ sid: undefined }));
refused("a token without its own id", () => token({ jti: undefined }));
refused("a token with a header that asks for more than is understood", () =>
  token({}, { head: { ...header, crit: ["b64"], b64: false } }),
);
refused("a refresh token in place of an access token", () => client.session.refresh_token);

test("no credentials: 401 and how to bring some", async () => {
  const answer = await new Client(suite.url).request("GET", "/auth/me");
  assert.equal(answer.status, 401);
  assert.equal(answer.body.code, "UNAUTHENTICATED");
});

test("a password is kept by nobody: not in an answer, not in a log", async () => {
  const password = `s3cret-${Date.now()}`;
  const email = `secret.${Date.now()}@example.com`;
  await client.expect(201, "POST", "/auth/register", { body: { email, password } });
  const session = await client.expect(200, "POST", "/auth/login", { body: { email, password } });
  const { readFileSync } = await import("node:fs");
  for (const name of ["auth", "gateway"]) {
    const log = readFileSync(`${suite.state}/logs/${name}.log`, "utf8");
    assert.ok(!log.includes(password), `${name}.log holds a password`);
    assert.ok(!log.includes(session.access_token), `${name}.log holds a token`);
    assert.ok(!log.includes(secretKey()), `${name}.log holds the secret key`);
  }
});
