#!/usr/bin/env python3
"""edge: a read and a live quote through the gateway, beside FastAPI, a bare Beast server, and itself counting in Redis.

packages: wrk python3-fastapi python3-uvicorn python3-sqlalchemy python3-psycopg2 python3-jwt python3-uvloop python3-httptools
"""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import resource
import socket
import subprocess
import time
import urllib.request
from datetime import datetime

import bench_report as report
import bench_servers as servers

CONNECTIONS = 64
IDLE = 10_000
THREADS = 4
SYMBOL = "AAPL"
PEER = report.ROOT / "tests" / "bench" / "peer"


def sign_token(user_id):
    """An access token as auth signs it."""
    def part(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=")
    now = int(time.time())
    claims = {"sub": str(user_id), "email": f"u{user_id}@bench", "role": "user", "jti": "bench", "sid": "bench",
              "iat": now, "nbf": now, "exp": now + 3600}
    secret = servers.SECRET_KEY.encode()
    key_id = hmac.digest(secret, b"papertape token key id", hashlib.sha256).hex()[:32]
    header = {"alg": "HS256", "typ": "JWT", "kid": key_id}
    text = part(json.dumps(header).encode()) + b"." + part(json.dumps(claims).encode())
    return (text + b"." + part(hmac.digest(secret, text, hashlib.sha256))).decode()


def get(url, token=None, data=None):
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers), timeout=5) as reply:
        return reply.read()


class Wrk:
    """One URL under load; each round adds its samples."""

    def __init__(self, url, token=None):
        self.url, self.token = url, token
        self.samples = {"requests_per_s": [], "p50_ms": [], "p99_ms": []}

    def run(self, seconds):
        header = ["-H", f"Authorization: Bearer {self.token}"] if self.token else []
        command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "20s", "--latency", *header, self.url]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        if "Non-2xx" in output or "Socket errors" in output:
            report.fail(f"{self.url} did not answer everything:\n{output}")
        return output

    def round(self, seconds):
        output = self.run(seconds)
        self.samples["requests_per_s"].append(float(re.search(r"Requests/sec:\s+([0-9.]+)", output)[1]))
        for share, name in (("50%", "p50_ms"), ("99%", "p99_ms")):
            number, unit = re.search(rf"^\s+{share}\s+([0-9.]+)(us|ms|s)$", output, re.MULTILINE).groups()
            self.samples[name].append(float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


@contextlib.contextmanager
def idle_connections(port, count):
    """Keep-alive connections that have asked once and then say nothing, held open inside the `with`."""
    held = []
    try:
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: bench\r\n\r\n")
            held.append(connection)
        for connection in held:
            if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
                report.fail("an idle connection was not answered")
        yield
        for connection in held:
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                connection.recv(1)
                report.fail("an idle connection was closed")
    finally:
        for connection in held:
            connection.close()


def gateway(directory, name, settings):
    """A gateway over the services of the directory; answers its port and the process, yet to be entered."""
    port = servers.free_port()
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": servers.SECRET_KEY, "REDIS_URL": os.environ["REDIS_URL"],
                   "PAPERTAPE_HTTP_LISTEN": f"127.0.0.1:{port}", "PAPERTAPE_HTTP_THREADS": str(THREADS),
                   "PAPERTAPE_HTTP_IDLE_TIMEOUT_MS": "3600000", **settings}
    return port, servers.process([report.PROGRAMS / "papertape-gateway"], directory / f"{name}.log", environment,
                                 f"http://127.0.0.1:{port}/health/live")


@contextlib.contextmanager
def papertape(directory):
    """The engine, the market and two gateways; answers the ports of the one without limits and of the one with."""
    database = servers.new_database("papertape")
    addresses = {f"PAPERTAPE_{name.replace('-', '_').upper()}_ADDRESS": f"unix:{directory}/{name}.sock"
                 for name in ("auth", "market-data", "trade-engine", "portfolio", "signal", "notification")}
    limits = {limit: {f"PAPERTAPE_RATE_LIMIT_{of}_PER_MINUTE": limit for of in ("USER", "ANONYMOUS", "LOGIN")}
              for limit in ("0", "1000000")}
    port, free = gateway(directory, "gateway", {**addresses, **limits["0"]})
    limited_port, limited = gateway(directory, "limited", {**addresses, **limits["1000000"]})
    with servers.service("market-data", directory, {"DATABASE_URL": database}), \
         servers.service("trade-engine", directory, {"DATABASE_URL": database, **addresses}), free, limited:
        yield port, limited_port, database


