#!/usr/bin/env python3
"""orders: durable paper trades a second through gRPC, beside pgbench writing the same rows an order a transaction.

packages: -
"""
import glob
import os
import re
import subprocess

import bench_report as report
import bench_servers as servers

IN_FLIGHT = 256
CLIENTS = 32
USERS = 1000
PEER = report.ROOT / "tests" / "bench" / "peer"
SCHEMA = report.ROOT / "services" / "trade_engine" / "store" / "migrations"


def peer_database(name):
    """The trade engine's own tables, with as many accounts, for pgbench."""
    url = servers.new_database(name)
    for migration in sorted(SCHEMA.glob("V*.sql")):
        if not migration.name.endswith(".down.sql"):
            servers.psql(url, migration.read_text())
    servers.psql(url, f"""
        insert into transfers select n, 1, 1, 'deposit', 'cash', 1000000000, '', now() from generate_series(1, {USERS}) n;
        insert into accounts select n, 'P' || n, 1000000000, 1000000000, 0, 0, 'none', 'none', 0, 0, 0, 0, 1, now(), now()
        from generate_series(1, {USERS}) n;
        analyze;""")
    return url


class Pgbench:
    """One way of writing an order; each round adds its samples."""

    def __init__(self, script, directory):
        self.url, self.script, self.directory = peer_database(script), script, directory
        self.samples = {"orders_per_s": [], "p50_ms": [], "p99_ms": []}

    def round(self, number, seconds):
        prefix = self.directory / f"{self.script}.{number}"
        command = ["pgbench", "-n", "-M", "prepared", "-c", CLIENTS, "-j", 2, "-T", max(1, round(seconds)),
                   "-D", f"users={USERS}", "-D", "n=0", "-D", f"base={(number + 1) * 10**12}",
                   "-l", "--sampling-rate=0.1", f"--log-prefix={prefix}", "-f", PEER / f"{self.script}.sql", self.url]
        run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        rate = re.search(r"^tps = ([0-9.]+)", run.stdout, re.MULTILINE)
        if run.returncode != 0 or not rate or "number of failed transactions: 0 " not in run.stdout:
            report.fail(f"pgbench failed: {run.stdout}{run.stderr[-2000:]}")
        self.samples["orders_per_s"].append(float(rate[1]))
        latencies = sorted(int(line.split()[2]) / 1000 for name in glob.glob(f"{prefix}.*") for line in open(name))
        for share, name in ((0.50, "p50_ms"), (0.99, "p99_ms")):
            self.samples[name].append(latencies[int(share * (len(latencies) - 1))])


def measure(options, directory):
    engine_url = servers.new_database("engine")
    if not servers.durable(engine_url):
        report.fail("this PostgreSQL does not wait for the disk: the bench would measure nothing")
    peers = [Pgbench(script, directory) for script in ("order_statements", "order_cte")]
    ours = {}
    rounds = 1 if options.quick else 4
    seconds = options.seconds / rounds / (1 + len(peers))
    with servers.service("trade-engine", directory, {"DATABASE_URL": engine_url}):
        # The first order of each way is not measured: caches and plans are made.
        for number in range(rounds + 1):
            report.note(f"round {number} of {rounds}" if number else "warming up")
            samples = report.samples_of(
                [report.PROGRAMS / "papertape-bench-orders", f"unix:{directory}/trade-engine.sock",
                 seconds if number else 1, IN_FLIGHT, USERS],
                env={**os.environ, "SECRET_KEY": servers.SECRET_KEY})
            for name, values in samples.items():
                ours.setdefault(name, []).extend(values)
            for peer in peers:
                peer.round(number, seconds if number else 1)
    check(ours, engine_url)
    return {name: values[1:] for name, values in ours.items()}, [
        {name: values[1:] for name, values in peer.samples.items()} for peer in peers]


def check(ours, engine_url):
    """What was acknowledged is there, once, with all its rows."""
    acknowledged = round(sum(ours["acknowledged"]))
    rows = servers.psql(engine_url, """
        set search_path to trade_engine;
        select (select count(*) from orders), (select count(*) from trades), (select count(*) from fills),
               (select count(*) from transfers where from_book = 'cash'), (select sum(total_trades) from accounts),
               (select count(*) from events where account_seq > 1),
               (select sum(utilized) = (select sum(amount) from transfers where to_book = 'margin') from accounts);""")
    if sum(ours["refused"]) or rows.split("|") != [str(acknowledged)] * 6 + ["t"]:
        report.fail(f"{acknowledged} orders acknowledged, {sum(ours['refused']):.0f} refused, but the tables say {rows}")
    report.note(f"{acknowledged:,} orders acknowledged; as many rows in orders, trades, fills, transfers and events")


def main():
    options = report.arguments(__doc__, seconds=90, quick_seconds=9)
    servers.run_inside_servers()
    with servers.scratch() as directory:
        ours, (statements, cte) = measure(options, directory)
    result = report.Report("orders")
    middle = {name: report.median(values) for name, values in ours.items()}
    for name, peer, target in (("pgbench_statements", statements, 3.0), ("pgbench_cte", cte, None)):
        result.compare("orders_per_s", f"durable orders/s, {IN_FLIGHT} in flight beside {CLIENTS} clients",
                       middle["orders_per_s"], name, report.median(peer["orders_per_s"]),
                       report.median_ratio(ours["orders_per_s"], peer["orders_per_s"]), target)
    for name in ("p50_ms", "p99_ms"):
        result.metric(name, middle[name], f"{name[:3]} of an order, ms: ours, {IN_FLIGHT} in flight")
        for peer_name, peer in (("pgbench_statements", statements), ("pgbench_cte", cte)):
            result.peer_metric(peer_name, name, report.median(peer[name]), f"{name[:3]} of {peer_name}, {CLIENTS} clients")
    result.print(options.json)


if __name__ == "__main__":
    main()
