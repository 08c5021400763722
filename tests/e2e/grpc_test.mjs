// The services over gRPC, by a client that has the protos alone: reflection, health, calls with and without a token.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import { Client } from "./client.mjs";
import { suite } from "./suite.mjs";

const services = {
  51: ["papertape.auth.v1.AuthService"],
  52: [
    "papertape.market_data.v1.CalendarService",
    "papertape.market_data.v1.IndicatorService",
    "papertape.market_data.v1.MarketDataService",
  ],
  53: ["papertape.trade_engine.v1.AccountService", "papertape.trade_engine.v1.TradeService"],
  54: ["papertape.portfolio.v1.PortfolioService"],
  55: ["papertape.signal.v1.FormulaService", "papertape.signal.v1.SignalService"],
  56: ["papertape.notification.v1.NotificationService"],
};
const address = (offset) => `127.0.0.1:${suite.ports + Number(offset)}`;
const load = (file, folder = suite.protos) =>
  grpc.loadPackageDefinition(
    loader.loadSync(file, { includeDirs: [folder], keepCase: true, longs: Number, enums: String }),
  );
const deadline = () => new Date(Date.now() + 10_000);
const call = (stub, method, request, metadata = new grpc.Metadata()) =>
  new Promise((resolve, reject) =>
    stub[method](request, metadata, { deadline: deadline() }, (error, reply) =>
      error ? reject(error) : resolve(reply),
    ),
  );

const open = [];
const stub = (Type, offset) => {
  open.push(new Type(address(offset), grpc.credentials.createInsecure()));
  return open.at(-1);
};
after(() => open.forEach((client) => client.close()));

let user;
before(async () => {
  user = await Client.newUser(suite.url, "grpc");
});

for (const [offset, names] of Object.entries(services)) {
  test(`reflection on port ..${offset} lists ${names.join(", ")}`, async () => {
    const { ServerReflection } = load("reflection.proto", import.meta.dirname).grpc.reflection.v1alpha;
    const stream = stub(ServerReflection, offset).ServerReflectionInfo({ deadline: deadline() });
    const listed = await new Promise((resolve, reject) => {
      stream.on("data", resolve);
      stream.on("error", reject);
      stream.write({ list_services: "*" });
    });
    stream.end();
    const found = listed.list_services_response.service.map((service) => service.name);
    for (const name of [...names, "grpc.health.v1.Health"])
      assert.ok(found.includes(name), `${name} is not in ${found}`);
  });
}

test("a public method needs no token", async () => {
  const { MarketDataService } = load("papertape/market_data/v1/market_data_service.proto").papertape.market_data.v1;
  const quote = await call(stub(MarketDataService, 52), "GetQuote", { symbol: "AAPL" });
  assert.equal(quote.symbol, "AAPL");
  assert.ok(quote.price.micros > 0);
  assert.ok(quote.source);
});

test("a user's method takes the bearer token and refuses to do without", async () => {
  const { AccountService, TradeService } = {
    ...load("papertape/trade_engine/v1/account_service.proto").papertape.trade_engine.v1,
    ...load("papertape/trade_engine/v1/trade_service.proto").papertape.trade_engine.v1,
  };
  const metadata = new grpc.Metadata();
  metadata.set("authorization", `Bearer ${user.token}`);
  const accounts = stub(AccountService, 53);
  const account = await call(accounts, "CreatePortfolio", {}, metadata);
  assert.equal(account.user_id, user.user.id);
  const order = { symbol: "AAPL", trade_type: "TRADE_TYPE_BUY", quantity: { micros: 1_000_000 } };
  const trade = await call(stub(TradeService, 53), "CreateTrade", order, metadata);
  assert.equal(trade.status, "TRADE_STATUS_ACTIVE");
  await assert.rejects(call(accounts, "GetPortfolio", { user_id: "me" }), { code: grpc.status.UNAUTHENTICATED });
});

test("a method between services is refused to a user", async () => {
  const { MarketDataService } = load("papertape/market_data/v1/market_data_service.proto").papertape.market_data.v1;
  const metadata = new grpc.Metadata();
  metadata.set("authorization", `Bearer ${user.token}`);
  const stream = stub(MarketDataService, 52).StreamQuotes(metadata, { deadline: deadline() });
  const error = await new Promise((resolve, reject) => {
    stream.on("data", (batch) => reject(new Error(`got ${JSON.stringify(batch)}`)));
    stream.on("error", resolve);
    stream.write({ add: ["*"] });
  });
  assert.ok([grpc.status.PERMISSION_DENIED, grpc.status.UNAUTHENTICATED].includes(error.code), error.message);
});
