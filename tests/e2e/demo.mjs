// The whole flow against a running suite, with its real answers: register, sign in, open the paper account, buy with a
// tight stop, wait for the engine to close the trade, and see that account, feed and stream say the same.
// usage: node demo.mjs URL     exit 0: everything held; the last line is `user_id trade_id` for the check of the ledger.
import { Client, eventually, micros } from "./client.mjs";

const url = process.argv[2];
const symbols = ["AAPL", "MSFT", "AMZN", "GOOG", "IBM"];
const quantity = 10;
const deposit = 100_000;

const show = (title, value) => {
  console.log(`\n\x1b[1m${title}\x1b[0m`);
  if (value !== undefined) console.log("  " + JSON.stringify(value, null, 1).replace(/\n\s*/g, " "));
};
const cents = (price) => Math.round(price * 100) / 100;
const must = (held, what) => {
  if (!held) throw new Error(`not so: ${what}`);
  console.log(`  \x1b[32mholds\x1b[0m ${what}`);
};

// Signing in is limited to a few times a minute: whoever runs the demo again at once waits for the next minute.
async function patiently(client, status, method, path, options) {
  for (;;) {
    const answer = await client.request(method, path, options);
    if (answer.status === status) return answer.body;
    if (answer.status !== 429) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const seconds = Number(answer.headers.get("retry-after") ?? 10);
    console.log(`  429: too many sign-ins within a minute; again in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

async function main() {
  const email = `demo.${Date.now()}@example.com`;
  const password = "correct horse battery";
  const client = new Client(url);

  client.user = await patiently(client, 201, "POST", "/auth/register", { body: { email, password } });
  show("POST /auth/register", client.user);

  const session = await patiently(client, 200, "POST", "/auth/login", { body: { email, password } });
  client.token = session.access_token;
  const short = (token) => `${token.slice(0, 20)}...`;
  const { access_token, refresh_token } = session;
  show("POST /auth/login", { ...session, access_token: short(access_token), refresh_token: short(refresh_token) });

  const opened = await client.expect(201, "POST", "/portfolio/create", { body: { initial_margin: deposit } });
  show("POST /portfolio/create", opened);

  const stream = await client.stream();
  stream.send({ type: "subscribe", tickers: symbols });
  const first = await stream.next("price", (frame) => frame.type === "price_update");
  show(`WS /ws/${client.user.id}`, first);

  const bought = [];
  for (const symbol of symbols) {
    const { price } = await client.expect(200, "GET", `/market/live/${symbol}`);
    const body = {
      symbol,
      trade_type: "BUY",
      quantity,
      stop_loss: cents(price * 0.9995),
      target_price: cents(price * 1.0025),
    };
    bought.push(await client.expect(201, "POST", "/trades/create", { body }));
  }
  show(`POST /trades/create (the first of ${bought.length})`, bought[0]);

  console.log("\nWaiting for a stop (0.05 % below the entry) to be reached ...");
  // The stream tells first; a target may be reached before a stop, and the next alert is waited for.
  const ours = new Map(bought.map((trade) => [trade.trade_id, trade]));
  let alert, trade;
  do {
    const isOurs = (frame) => frame.type === "alert" && ours.delete(frame.trade_id);
    alert = await stream.next("alert of a stop", isOurs, 180_000);
    trade = await client.expect(200, "GET", `/trades/${alert.trade_id}`);
  } while (trade.status === "TARGET_HIT");
  show("WS alert", alert);
  must(alert.ticker === trade.symbol, "the WebSocket delivered the alert of this trade");
  show(`GET /trades/${trade.trade_id}`, trade);
  must(trade.status === "STOP_LOSS_HIT" && trade.exit_reason === "stop_loss", "the trade was closed by its stop");
  must(
    micros(trade.exit_price) <= micros(trade.stop_loss),
    `a long closes at or below its stop: ${trade.exit_price} <= ${trade.stop_loss}`,
  );
  must(
    micros(trade.pnl) === (micros(trade.exit_price) - micros(trade.entry_price)) * quantity - micros(trade.fees),
    `profit and loss is (exit - entry) * quantity - fees: ${trade.pnl}`,
  );
  const receipt = await client.expect(200, "GET", `/trades/${trade.trade_id}/receipt`);
  show(`GET /trades/${trade.trade_id}/receipt`, { ...receipt, fills: receipt.fills.map((fill) => fill.explanation) });
  must(receipt.agrees, "its receipt, made again from the stored quotes, agrees with the record");

  const all = await client.expect(200, "POST", `/trades/exit-all/${client.user.id}`, { body: {} });
  show("POST /trades/exit-all", all);
  const account = await client.expect(200, "GET", `/portfolio/${client.user.id}`);
  show(`GET /portfolio/${client.user.id}`, account);
  must(account.utilized_margin === 0, "no margin is held any more");
  must(
    micros(account.available_margin) + micros(account.utilized_margin) === micros(deposit) + micros(account.total_pnl),
    `available + utilized = deposit + profit and loss: ${account.available_margin} = ${deposit} + ${account.total_pnl}`,
  );
  let sum = 0;
  for (const { trade_id } of bought) sum += micros((await client.expect(200, "GET", `/trades/${trade_id}`)).pnl);
  must(sum === micros(account.total_pnl), "the trades' profits and losses sum to the account's");

  const told = await eventually(
    "the feed tells of the stop",
    async () => {
      const feed = await client.expect(200, "GET", "/notifications/?unread=true&size=50");
      const entry = feed.notifications.find((n) => n.type === "trade_auto_closed" && n.message.includes(trade.symbol));
      return entry && { entry, unread_count: feed.unread_count };
    },
    10_000,
    500,
  );
  show("GET /notifications/ (without the event's data)", { ...told.entry, data: "..." });
  must(told.unread_count > 0, `${told.unread_count} notifications are unread`);
  await stream.close();
  console.log(`\nledger ${client.user.id} ${trade.trade_id}`);
}

main().catch((error) => {
  console.error(`\n\x1b[1;31mThe demo failed:\x1b[0m ${error.message}`);
  process.exit(1);
});
