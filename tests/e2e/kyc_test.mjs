// Proof of who a user is: documents as JSON and as a form, the review, who may read what, and what is refused.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { Client, eventually } from "./client.mjs";
import { administrator, suite } from "./suite.mjs";

// A PDF that nobody has sent before, of about `size` bytes.
function pdf(size = 0) {
  const objects = `%PDF-1.4\n%${randomBytes(8).toString("hex")}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%${"x".repeat(size)}\n`;
  return Buffer.from(
    `${objects}xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n${objects.length}\n%%EOF\n`,
  );
}

function crc(bytes) {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; ++bit) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

function png() {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixel = deflateSync(Buffer.concat([Buffer.from([0]), randomBytes(4)]));
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixel), chunk("IEND", Buffer.alloc(0))]);
}

let admin, files;
before(async () => {
  admin = await administrator();
  files = mkdtempSync(join(tmpdir(), "papertape-kyc-"));
});
after(() => rmSync(files, { recursive: true }));

function file(name, content) {
  const path = join(files, name);
  writeFileSync(path, content);
  return path;
}

// What curl answers, as anybody would call it.
function curl(client, path, ...parts) {
  const text = execFileSync(
    "curl",
    ["-sS", "-w", "\n%{http_code}", "-H", `Authorization: Bearer ${client.token}`, ...parts, suite.url + path],
    { encoding: "utf8" },
  );
  const end = text.lastIndexOf("\n");
  return { status: Number(text.slice(end + 1)), body: JSON.parse(text.slice(0, end)) };
}

const json = (content, more = {}) => ({
  documents: [{ document_type: "passport", content: content.toString("base64"), ...more }],
});

