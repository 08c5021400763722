// One user of a running suite, over HTTP and WebSocket, as any client would be.
import WebSocket from "ws";

// A price or amount as millionths: JSON numbers are doubles, and below nine billion these are exact.
export const micros = (amount) => Math.round(amount * 1e6);

export class Client {
  constructor(url) {
    this.url = url;
    this.token = undefined;
  }

  // {status, headers, body}; body is parsed when it is JSON. `body` is sent as JSON, or as it is when it is text or bytes.
  async request(method, path, { body, headers = {}, token = this.token } = {}) {
    const raw = typeof body === "string" || body instanceof Uint8Array;
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: body === undefined || raw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    const json = /[/+]json/.test(answer.headers.get("content-type") ?? "");
    return { status: answer.status, headers: answer.headers, body: json ? JSON.parse(text) : text };
  }

  // The body of an answer that must have `status`.
  async expect(status, method, path, options) {
    const answer = await this.request(method, path, options);
    if (answer.status !== status) {
      throw new Error(`${method} ${path}: ${answer.status} in place of ${status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  // Registers a user whom nobody has registered before, and signs in.
  static async newUser(url, name = "trader") {
    const client = new Client(url);
    const email = `${name}.${Date.now()}.${Math.floor(Math.random() * 1e6)}@example.com`;
    client.credentials = { email, password: "correct horse battery" };
    client.user = await client.expect(201, "POST", "/auth/register", { body: client.credentials });
    await client.signIn();
    return client;
  }

  async signIn() {
    this.session = await this.expect(200, "POST", "/auth/login", { body: this.credentials });
    this.token = this.session.access_token;
  }

  // The stream /ws/{user_id}, open and signed in.
  async stream(userId = this.user.id) {
    const socket = new WebSocket(`${this.url.replace(/^http/, "ws")}/ws/${userId}?token=${this.token}`);
    const stream = new Stream(socket);
    await stream.opened;
    await stream.next("answer to the token", (frame) => frame.type === "authenticated");
    return stream;
  }
}

// Frames of one WebSocket, kept in order; `next` waits for the first one, old or new, that fits.
export class Stream {
  constructor(socket) {
    this.socket = socket;
    this.frames = [];
    this.waiting = new Set();
    this.opened = new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
      socket.once("unexpected-response", (_, answer) => {
        socket.terminate();
        reject(new Error(`the WebSocket was refused with ${answer.statusCode}`));
      });
    });
    this.closed = new Promise((resolve) => socket.once("close", (code) => resolve(code)));
    socket.on("message", (data) => {
      this.frames.push(JSON.parse(data));
      for (const waiter of this.waiting) waiter();
    });
  }

  send(frame) {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  next(what, fits, timeoutMs = 10_000) {
    return new Promise((resolve, reject) => {
      let seen = 0;
      const look = () => {
        while (seen < this.frames.length) {
          const frame = this.frames[seen++];
          if (!fits(frame)) continue;
          clearTimeout(timer);
          this.waiting.delete(look);
          resolve(frame);
          return;
        }
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`no ${what} came over the WebSocket within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      this.waiting.add(look);
      look();
    });
  }

  async close() {
    this.socket.close();
    return this.closed;
  }
}

// Asks until `answer` is something; fails with `what` after the deadline.
export async function eventually(what, ask, timeoutMs = 10_000, everyMs = 50) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
