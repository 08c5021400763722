// Accounts as the clients of the four platforms speak to them, word for word, and as an attacker does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "./client.mjs";
import { newAddress, newCode } from "./mails.mjs";
import { administrator, suite } from "./suite.mjs";

const unique = () => `${Date.now()}${Math.floor(Math.random() * 1e6)}`;

for (const mount of ["", "/api/v1"]) {
  const at = () => new Client(suite.url + mount);

  test(`the formula platform's client is served at ${mount || "/"}`, async () => {
    const client = at();
    const email = newAddress("user");
    const username = `trader123.${unique()}`;
    const user = await client.expect(201, "POST", "/auth/register", {
      body: { email, username, password: "securepassword" },
    });
    assert.equal(user.username, username);
    const session = await client.expect(200, "POST", "/auth/login", { body: { email, password: "securepassword" } });
    assert.equal(session.token_type, "bearer");
    client.token = session.access_token;
    assert.equal((await client.expect(200, "GET", "/auth/me")).id, user.id);
    const documents = [{ document_type: "passport", file_url: "https://example.com/passport.pdf" }];
    assert.equal((await client.expect(201, "POST", "/auth/kyc/upload", { body: { documents } })).status, "pending");
    assert.equal((await client.expect(200, "GET", "/auth/kyc/status")).documents.length, 1);
    await client.expect(200, "POST", "/auth/logout");
    assert.equal((await client.request("GET", "/auth/me")).status, 401);
  });

  test(`the client that signs in by mail is served at ${mount || "/"}`, async () => {
    const client = at();
    const email = newAddress("stockgpt");
    const otp = await newCode(email, mount);
    client.token = (await client.expect(200, "POST", "/auth/login", { body: { email, otp } })).access_token;
    assert.equal((await client.expect(200, "GET", "/auth/verify-token")).valid, true);
    await client.expect(200, "POST", "/auth/logout");
    assert.equal((await client.request("GET", "/auth/verify-token")).status, 401);
  });

  test(`the stock API's client is served at ${mount || "/"}`, async () => {
    const client = at();
    const email = newAddress("test");
    const username = `testuser.${unique()}`;
    await client.expect(201, "POST", "/auth/register", { body: { username, email, password: "password123" } });
    const session = await client.expect(200, "POST", "/auth/login", { body: { email, password: "password123" } });
    assert.equal(session.expires_in, 600);
    const next = await client.expect(200, "GET", "/auth/refresh", { token: session.refresh_token });
    const body = { refresh_token: next.refresh_token };
    await client.expect(200, "POST", "/auth/logout", { body, token: next.access_token });
    assert.equal((await client.request("GET", "/auth/refresh", { token: next.refresh_token })).status, 401);
  });

  test(`the paper trading platform's client is served at ${mount || "/"}`, async () => {
    const client = at();
    const email = newAddress("john");
    const person = { name: "John Doe", email, phone: "+919876543210", password: "password123" };
    const registered = await client.expect(201, "POST", "/auth/register", { body: person });
    assert.equal(registered.message, "User registered");
    assert.equal(registered.client_id, email);
    const session = await client.expect(200, "POST", "/auth/login", { body: { email, password: person.password } });
    assert.equal(session.client_id, email);
    client.token = session.access_token;
    const account = await client.expect(201, "POST", "/portfolio/create", { body: {} });
    assert.equal(account.available_margin, 100_000);
    assert.deepEqual(await client.expect(200, "GET", `/portfolio/${email}`), account);
  });
}

test("an address is one whatever its case; one that only looks like it is another, or none", async () => {
  const owner = await Client.newUser(suite.url, "kate");
  const { email, password } = owner.credentials;
  const capital = await owner.expect(200, "POST", "/auth/login", { body: { email: email.toUpperCase(), password } });
  assert.equal(capital.user.id, owner.user.id);
  const [local, domain] = email.split("@");
  const lookalikes = [
    email.replace("k", "\u212a"), // the Kelvin sign, whose lower case is k
    email.replace("a", "а"), // Cyrillic
    `${local}\u200d@${domain}`, // a joiner that nobody sees
    `${local}@${domain}\u0000`,
    `${local}@${domain.replace("e", "ｅ")}`, // full width
    `${local}@${domain}.`,
    `"${local}"@${domain}`,
  ];
  for (const lookalike of lookalikes) {
    const login = await owner.request("POST", "/auth/login", { body: { email: lookalike, password }, token: "" });
    assert.ok([400, 401].includes(login.status), `${JSON.stringify(lookalike)}: ${login.status}`);
    const answer = await owner.request("POST", "/auth/register", { body: { email: lookalike, password } });
    assert.ok([201, 400].includes(answer.status), `${JSON.stringify(lookalike)}: ${answer.status}`);
    if (answer.status === 201) assert.notEqual(answer.body.id, owner.user.id);
  }
});