def fastapi(directory, port, database):
    """The peer, with the quickest event loop and HTTP parser that uvicorn knows."""
    environment = {"PATH": "/usr/bin:/bin", "SECRET_KEY": servers.SECRET_KEY, "DATABASE_URL": database}
    return servers.process(["/usr/bin/python3", "-m", "uvicorn", "portfolio_app:app", "--host", "127.0.0.1", "--port",
                            port, "--workers", 2, "--loop", "uvloop", "--http", "httptools", "--no-access-log"],
                           directory / "fastapi.log", environment, f"http://127.0.0.1:{port}/health", cwd=PEER)


def beast(directory, port, body):
    return servers.process([report.PROGRAMS / "papertape-bench-beast", port, THREADS, body.decode()],
                           directory / "beast.log", None, f"http://127.0.0.1:{port}/")


def same_portfolio(ours, peers):
    """Both bodies say the same; times may be spelt otherwise."""
    def values(body):
        return {name: datetime.fromisoformat(value) if name in ("created_at", "last_updated") else value
                for name, value in json.loads(body).items()}
    return values(ours) == values(peers)


def await_quote(url):
    deadline = time.monotonic() + 30
    while not servers.answers(url):
        if time.monotonic() > deadline:
            report.fail(f"{url} does not answer")
        time.sleep(0.1)
    return get(url)


def measure(options, directory):
    token = sign_token(1)
    rounds = 1 if options.quick else 3
    seconds = options.seconds / rounds / 7
    with papertape(directory) as (port, limited_port, database):
        ours = f"http://127.0.0.1:{port}"
        peer = f"http://127.0.0.1:{servers.free_port()}"
        constant = f"http://127.0.0.1:{servers.free_port()}"
        get(f"{ours}/portfolio/create", token, data=b"{}")
        quote = await_quote(f"{ours}/market/live/{SYMBOL}")
        with fastapi(directory, peer.rsplit(":", 1)[1], database), beast(directory, constant.rsplit(":", 1)[1], quote):
            if not same_portfolio(get(f"{ours}/portfolio/1", token), get(f"{peer}/portfolio/1", token)):
                report.fail("the peer does not answer the same portfolio")
            runs = {"portfolio": Wrk(f"{ours}/portfolio/1", token), "fastapi": Wrk(f"{peer}/portfolio/1", token),
                    "quote": Wrk(f"{ours}/market/live/{SYMBOL}"), "beast": Wrk(constant),
                    "limited": Wrk(f"http://127.0.0.1:{limited_port}/portfolio/1", token)}
            held = {"portfolio": Wrk(runs["portfolio"].url, token), "quote": Wrk(runs["quote"].url)}
            for run in runs.values():
                run.run(1)
            for number in range(rounds):
                report.note(f"round {number + 1} of {rounds}")
                for run in runs.values():
                    run.round(seconds)
                with idle_connections(port, IDLE):
                    for run in held.values():
                        run.round(seconds)
    return {name: run.samples for name, run in runs.items()}, {name: run.samples for name, run in held.items()}


def main():
    options = report.arguments(__doc__, seconds=72, quick_seconds=12)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    servers.run_inside_servers()
    with servers.scratch() as directory:
        runs, held = measure(options, directory)
    result = report.Report("edge")
    pairs = (("portfolio", "GET /portfolio/{user_id}, requests/s", "fastapi", 30),
             ("quote", "GET /market/live/{symbol}, requests/s", "beast", 0.6))
    for name, text, peer, target in pairs:
        ours, theirs = runs[name]["requests_per_s"], runs[peer]["requests_per_s"]
        result.compare(f"{name}_per_s", text, report.median(ours), peer, report.median(theirs),
                       report.median_ratio(ours, theirs), target)
    counted, free = runs["limited"]["requests_per_s"], runs["portfolio"]["requests_per_s"]
    result.compare("portfolio_per_s_counted", "the same, each counted in Redis: portfolio", report.median(counted),
                   "not_counted", report.median(free), report.median_ratio(counted, free), 0.6)
    for name, text, _, _ in pairs:
        ours, free = held[name]["requests_per_s"], runs[name]["requests_per_s"]
        result.compare(f"{name}_per_s_beside_idle", f"the same beside {IDLE:,} idle connections: {name}",
                       report.median(ours), "none_held", report.median(free), report.median_ratio(ours, free), 0.8)
    for name, _, peer, _ in pairs:
        for quantile in ("p50_ms", "p99_ms"):
            result.metric(f"{name}_{quantile}", report.median(runs[name][quantile]), f"{quantile[:3]} of {name}, ms")
            result.peer_metric(peer, f"{name}_{quantile}", report.median(runs[peer][quantile]), f"{quantile[:3]} of {peer}, ms")
    for quantile in ("p50_ms", "p99_ms"):
        result.metric(f"counted_{quantile}", report.median(runs["limited"][quantile]), f"{quantile[:3]} of counted, ms")
    result.print(options.json)


if __name__ == "__main__":
    main()
