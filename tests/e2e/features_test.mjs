// GET /stocks/{symbol}/features and /indicators: what a dashboard asks for, through the gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "./client.mjs";
import { suite } from "./suite.mjs";

const anyone = new Client(suite.url);
const features = (symbol, query = "") => anyone.expect(200, "GET", `/stocks/${symbol}/features${query}`);

test("the features that a dashboard shows come without being named", async (t) => {
  const answer = await features("%5EGSPC", "?limit=5");
  assert.equal(answer.symbol, "^GSPC");
  assert.equal(answer.indicators.length, 18);
  if (answer.features.length === 0) return t.skip("the embedded market was not fetched");
  assert.equal(answer.features.length, 5);
  for (const row of answer.features) {
    assert.match(row.date, /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(Object.keys(row).sort(), ["date", ...answer.indicators].sort());
    for (const name of answer.indicators) assert.equal(typeof row[name], "number", name);
  }
});

test("a value does not depend on the range, and before the look-back there is none", async (t) => {
  const wide = await features("%5EGSPC", "?indicators=rsi_7,sma_20&start=2000-01-01&limit=60");
  if (wide.features.length === 0) return t.skip("the embedded market was not fetched");
  assert.deepEqual(wide.features[0], { date: "2000-01-03", rsi_7: null, sma_20: null });
  assert.equal(wide.features[6].rsi_7, null);
  assert.equal(typeof wide.features[7].rsi_7, "number");
  const narrow = await features("%5EGSPC", `?indicators=sma_20,rsi_7&start=${wide.features[40].date}&limit=1`);
  assert.deepEqual(narrow.features, [wide.features[40]]);
  const next = await features("%5EGSPC", `?indicators=sma_20,rsi_7&cursor=${narrow.next_cursor}&limit=1`);
  assert.deepEqual(next.features, [wide.features[41]]);
});

test("what is wrong with a name is said, with the nearest right one", async () => {
  const refused = await anyone.expect(400, "GET", "/stocks/AAPL/features?indicators=rsi_14,macd_singal&limit=-1");
  const said = Object.fromEntries(refused.errors.map((error) => [error.field, error.message]));
  assert.match(said.indicators, /"macd_singal" is unknown; the nearest is macd_signal, .*GET \/indicators/);
  assert.ok(said.limit);
  assert.equal((await anyone.expect(404, "GET", "/stocks/NOPE/features")).code, "UNKNOWN_SYMBOL");
});

test("where nothing is recorded there are no rows", async () => {
  const empty = await features("AAPL", "?indicators=bbands_10&interval=1m");
  assert.deepEqual(empty.features, []);
  assert.deepEqual(empty.indicators, ["bbands_upper_10", "bbands_middle_10", "bbands_lower_10"]);
});

test("every feature that the list of indicators names can be asked for", async () => {
  const { indicators, default_features } = await anyone.expect(200, "GET", "/indicators");
  assert.equal(default_features.length, 18);
  assert.ok(indicators.length >= 60);
  const names = indicators.flatMap((indicator) => indicator.features);
  for (let i = 0; i < names.length; i += 32) {
    const some = names.slice(i, i + 32);
    assert.deepEqual((await features("%5EGSPC", `?limit=1&indicators=${some}`)).indicators, some);
  }
  const rsi = (await anyone.expect(200, "GET", "/indicators?search=strength")).indicators.find((one) => one.name === "rsi");
  assert.deepEqual(rsi.parameters, [{ name: "period", default_value: 14, minimum: 2, maximum: 5000, whole: true }]);
  assert.equal(rsi.talib, "RSI");
});
