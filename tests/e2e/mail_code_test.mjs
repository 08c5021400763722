// Signing in and setting a password with a code from the mail; the mail is read where `./papertape up` says it arrives.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Client, eventually } from "./client.mjs";
import { mailsTo, mailWith, newAddress, newCode } from "./mails.mjs";
import { suite } from "./suite.mjs";

const anonymous = new Client(suite.url);
const another = (code) => (code === "000000" ? "111111" : "000000");

test("a newcomer without a password asks for a code, reads the mail, and is in", async () => {
  const email = newAddress("newcomer");
  const otp = await newCode(email);
  // The two bodies of the OTP dialect, at its mount.
  const session = await anonymous.expect(200, "POST", "/api/v1/auth/login", { body: { email, otp } });
  assert.equal(session.token_type, "bearer");
  assert.equal(session.client_id, email);
  const me = await anonymous.expect(200, "GET", "/api/v1/auth/me", { token: session.access_token });
  assert.equal(me.email, email);
  assert.equal(me.is_verified, true);
  assert.equal((await anonymous.expect(200, "GET", "/api/v1/auth/verify-token", { token: session.access_token })).valid, true);
  const again = await anonymous.request("POST", "/auth/login", { body: { email, otp } });
  assert.equal(again.status, 401);
  assert.equal(again.body.code, "INVALID_OTP");
  const password = await anonymous.request("POST", "/auth/login", { body: { email, password: "" } });
  assert.equal(password.status, 400);
});

test("a code confirms the address of whoever registered with a password", async () => {
  const user = await Client.newUser(suite.url, "confirmed");
  assert.equal((await user.expect(200, "GET", "/auth/me")).is_verified, false);
  const otp = await newCode(user.user.email);
  await user.expect(200, "POST", "/auth/login", { body: { username: user.user.username, otp } });
  assert.equal((await user.expect(200, "GET", "/auth/me")).is_verified, true);
});

test("known and unknown addresses get the same answers", async () => {
  const user = await Client.newUser(suite.url, "known");
  const outcomes = [];
  for (const email of [user.user.email, newAddress("unknown")]) {
    const first = await anonymous.request("POST", "/auth/request-otp", { body: { email } });
    const second = await anonymous.request("POST", "/auth/request-otp", { body: { email } });
    assert.equal(second.status, 429);
    assert.equal(second.body.code, "OTP_THROTTLED");
    assert.ok(Number(second.headers.get("retry-after")) > 50);
    const wrong = await anonymous.request("POST", "/auth/login", { body: { email, otp: "12345x" } });
    outcomes.push([first.status, first.body, second.body.detail, wrong.status, wrong.body.code, wrong.body.detail]);
  }
  assert.deepEqual(outcomes[0], outcomes[1]);
});

test("a forgotten password is set anew by a code: every session ends, and a mail says so", async () => {
  const user = await Client.newUser(suite.url, "forgetful");
  const { email } = user.user;
  const otp = await newCode(email);
  const weak = await anonymous.request("POST", "/auth/password/reset", { body: { email, otp, new_password: "short" } });
  assert.equal(weak.status, 400);
  assert.equal(weak.body.errors[0].field, "new_password");
  const body = { email, otp, new_password: "another horse battery" };
  await anonymous.expect(200, "POST", "/auth/password/reset", { body });
  assert.equal((await anonymous.request("POST", "/auth/password/reset", { body })).body.code, "INVALID_OTP");
  assert.equal((await user.request("GET", "/auth/me")).status, 401);
  const old = await anonymous.request("POST", "/auth/login", { body: { email, password: "correct horse battery" } });
  assert.equal(old.body.code, "INVALID_CREDENTIALS");
  await anonymous.expect(200, "POST", "/auth/login", { body: { email, password: body.new_password } });
  await mailWith(email, "Subject: Your Papertape password was changed");
});

const logIn = (body) => anonymous.request("POST", "/auth/login", { body });

// The answer once the account is not locked any more.
const whenUnlocked = (body) =>
  eventually(
    "the end of the lock",
    async () => {
      const answer = await logIn(body);
      return answer.status !== 429 && answer;
    },
    30_000,
  );

test("five wrong codes void the right one", async () => {
  const email = newAddress("guessed");
  const otp = await newCode(email);
  for (let i = 0; i < 5; ++i) {
    assert.equal((await logIn({ email, otp: another(otp) })).body.code, "INVALID_OTP");
  }
  assert.equal((await whenUnlocked({ email, otp })).body.code, "INVALID_OTP");
});

test("of a thousand wrong codes at once a handful passes the lock-out, and then the right one is void", async () => {
  const email = newAddress("stormed");
  const otp = await newCode(email);
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) => logIn({ email, otp: String((Number(otp) + 1 + i) % 1e6).padStart(6, "0") })),
  );
  const codes = new Set(answers.map((answer) => answer.body.code));
  for (const code of codes) assert.ok(["INVALID_OTP", "TOO_MANY_ATTEMPTS", "OVERLOADED"].includes(code), code);
  // Five, and one more whenever a lock of 1, 2, 4, ... seconds has passed meanwhile; by then the code is void.
  const passed = answers.filter((answer) => answer.body.code === "INVALID_OTP").length;
  assert.ok(passed >= 5 && passed <= 10, `${passed} passed`);
  assert.notEqual((await logIn({ email, otp })).status, 200);
});

test("failed passwords lock an account for a growing time, for the right one too, and whether or not it exists", async () => {
  const user = await Client.newUser(suite.url, "locked");
  for (const email of [newAddress("nobody"), user.user.email]) {
    // On a slow machine the first, short locks may pass between two requests.
    let wrong = 0;
    let answer = await logIn({ email, password: "wrong horse" });
    while (answer.status === 401 && wrong < 10) {
      assert.equal(answer.body.code, "INVALID_CREDENTIALS");
      wrong += 1;
      answer = await logIn({ email, password: `wrong horse ${wrong}` });
    }
    assert.ok(wrong >= 5, `locked after ${wrong}`);
    assert.equal(answer.status, 429);
    assert.equal(answer.body.code, "TOO_MANY_ATTEMPTS");
    assert.ok(Number(answer.headers.get("retry-after")) >= 1);
  }
  const { email } = user.user;
  assert.equal((await whenUnlocked({ email, password: "correct horse battery" })).status, 200);
  assert.equal((await logIn({ email, password: "wrong horse" })).status, 401); // success has cleared the count
  assert.equal((await logIn({ email, password: "correct horse battery" })).status, 200);
});

test("what is no address gets no mail, and a header cannot be smuggled in", async () => {
  for (const email of ["", "ann", "ann@example.com\r\nBcc: eve@example.com", "a@example.com,b@example.com", "<a@example.com>"]) {
    const answer = await anonymous.request("POST", "/auth/request-otp", { body: { email } });
    assert.equal(answer.status, 400, JSON.stringify(email));
    assert.equal(answer.body.errors[0].field, "email");
  }
});

test("a code is in no answer and in no log", async () => {
  const email = newAddress("secret");
  const otp = await newCode(email);
  await anonymous.expect(200, "POST", "/auth/login", { body: { email, otp } });
  for (const name of ["auth", "gateway", "notification"]) {
    const log = readFileSync(`${suite.state}/logs/${name}.log`, "utf8");
    assert.ok(!new RegExp(`\\b${otp}\\b`).test(log), `${name}.log holds a code`);
  }
});
