// The mails that the suite has written to files, where `./papertape up` says.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Client, eventually } from "./client.mjs";
import { suite } from "./suite.mjs";

export const newAddress = (name) => `${name}.${Date.now()}.${Math.floor(Math.random() * 1e6)}@example.com`;

// The mails to one address, oldest first.
export function mailsTo(email) {
  const directory = `${suite.state}/mail`;
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".eml"))
    .sort()
    .map((name) => readFileSync(`${directory}/${name}`, "utf8"))
    .filter((text) => text.includes(`\r\nTo: <${email}>\r\n`));
}

export const mailWith = (email, text) =>
  eventually(`a mail to ${email} with "${text}"`, () => mailsTo(email).find((mail) => mail.includes(text)));

// A code to sign in with, as its owner reads it.
export async function newCode(email, mount = "") {
  const body = { email };
  const answer = await new Client(suite.url + mount).expect(200, "POST", "/auth/request-otp", { body });
  assert.equal(answer.expires_in, 600);
  return (await mailWith(email, "Your code is")).match(/Your code is (\d{6})/)[1];
}
