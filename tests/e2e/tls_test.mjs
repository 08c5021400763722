// The gateway with a certificate of its own: what clients see of TLS, and how a certificate is renewed.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { promisify } from "node:util";
import WebSocket from "ws";
import { Stream, eventually } from "./client.mjs";
import { programPath, secretKey, suite } from "./suite.mjs";

const run = promisify(execFile);
const directory = mkdtempSync(`${tmpdir()}/papertape-tls-`);
const certificate = `${directory}/certificate.pem`;
const key = `${directory}/key.pem`;
let gateway, port;

// A certificate for localhost, signed by itself.
function makeCertificate(into = directory) {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const files = ["-keyout", `${into}/key.pem`, "-out", `${into}/certificate.pem`];
  execFileSync("openssl", ["req", "-x509", "-days", "2", ...curve, ...names, ...files], { stdio: "ignore" });
  return readFileSync(`${into}/certificate.pem`, "utf8");
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const taken = server.address().port;
  await new Promise((resolve) => server.close(resolve));
  return taken;
}

function startGateway(settings) {
  const address = (name) => [`PAPERTAPE_${name.toUpperCase()}_ADDRESS`, `unix:${suite.state}/run/${name.replace("_", "-")}.sock`];
  const services = ["auth", "market_data", "trade_engine", "portfolio", "signal", "notification"].map(address);
  const limits = ["USER", "ANONYMOUS", "LOGIN"].map((of) => [`PAPERTAPE_RATE_LIMIT_${of}_PER_MINUTE`, "0"]);
  const env = {
    PATH: process.env.PATH,
    SECRET_KEY: secretKey(),
    REDIS_URL: `unix://${suite.state}/run/redis.sock`,
    PAPERTAPE_HTTP_LISTEN: `127.0.0.1:${port}`,
    PAPERTAPE_HTTP_HEADER_TIMEOUT_MS: "1000",
    ...Object.fromEntries([...services, ...limits]),
    ...settings,
  };
  const child = spawn(programPath("gateway"), { env, stdio: ["ignore", "pipe", "pipe"] });
  child.said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (child.said += text));
  child.ended = new Promise((resolve) => child.once("close", resolve));
  return child;
}

// A TLS connection that has shaken hands, closed again; {protocol, alpn, fingerprint}.
function shakeHands(options = {}) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options }, () => {
      const found = {
        protocol: socket.getProtocol(),
        alpn: socket.alpnProtocol,
        fingerprint: socket.getPeerCertificate().fingerprint256,
      };
      socket.destroy();
      resolve(found);
    });
    socket.once("error", reject);
  });
}

const curl = async (path, ...options) => {
  const { stdout } = await run("curl", ["-sS", "--cacert", certificate, ...options, `https://localhost:${port}${path}`]);
  return stdout;
};

before(async () => {
  makeCertificate();
  port = await freePort();
  gateway = startGateway({ PAPERTAPE_TLS_CERTIFICATE_FILE: certificate, PAPERTAPE_TLS_KEY_FILE: key });
  await eventually("the gateway speaks TLS", () => shakeHands().catch(() => false), 20_000);
});
after(async () => {
  gateway.kill("SIGTERM");
  await gateway.ended;
  rmSync(directory, { recursive: true });
});

test("curl with the certificate is answered, told to come by TLS only", async () => {
  const answer = await curl("/health/live", "-i");
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /\r\nStrict-Transport-Security: max-age=31536000\r\n/);
  assert.match(answer, /\{"status":"ok"\}$/);
  assert.match(await curl("/market/live/AAPL"), /^\{"symbol":"AAPL"/);
});

test("a long answer and many requests on one connection arrive whole", async () => {
  const metrics = await curl("/metrics");
  assert.ok(metrics.length > 50_000 && metrics.includes("papertape_http_connections"), `${metrics.length} bytes`);
  const urls = Array.from({ length: 50 }, () => `https://localhost:${port}/health/live`);
  const { stdout } = await run("curl", ["-sS", "--cacert", certificate, ...urls]);
  assert.equal(stdout, '{"status":"ok"}'.repeat(50));
});

