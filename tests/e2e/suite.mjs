// The suite that tests/e2e/with_suite started.
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { Client, eventually } from "./client.mjs";

export const suite = JSON.parse(readFileSync(`${process.env.SUITE_STATE}/e2e.json`, "utf8"));

// The secret that signs tokens and vouches for calls between services.
export function secretKey() {
  return readFileSync(`${suite.state}/secrets.env`, "utf8").match(/^SECRET_KEY=(.*)$/m)[1];
}

// A new user who is an administrator, signed in.
export async function administrator() {
  const admin = await Client.newUser(suite.url, "admin");
  papertape(`admin ${admin.user.email}`);
  await admin.signIn();
  return admin;
}

// The script, with this suite's state, ports and settings.
export function papertape(command) {
  return execFileSync("bash", ["-c", `${suite.command} ${command}`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

// The pid of one process of the suite, as its pid file says.
export function pidOf(name) {
  const run = `${suite.state}/run`;
  return Number(readFileSync(`${run}/${name}.pid`, "utf8").split(" ")[0]);
}

// Gone, or a zombie that nobody has waited for.
function isDead(pid) {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

// Death takes a moment: without the wait `up` may still find the process alive and leave it alone.
export async function killed(name) {
  const pid = pidOf(name);
  process.kill(pid, "SIGKILL");
  await eventually(`${name} is dead`, async () => isDead(pid));
}

// The program of one process of the suite.
export function programPath(name) {
  return readlinkSync(`/proc/${pidOf(name)}/exe`);
}

// The settings that one process of the suite was started with.
export function environmentOf(name) {
  const lines = readFileSync(`/proc/${pidOf(name)}/environ`, "utf8").split("\0").filter(Boolean);
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)));
}