async function bytesOf(client, path) {
  const answer = await fetch(suite.url + path, { headers: { authorization: `Bearer ${client.token}` } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

test("documents go from JSON through the review into the feed, and come back byte for byte", async () => {
  const ann = await Client.newUser(suite.url, "ann");
  assert.deepEqual(await ann.expect(200, "GET", "/auth/kyc/status"), {
    status: "not_submitted",
    message: "No documents have been submitted yet.",
    reason: null,
    submitted_at: null,
    reviewed_at: null,
    documents: [],
  });
  const content = pdf();
  const uploaded = await ann.expect(201, "POST", "/auth/kyc/upload", { body: json(content, { file_name: "my pass.pdf" }) });
  assert.equal(uploaded.status, "pending");
  const [document] = uploaded.documents;
  assert.equal(document.document_type, "passport");
  assert.equal(document.file_name, "my pass.pdf");
  assert.equal(document.size, content.length);
  assert.equal(document.sha256, createHash("sha256").update(content).digest("hex"));
  assert.ok(Date.parse(document.uploaded_at));
  assert.equal((await ann.expect(200, "GET", "/auth/me")).kyc_status, "pending");

  const back = await bytesOf(ann, document.file_url);
  assert.ok(back.bytes.equals(content));
  assert.equal(back.headers.get("content-type"), "application/pdf");
  assert.match(back.headers.get("content-disposition"), /^attachment; filename="my pass\.pdf"/);
  assert.equal(back.headers.get("x-content-type-options"), "nosniff");

  const waiting = await admin.expect(200, "GET", "/admin/kyc?status=pending&size=200");
  assert.ok(waiting.submissions.some((submission) => submission.user_id === ann.user.id));
  assert.ok((await bytesOf(admin, document.file_url)).bytes.equals(content));
  const path = `/admin/kyc/${ann.user.id}/review`;
  const refused = await admin.expect(400, "POST", path, { body: { decision: "reject" } });
  assert.equal(refused.errors[0].field, "reason");
  await admin.expect(200, "POST", path, { body: { decision: "reject", reason: "The picture is blurred." } });
  assert.equal((await ann.expect(200, "GET", "/auth/kyc/status")).reason, "The picture is blurred.");

  await ann.expect(201, "POST", "/auth/kyc/upload", { body: json(pdf()) });
  const approved = await admin.expect(200, "POST", path, { body: { decision: "approved" } });
  assert.deepEqual(
    approved.history.map((change) => [change.to_status, change.changed_by]),
    [
      ["pending", ann.user.id],
      ["rejected", admin.user.id],
      ["pending", ann.user.id],
      ["approved", admin.user.id],
    ],
  );
  assert.equal((await ann.expect(200, "GET", "/auth/me")).kyc_status, "approved");
  assert.equal((await ann.expect(409, "POST", "/auth/kyc/upload", { body: json(pdf()) })).code, "KYC_APPROVED");
  assert.equal((await admin.expect(409, "POST", path, { body: { decision: "approve" } })).code, "KYC_NOT_PENDING");

  const titles = await eventually("the feed tells of the review", async () => {
    const feed = await ann.expect(200, "GET", "/notifications/");
    const found = feed.notifications.filter((entry) => entry.type.startsWith("kyc_"));
    return found.length === 4 && found.map((entry) => `${entry.title}: ${entry.message}`).reverse();
  });
  assert.deepEqual(titles, [
    "Documents received: Your documents are being reviewed",
    "Documents rejected: Your documents were rejected: The picture is blurred.",
    "Documents received: Your documents are being reviewed",
    "Documents approved: Your documents are approved",
  ]);
});

test("curl -F sends one document or several", async () => {
  const bob = await Client.newUser(suite.url, "bob");
  const one = curl(bob, "/auth/kyc/upload", "-F", "document_type=passport", "-F", `file=@${file("a.png", png())}`);
  assert.equal(one.status, 201, JSON.stringify(one.body));
  assert.equal(one.body.documents[0].content_type, "image/png");
  assert.equal(one.body.documents[0].file_name, "a.png");
  const large = pdf(9_000_000);
  const two = curl(
    bob,
    "/auth/kyc/upload",
    "-F",
    "documents[0].document_type=bank statement",
    "-F",
    `documents[0].content=@${file("large.pdf", large)}`,
    "-F",
    "documents[1].document_type=utility_bill",
    "-F",
    "documents[1].file_url=https://example.com/bill.pdf",
  );
  assert.equal(two.status, 201, JSON.stringify(two.body));
  assert.equal(two.body.documents[0].document_type, "bank_statement");
  assert.equal(two.body.documents[1].file_url, "https://example.com/bill.pdf");
  assert.ok((await bytesOf(bob, two.body.documents[0].file_url)).bytes.equals(large));
  assert.equal((await bob.expect(200, "GET", "/auth/kyc/status")).documents.length, 3);
});

test("the same document again is the same document", async () => {
  const eve = await Client.newUser(suite.url, "eve");
  const content = pdf();
  const first = await eve.expect(201, "POST", "/auth/kyc/upload", { body: json(content) });
  const again = curl(eve, "/auth/kyc/upload", "-F", "document_type=passport", "-F", `file=@${file("b.pdf", content)}`);
  assert.equal(again.body.documents[0].id, first.documents[0].id);
});

test("a document is for its owner and for administrators, the review for administrators", async () => {
  const owner = await Client.newUser(suite.url, "owner");
  const stranger = await Client.newUser(suite.url, "stranger");
  const { documents } = await owner.expect(201, "POST", "/auth/kyc/upload", { body: json(pdf()) });
  assert.equal((await bytesOf(stranger, documents[0].file_url)).status, 403);
  assert.equal((await bytesOf(new Client(suite.url), documents[0].file_url)).status, 401);
  await stranger.expect(404, "GET", "/auth/kyc/documents/999999999");
  await stranger.expect(403, "GET", "/admin/kyc");
  await stranger.expect(403, "GET", `/admin/kyc/${owner.user.id}`);
  await stranger.expect(403, "POST", `/admin/kyc/${owner.user.id}/review`, { body: { decision: "approve" } });
  await owner.expect(403, "POST", `/admin/kyc/${owner.user.id}/review`, { body: { decision: "approve" } });
});

test("what lies in the document store is sealed", async () => {
  const user = await Client.newUser(suite.url, "sealed");
  const content = pdf();
  await user.expect(201, "POST", "/auth/kyc/upload", { body: json(content) });
  const directory = join(suite.state, "documents", "kyc", String(user.user.id));
  const [name] = readdirSync(directory);
  const lying = readFileSync(join(directory, name));
  assert.ok(!lying.includes("%PDF"));
  assert.equal(lying.length, content.length + 33);
});

test("bad documents are refused by field, and change nothing", async () => {
  const user = await Client.newUser(suite.url, "careless");
  const refused = async (body, status, field) => {
    const problem = await user.expect(status, "POST", "/auth/kyc/upload", { body });
    if (field) assert.ok(problem.errors.some((error) => error.field === field), JSON.stringify(problem));
  };
  const zip = Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64");
  await refused({ documents: [] }, 400, "documents");
  await refused({}, 400, "documents");
  await refused(json(Buffer.alloc(0)), 400, "documents[0].content");
  await refused(json(zip), 400, "documents[0].content");
  await refused(json(Buffer.concat([png(), zip])), 400, "documents[0].content");
  await refused(json(Buffer.concat([pdf(), zip])), 400, "documents[0].content");
  await refused(json(Buffer.concat([png(), Buffer.from("<script>alert(1)</script>")])), 400, "documents[0].content");
  await refused(json(Buffer.from("<html>")), 400, "documents[0].content");
  await refused({ documents: [{ document_type: "passport", content: "not base64!" }] }, 400, "documents[0].content");
  await refused(json(pdf(), { document_type: "'; drop table auth.users; --" }), 400, "documents[0].document_type");
  await refused(json(pdf(), { file_url: "https://example.com" }), 400, "documents[0].content");
  await refused({ documents: [{ document_type: "x", file_url: "file:///etc/passwd" }] }, 400, "documents[0].file_url");
  await refused({ documents: Array(6).fill(json(pdf()).documents[0]) }, 400, "documents");
  await refused('{"documents":[', 400);

  const overhead = pdf(10_000_000).length - 10_000_000;  // the same wherever the table's place has eight digits
  const tooLarge = pdf(10 * 1024 * 1024 + 1 - overhead);
  assert.equal(tooLarge.length, 10 * 1024 * 1024 + 1);
  await refused(json(tooLarge), 400, "documents[0].content");
  const form = curl(user, "/auth/kyc/upload", "-F", "document_type=x", "-F", `file=@${file("large.pdf", tooLarge)}`);
  assert.equal(form.status, 400);
  assert.equal(form.body.errors[0].field, "documents[0].content");
  const huge = curl(user, "/auth/kyc/upload", "-F", "document_type=x", "-F", `file=@${file("huge", Buffer.alloc(40e6))}`);
  assert.equal(huge.status, 413);
  assert.equal((await user.expect(200, "GET", "/auth/kyc/status")).status, "not_submitted");
});

test("a large body is read for a route that takes one and a user who is signed in", async () => {
  const path = file("large.json", JSON.stringify(json(pdf(2_000_000))));
  const user = await Client.newUser(suite.url, "large");
  const send = (client, route) =>
    curl(client, route, "-H", "Content-Type: application/json", "--data-binary", `@${path}`).status;
  assert.equal(send({ token: "forged" }, "/auth/kyc/upload"), 401);
  assert.equal(send(user, "/trades/create"), 413);
  assert.equal(send(user, "/auth/kyc/upload"), 201);
});