test("a large request body arrives whole", async () => {
  const file = `${directory}/body.json`;
  writeFileSync(file, JSON.stringify({ email: "nobody@example.com", password: "x".repeat(300_000) }));
  const answer = await curl("/auth/login", "-H", "Content-Type: application/json", "-d", `@${file}`);
  assert.match(answer, /"status":4\d\d/);
});

test("TLS 1.2 and 1.3 are spoken, older ones are not; HTTP/1.1 is agreed on", async () => {
  for (const version of ["TLSv1.2", "TLSv1.3"]) {
    const { protocol } = await shakeHands({ minVersion: version, maxVersion: version });
    assert.equal(protocol, version);
  }
  await assert.rejects(shakeHands({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }));
  await assert.rejects(shakeHands({ maxVersion: "TLSv1.2", ciphers: "AES128-SHA" }), "no forward secrecy");
  assert.equal((await shakeHands({ ALPNProtocols: ["h2", "http/1.1"] })).alpn, "http/1.1");
  await assert.rejects(shakeHands({ ALPNProtocols: ["h2"] }));
});

test("streams run over it", async () => {
  const socket = new WebSocket(`wss://localhost:${port}/ws/1`, { ca: readFileSync(certificate) });
  const stream = new Stream(socket);
  await stream.opened;
  stream.send({ type: "ping" });
  await stream.next("pong", (frame) => frame.type === "pong");
  stream.send({ type: "subscribe", tickers: ["AAPL"] });
  await stream.next("price", (frame) => frame.type === "price_update" && frame.ticker === "AAPL");
  assert.equal(await stream.close(), 1000);
});

test("who does not speak TLS, or says nothing, is let go", async () => {
  const ended = (first) =>
    new Promise((resolve, reject) => {
      const socket = net.connect(port, "127.0.0.1", () => first && socket.write(first));
      let received = "";
      socket.on("data", (data) => (received += data.toString("latin1")));
      socket.on("error", () => {}); // a reset is an end as well
      socket.once("close", () => resolve(received));
      setTimeout(() => reject(new Error("it is held open")), 15_000).unref();
    });
  assert.doesNotMatch(await ended("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"), /HTTP\/1/);
  assert.equal(await ended(""), "");
  assert.doesNotMatch(await ended(Buffer.from([0x16, 0x03, 0x01])), /HTTP/);
});

test("SIGHUP renews the certificate, and keeps the old one when the new is not good", async () => {
  const old = await shakeHands();
  writeFileSync(certificate, "not a certificate");
  gateway.kill("SIGHUP");
  await eventually("the gateway refuses it", () => gateway.said.includes("stays as it was"));
  assert.equal((await shakeHands()).fingerprint, old.fingerprint);
  const renewed = makeCertificate();
  assert.match(renewed, /BEGIN CERTIFICATE/);
  gateway.kill("SIGHUP");
  await eventually("the new certificate is shown", async () => (await shakeHands()).fingerprint !== old.fingerprint);
  assert.match(await curl("/health/live"), /"ok"/);
});

test("one file without the other, and files that do not fit, stop the gateway at its start", async () => {
  port += 1;
  try {
    const lonely = startGateway({ PAPERTAPE_TLS_CERTIFICATE_FILE: certificate });
    assert.equal(await lonely.ended, 1);
    assert.match(lonely.said, /PAPERTAPE_TLS_KEY_FILE/);
    const wrong = startGateway({ PAPERTAPE_TLS_CERTIFICATE_FILE: certificate, PAPERTAPE_TLS_KEY_FILE: `${directory}/none` });
    assert.equal(await wrong.ended, 1);
    assert.match(wrong.said, /the TLS key/);
  } finally {
    port -= 1;
  }
});
