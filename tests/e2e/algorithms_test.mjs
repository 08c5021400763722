// Suites that sign with a key pair: the whole flow, tokens that a stranger verifies by the published key, and keys that change.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import * as jose from "jose";
import { Client } from "./client.mjs";

const run = promisify(execFile);
const withSuite = new URL("with_suite", import.meta.url).pathname;

const generate = {
  RS256: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  ES256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
};

// The files of a new key pair.
function makeKeyPair(algorithm, path) {
  const pair = { privateFile: `${path}.pem`, publicFile: `${path}.pub.pem` };
  execFileSync("openssl", ["genpkey", ...generate[algorithm], "-out", pair.privateFile], { stdio: "ignore" });
  execFileSync("openssl", ["pkey", "-in", pair.privateFile, "-pubout", "-out", pair.publicFile]);
  return pair;
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url"));

// The claims of `token` under another header, signed by `signer(text)`.
function forged(token, header, signer) {
  const text = `${encode(header)}.${token.split(".")[1]}`;
  return `${text}.${Buffer.from(signer(text)).toString("base64url")}`;
}

for (const algorithm of ["RS256", "ES256"]) {
  describe(`a suite that signs with ${algorithm}`, () => {
    const state = `${process.env.SUITES}/${algorithm}`;
    let suite, client, keys, pair;

    // The script, with this suite's state and ports.
    const papertape = (command, settings) =>
      run("bash", ["-c", `${suite.command} ${command}`], { env: { ...process.env, ...settings }, maxBuffer: 1 << 24 });
    const settingsOf = ({ privateFile, publicFile }, previous = "") => ({
      JWT_ALGORITHM: algorithm,
      JWT_PRIVATE_KEY_FILE: privateFile,
      JWT_PUBLIC_KEY_FILE: publicFile,
      JWT_PREVIOUS_PUBLIC_KEY_FILES: previous,
    });
    const verify = (token) => jose.jwtVerify(token, keys, { algorithms: [algorithm], subject: String(client.user.id) });
    const published = () => client.expect(200, "GET", "/.well-known/jwks.json");

    before(async () => {
      mkdirSync(`${state}.keys`, { recursive: true });
      pair = makeKeyPair(algorithm, `${state}.keys/first`);
      await run(withSuite, ["up", state, process.env.PRESET], { env: { ...process.env, ...settingsOf(pair) } });
      suite = JSON.parse(readFileSync(`${state}/e2e.json`, "utf8"));
      client = await Client.newUser(suite.url, algorithm.toLowerCase());
      keys = jose.createRemoteJWKSet(new URL(`${suite.url}/.well-known/jwks.json`), { cooldownDuration: 0 });
    });
    after(() => run(withSuite, ["down", state, process.env.PRESET]));

    test("a stranger verifies tokens with the published key, which is named by its thumbprint", async () => {
      const { payload, protectedHeader } = await verify(client.token);
      assert.equal(protectedHeader.alg, algorithm);
      assert.equal(payload.email, client.user.email);
      const [jwk, ...others] = (await published()).keys;
      assert.deepEqual(others, []);
      assert.equal(jwk.kid, protectedHeader.kid);
      assert.equal(await jose.calculateJwkThumbprint(jwk), jwk.kid);
      for (const secret of ["d", "p", "q", "k"]) assert.ok(!(secret in jwk), `${secret} is published`);
    });

    test("sign-in, me, refresh, an API key and logout hold", async () => {
      assert.equal((await client.expect(200, "GET", "/auth/me")).email, client.user.email);
      assert.equal((await client.expect(200, "GET", "/auth/verify-token")).valid, true);
      const body = { refresh_token: client.session.refresh_token };
      const next = await client.expect(200, "POST", "/auth/refresh", { body });
      await verify(next.access_token);
      const key = await client.expect(201, "POST", "/auth/api-keys", { body: { name: "bot", scopes: ["read"] } });
      const exchanged = await client.expect(200, "POST", "/auth/api-keys/token", { body: key });
      await verify(exchanged.access_token);
      await client.expect(200, "GET", "/auth/me", { token: exchanged.access_token });
      await client.expect(200, "POST", "/auth/logout", { body: {}, token: next.access_token });
      assert.equal((await client.request("GET", "/auth/me", { token: next.access_token })).body.code, "SESSION_ENDED");
      await client.signIn();
    });

    test("the demo holds, from registration to a stop", async () => {
      const { stdout } = await papertape("demo", settingsOf(pair));
      assert.match(stdout, /All of the demo held/);
    });

    test("a token of any other key or algorithm is refused", async () => {
      const header = decode(client.token.split(".")[0]);
      const stranger = makeKeyPair(algorithm, `${state}.keys/stranger`);
      const strangerKey = createPrivateKey(readFileSync(stranger.privateFile));
      const strangerJwk = createPublicKey(readFileSync(stranger.publicFile)).export({ format: "jwk" });
      const bySecret = (key) => (text) => createHmac("sha256", key).update(text).digest();
      const byStranger = (text) => sign("sha256", Buffer.from(text), { key: strangerKey, dsaEncoding: "ieee-p1363" });
      const publicPem = readFileSync(pair.publicFile, "utf8");
      const secretKey = readFileSync(`${state}/secrets.env`, "utf8").match(/^SECRET_KEY=(.*)$/m)[1];
      const forgeries = {
        "HS256 with the public key as its secret": [{ ...header, alg: "HS256" }, bySecret(publicPem)],
        "HS256 with the public key, trimmed": [{ ...header, alg: "HS256" }, bySecret(publicPem.trim())],
        "HS256 with the suite's secret": [{ ...header, alg: "HS256" }, bySecret(secretKey)],
        "no algorithm": [{ ...header, alg: "none" }, () => ""],
        "another key under this one's name": [header, byStranger],
        "another key that the header brings along": [{ ...header, jwk: strangerJwk }, byStranger],
        "another key at an address": [{ ...header, jku: "http://127.0.0.1:9/jwks.json" }, byStranger],
      };
      for (const [name, [changed, signer]] of Object.entries(forgeries)) {
        const answer = await client.request("GET", "/auth/me", { token: forged(client.token, changed, signer) });
        assert.equal(answer.status, 401, name);
        assert.equal(answer.body.code, "INVALID_TOKEN", name);
      }
      await client.expect(200, "GET", "/auth/me");
    });

    test("a new key signs from now on, and tokens of the one before hold", async () => {
      const old = client.token;
      const next = makeKeyPair(algorithm, `${state}.keys/second`);
      await papertape("up", settingsOf(next, pair.publicFile));
      await client.signIn();
      const kid = (token) => decode(token.split(".")[0]).kid;
      assert.notEqual(kid(client.token), kid(old));
      assert.deepEqual((await published()).keys.map((key) => key.kid), [kid(client.token), kid(old)]);
      for (const token of [old, client.token]) {
        await verify(token);
        await client.expect(200, "GET", "/auth/me", { token });
        await client.expect(200, "GET", "/trades", { token });
      }
    });
  });
}
