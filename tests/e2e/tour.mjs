// The tour of README.md: ten requests against a running suite, with the answers as they come.
// usage: node tour.mjs URL README.md      (fresh suite; replaces what stands between the marks)
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Client } from "./client.mjs";

const [url, readme] = process.argv.slice(2);
const parts = [];
const variables = {};

// Runs the command as it will be printed, with the shell's variables as the reader would have them.
function ask(title, command, keep = {}) {
  const text = execFileSync("bash", ["-c", command], { encoding: "utf8", env: { ...process.env, ...variables } });
  const answer = JSON.parse(text);
  for (const [name, field] of Object.entries(keep)) variables[name] = String(answer[field]);
  parts.push(`**${parts.length + 1}. ${title}**\n\n\`\`\`\n$ ${command}\n${shown(answer)}\n\`\`\`\n`);
  return answer;
}

// One value as JSON in lines of at most 120 columns; long lists, event data and the token are cut short.
function shown(value) {
  const short = (name, part) => {
    if (Array.isArray(part) && part.length > 2) return part.slice(0, 2);
    if (name === "data") return "...";
    return name === "access_token" ? `${part.slice(0, 16)}...` : part;
  };
  const words = JSON.stringify(value, short, 1).split(/\n\s*/);
  const lines = [words.shift()];
  for (const word of words) {
    if (lines.at(-1).length + word.length < 119) lines[lines.length - 1] += ` ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join("\n");
}

const json = `-H 'Content-Type: application/json'`;
const bearer = `-H "Authorization: Bearer $TOKEN"`;
const credentials = `"email":"ada@example.com","password":"correct horse"`;

ask("Who is there", `curl -s ${url}/health`);
ask("A live price, without an account", `curl -s ${url}/market/live/AAPL`);
ask(
  "Real bars: the S&P 500 (the first two of them)",
  `curl -s '${url}/stocks/%5EGSPC/prices?start=2008-10-13&limit=2'`,
);
ask("Register", `curl -s ${url}/auth/register ${json} -d '{${credentials}}'`, { ID: "id" });
ask("Sign in, and keep the token: `TOKEN=...`", `curl -s ${url}/auth/login ${json} -d '{${credentials}}'`, {
  TOKEN: "access_token",
});
ask("Open the paper account", `curl -s ${url}/portfolio/create ${bearer} ${json} -d '{}'`);
const client = new Client(url);
client.token = variables.TOKEN;
const stream = await client.stream(variables.ID);
const subscribe = { type: "subscribe", tickers: ["AAPL"] };
stream.send(subscribe);
const priced = await stream.next("price", (frame) => frame.type === "price_update");
const { price } = await new Client(url).expect(200, "GET", "/market/live/AAPL");
const stop = (price * 0.9995).toFixed(2);
const trade = ask(
  "Buy ten, with a stop right below the price",
  `curl -s ${url}/trades/create ${bearer} ${json} -d '{"symbol":"AAPL","trade_type":"BUY","quantity":10,"stop_loss":${stop}}'`,
  { TRADE: "trade_id" },
);
const alert = await stream.next("alert", (frame) => frame.trade_id === trade.trade_id, 600_000);
await stream.close();
ask("Some moments later the engine has closed it: `TRADE=...`", `curl -s ${url}/trades/$TRADE ${bearer}`);
ask("The account says so", `curl -s ${url}/portfolio/me ${bearer}`);
ask("And the feed (the newest two)", `curl -s ${url}/notifications/ ${bearer}`);

const text = readFileSync(readme, "utf8");
const [before, rest] = text.split("<!-- tour -->");
const after = rest.split("<!-- /tour -->")[1];
const frames = [`> ${JSON.stringify(subscribe)}`, `< ${JSON.stringify(priced)}`, `< ${JSON.stringify(alert)}`].join(
  "\n",
);
const streamed = `Meanwhile on the WebSocket of the same user, \`/ws/${variables.ID}?token=$TOKEN\`:\n\n\`\`\`\n${frames}\n\`\`\`\n`;
writeFileSync(readme, `${before}<!-- tour -->\n\n${parts.join("\n")}\n${streamed}\n<!-- /tour -->${after}`);
