// The operator's commands on a running suite: roles, the audit log, and the books.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client, eventually } from "./client.mjs";
import { papertape, suite } from "./suite.mjs";

// {status, output} of a command that may fail.
function run(command) {
  try {
    return { status: 0, output: papertape(command) };
  } catch (error) {
    return { status: error.status, output: `${error.stdout}${error.stderr}` };
  }
}

async function signInAgain(client) {
  const body = { email: client.user.email, password: "correct horse battery" };
  client.token = (await client.expect(200, "POST", "/auth/login", { body })).access_token;
}

test("the operator makes an administrator and takes it back, which holds at once", async () => {
  const client = await Client.newUser(suite.url, "boss");
  assert.equal((await client.request("GET", "/admin/audit")).status, 403);
  assert.match(run(`admin ${client.user.email}`).output, /: user -> admin/);
  await signInAgain(client);
  const { entries } = await client.expect(200, "GET", `/admin/audit?email=${client.user.email}&size=3`);
  assert.deepEqual(
    entries.map((entry) => entry.action),
    ["login.succeeded", "user.role_changed", "login.succeeded"],
  );
  assert.deepEqual(entries[1].detail, { from: "user", to: "admin" });
  assert.equal(entries[1].actor, "operator");
  assert.equal(entries[0].client_address, "127.0.0.1");

  const lowered = run(`admin ${client.user.email} --role user`);
  assert.match(lowered.output, /: admin -> user/);
  assert.match(lowered.output, /Sessions ended: 2/);
  await eventually("the old token is refused", async () => (await client.request("GET", "/auth/me")).status === 401);
  await signInAgain(client);
  assert.equal((await client.request("GET", "/admin/audit")).body.code, "PERMISSION_DENIED");
});

test("the log is read with a cursor, by administrators alone", async () => {
  const client = await Client.newUser(suite.url, "reader");
  run(`admin ${client.user.email}`);
  await signInAgain(client);
  const first = await client.expect(200, "GET", "/admin/audit?size=2");
  const second = await client.expect(200, "GET", `/admin/audit?size=2&cursor=${first.next_cursor}`);
  assert.equal(second.entries[0].number, first.entries[1].number - 1);
  assert.equal((await client.request("GET", "/admin/audit?cursor=x")).status, 400);
});

test("an address that nobody registered is told clearly", () => {
  const { status, output } = run("admin nobody@example.com");
  assert.equal(status, 1);
  assert.match(output, /nobody has registered as nobody@example\.com/);
  assert.notEqual(run("admin nobody@example.com --role king").status, 0);
});

test("the operator lists and verifies the log, and a head printed earlier is found again", async () => {
  const client = await Client.newUser(suite.url, "audited");
  assert.match(run(`audit list --user ${client.user.email} --size 5`).output, /user\.registered[^]*login\.succeeded/);
  const verified = run("audit verify");
  assert.equal(verified.status, 0, verified.output);
  const head = verified.output.match(/^head ([0-9a-f]{64})$/m)[1];
  await Client.newUser(suite.url, "later");
  assert.equal(run(`audit verify --expect ${head}`).status, 0);
  const unknown = run(`audit verify --expect ${"0".repeat(64)}`);
  assert.equal(unknown.status, 1);
  assert.match(unknown.output, /no entry has the expected hash/);
});

test("the operator verifies the books, compares every row with the events, and prints an account", async () => {
  const client = await Client.newUser(suite.url, "booked");
  const body = { symbol: "AAPL", trade_type: "BUY", quantity: 1 };
  const trade = await client.expect(201, "POST", "/trades/create", { body });
  const heads = join(mkdtempSync(join(tmpdir(), "heads.")), "heads.txt");
  const verified = run(`ledger verify --heads ${heads}`);
  assert.equal(verified.status, 0, verified.output);
  assert.match(verified.output, /all as they were written, all figures the sums of their entries/);
  await client.expect(200, "POST", `/trades/exit/${trade.trade_id}`, { body: {} });
  assert.match(run(`ledger verify --expect ${heads}`).output, /all \d+ heads of .* are in the log/);
  writeFileSync(heads, `0 ${client.user.id} 1 ${"0".repeat(64)}\n`);
  assert.equal(run(`ledger verify --expect ${heads}`).status, 1);

  const rebuilt = run("ledger rebuild");
  assert.equal(rebuilt.status, 0, rebuilt.output);
  assert.match(rebuilt.output, /; 0 differences/);
  const shown = run(`ledger show ${client.user.id}`).output;
  assert.match(shown, /deposit -> cash[^]*cash -> margin[^]*margin -> cash/);
  assert.match(shown, new RegExp(trade.trade_id));
});
