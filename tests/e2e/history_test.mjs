// Prices of the past with providers' keys set and their addresses pointed at fakes: the first in the order is asked; when
// it dies the next one is, within the deadline, and job and answer say whose the bars are.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { Client, eventually } from "./client.mjs";
import { administrator, environmentOf, killed, papertape, programPath, suite } from "./suite.mjs";

const key = "key-of-the-fake";
const leaseMs = 20_000;
const deadlineMs = leaseMs / 2; // of one question to the whole chain
const anyone = new Client(suite.url);
const files = mkdtempSync(join(tmpdir(), "papertape-history-"));
let fakeProgram;
let admin;

// One process, which tells what all providers would; each test of a dead provider kills a process of its own.
class FakeProvider {
  async start(port = 0) {
    this.process = spawn(fakeProgram, [String(port)], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await new Promise((resolve, reject) => {
      createInterface({ input: this.process.stdout }).once("line", (text) => resolve([text]));
      this.process.once("exit", (code) => reject(new Error(`fake-providers ended with ${code}`)));
    });
    this.port = Number(line.match(/:(\d+)$/)[1]);
  }
  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await gone;
  }
}
const polygon = new FakeProvider();
const tiingo = new FakeProvider();

// What the embedded market has, and a week of MSFT that nobody else is needed for.
function recordFiles() {
  const recorded = environmentOf("market-data").PAPERTAPE_MARKET_FILES;
  for (const name of recorded ? readdirSync(recorded) : []) symlinkSync(join(recorded, name), join(files, name));
  const days = ["22", "23", "24", "25", "26"].map((day) => `2024-01-${day},420,422,418,421,1000`);
  writeFileSync(join(files, "MSFT.csv"), ["date,open,high,low,close,volume", ...days, ""].join("\n"));
}

before(async () => {
  fakeProgram = join(dirname(programPath("market-data")), "fake-providers");
  await Promise.all([polygon.start(), tiingo.start()]);
  recordFiles();
  await killed("market-data");
  const settings =
    `POLYGON_API_KEY=${key} PAPERTAPE_POLYGON_URL=http://127.0.0.1:${polygon.port}/polygon PAPERTAPE_POLYGON_PER_MINUTE=0 ` +
    `TIINGO_API_KEY=${key} PAPERTAPE_TIINGO_URL=http://127.0.0.1:${tiingo.port}/tiingo PAPERTAPE_TIINGO_PER_HOUR=0 ` +
    `PAPERTAPE_PROVIDERS=polygon,tiingo PAPERTAPE_INGESTION_LEASE_MS=${leaseMs} PAPERTAPE_MARKET_FILES='${files}'`;
  execFileSync("bash", ["-c", `${settings} ${suite.command} up`], { stdio: "ignore" });
  admin = await administrator();
});

after(async () => {
  await Promise.all([polygon.kill(), tiingo.kill()]);
  await killed("market-data");
  papertape("up");
  rmSync(files, { recursive: true });
});

const start = (symbol, first, last) =>
  admin.expect(202, "POST", "/data/ingest/stocks", { body: { symbols: [symbol], start: first, end: last } });
const find = async ({ job_id }) => {
  const job = await admin.expect(200, "GET", `/data/jobs/${job_id}`);
  return { ...job, task: job.tasks[0] };
};
const ended = (job, timeoutMs = 30_000) =>
  eventually(
    "the job has ended",
    async () => {
      const now = await find(job);
      return now.finished_at !== null && now;
    },
    timeoutMs,
  );
const prices = (symbol, first, last) => anyone.expect(200, "GET", `/stocks/${symbol}/prices?start=${first}&end=${last}`);

// The job of one stretch, done by `source` with `bars` bars in time; what else it says is the answer.
async function ingested(symbol, first, last, { source, bars }) {
  const job = await ended(await start(symbol, first, last));
  assert.equal(job.status, "done", JSON.stringify(job.task));
  assert.equal(job.task.source, source);
  assert.equal(job.task.bars_added, bars);
  const took = Date.parse(job.finished_at) - Date.parse(job.started_at);
  assert.ok(took <= deadlineMs, `it took ${took} ms`);
  const answer = await prices(symbol, first, last);
  assert.equal(answer.source, source);
  assert.equal(answer.prices.length, bars);
  return job.task.remark;
}

test("the provider whose key is set is asked first, and everything read says so", async () => {
  const remark = await ingested("MSFT", "2024-01-08", "2024-01-12", { source: "polygon", bars: 5 });
  assert.equal(remark, null);
  const latest = await anyone.expect(200, "GET", "/stocks/MSFT/latest");
  assert.equal(latest.bar_source, "polygon");
  assert.equal(latest.source, "simulator"); // neither provider tells live prices
  assert.ok(latest.bar.close > 300 && latest.bar.close < 500, `${latest.bar.close}`);
});

test("when it is killed the next one answers the same request within the deadline, and both are named", async () => {
  await polygon.kill();
  const remark = await ingested("MSFT", "2024-01-15", "2024-01-19", { source: "tiingo", bars: 4 }); // a holiday
  assert.match(remark, /polygon/);
  assert.equal((await prices("MSFT", "2024-01-08", "2024-01-19")).source, "polygon, tiingo");
  assert.equal((await prices("MSFT", "2024-01-08", "2024-01-12")).source, "polygon");
});

test("when all are killed the recorded files answer, within the deadline", async () => {
  await tiingo.kill();
  const remark = await ingested("MSFT", "2024-01-22", "2024-01-26", { source: "embedded", bars: 5 });
  assert.match(remark, /polygon.*tiingo/);
  await eventually("the operator sees who is left alone", async () =>
    /market-data .*ready; left alone: polygon, tiingo/.test(papertape("status")),
  );
});

test("what only a dead provider knows waits, says why, and comes when it is back", async () => {
  const job = await start("IBM", "2024-01-08", "2024-01-12");
  const waiting = await eventually("the job says what it waits for", async () => {
    const now = await find(job);
    return now.task.error_code !== null && now;
  });
  assert.equal(waiting.task.error_code, "PROVIDER_UNAVAILABLE");
  assert.match(waiting.task.remark, /polygon/);
  assert.equal(waiting.finished_at, null);
  assert.deepEqual((await prices("IBM", "2024-01-08", "2024-01-12")).prices, []);
  await polygon.start(polygon.port);
  const done = await ended(job, 60_000);
  assert.equal(done.status, "done", JSON.stringify(done.task));
  assert.equal(done.task.source, "polygon");
  assert.equal(done.task.bars_added, 5);
});

test("the key is in no log", () => {
  assert.ok(!readFileSync(`${suite.state}/logs/market-data.log`, "utf8").includes(key));
});