test("of many registrations of one username at once, in whatever case, exactly one succeeds", async () => {
  const username = `Twin.${unique()}`;
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      new Client(suite.url).request("POST", "/auth/register", {
        body: {
          email: newAddress(`twin${i}`),
          username: i % 2 ? username : username.toUpperCase(),
          password: "correct horse battery",
        },
      }),
    ),
  );
  assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
  assert.ok(answers.every((answer) => answer.status === 201 || answer.body.code === "USERNAME_TAKEN"));
});

test("SQL in any text field is text: kept as it is, refused, or found nowhere", async () => {
  const admin = await administrator();
  const user = await Client.newUser(suite.url, "bobby");
  const file = Buffer.from("no document").toString("base64");
  for (const sql of ["'; drop table auth.users; --", "' or '1'='1", "1; select pg_sleep(30) --", "\\'); --", "%' --"]) {
    const email = newAddress("sql");
    const requests = [
      ["POST", "/auth/register", { email: sql, password: "correct horse" }],
      ["POST", "/auth/register", { email, password: sql.padEnd(8, "-"), name: sql }],
      ["POST", "/auth/register", { email: newAddress("sql"), password: "correct horse", username: sql }],
      ["POST", "/auth/register", { email: newAddress("sql"), password: "correct horse", phone: sql }],
      ["POST", "/auth/login", { email: sql, password: sql }],
      ["POST", "/auth/login", { username: sql, password: sql }],
      ["POST", "/auth/login", { email, otp: sql }],
      ["POST", "/auth/request-otp", { email: sql }],
      ["POST", "/auth/refresh", { refresh_token: sql }],
      ["POST", "/auth/logout", { refresh_token: sql }, (await newSession(user)).access_token],
      ["PUT", "/auth/me", { name: sql }],
      ["PUT", "/auth/me", { username: sql }],
      ["PUT", "/auth/me", { phone: sql }],
      ["POST", "/auth/password/reset", { email, otp: sql, new_password: sql.padEnd(8, "-") }],
      ["POST", "/auth/kyc/upload", { documents: [{ document_type: sql, file_name: sql, content: file }] }],
      ["POST", "/auth/kyc/upload", { documents: [{ document_type: "passport", file_url: sql }] }],
      ["POST", "/auth/api-keys", { name: sql, scopes: [sql], expires_at: sql }],
      ["POST", "/auth/api-keys/token", { id: sql, secret: sql }],
      ["DELETE", `/auth/api-keys/${encodeURIComponent(sql)}`],
      ["GET", `/auth/kyc/documents/${encodeURIComponent(sql)}`],
      ["GET", `/portfolio/${encodeURIComponent(sql)}`],
      ["GET", `/admin/kyc?status=${encodeURIComponent(sql)}`, undefined, admin.token],
      ["GET", `/admin/kyc/${encodeURIComponent(sql)}`, undefined, admin.token],
      ["POST", `/admin/kyc/${user.user.id}/review`, { decision: sql, reason: sql }, admin.token],
      ["GET", `/admin/audit?email=${encodeURIComponent(sql)}`, undefined, admin.token],
      ["GET", `/admin/audit?cursor=${encodeURIComponent(sql)}`, undefined, admin.token],
    ];
    for (const [method, path, body, token = user.token] of requests) {
      const begun = performance.now();
      const answer = await user.request(method, path, { body, token });
      const what = `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${JSON.stringify(answer.body)}`;
      assert.ok(answer.status < 500, what);
      assert.ok(performance.now() - begun < 10_000, what);
      assert.doesNotMatch(JSON.stringify(answer.body), /syntax error|relation "|column "|unterminated/i, what);
    }
    const changed = await user.expect(200, "PUT", "/auth/me", { body: { name: sql } });
    assert.equal(changed.name, sql);
  }
  // Everything still stands.
  await user.signIn();
  assert.equal((await user.expect(200, "GET", "/auth/me")).email, user.credentials.email);
});

async function newSession(user) {
  return user.expect(200, "POST", "/auth/login", { body: user.credentials });
}
