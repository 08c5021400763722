#!/usr/bin/env python3
"""feed: ticks a second from a source through Redis to the trade engine, and over gRPC to a subscriber; nothing lost.

packages: -
"""
import subprocess

import bench_report as report
import bench_servers as servers

SYMBOLS = 5_000
TARGET = 1e6
PROBE_SECONDS = 3
# What a rate must do to count as sustained: the source keeps up, and both ends have all of it at once when it ends.
KEEPS_UP, DRAINS_WITHIN_S = 0.98, 1.0


def run(socket, rate, seconds):
    """One run; None where a tick was lost or did not come in time."""
    program = report.PROGRAMS / "papertape-bench-feed"
    ran = subprocess.run([program, socket, f"{rate:.0f}", f"{max(1, round(seconds))}", str(SYMBOLS)],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if ran.returncode != 0:
        report.note(f"{rate:,.0f} a second: {ran.stderr.strip().splitlines()[-1]}")
        return None
    return {name: float(value) for name, value in (line.split() for line in ran.stdout.splitlines())}


def sustained(result, rate):
    return result is not None and result["ticks_per_s"] >= KEEPS_UP * rate and result["drained_s"] <= DRAINS_WITHIN_S


def highest_rate(socket):
    """More than the machine can do tells what it does; some less than that is what it may keep up with."""
    overloaded = run(socket, 10e6, PROBE_SECONDS) or report.fail("ticks were lost")
    return 0.8 * overloaded["ticks_per_s"]


def main():
    options = report.arguments(__doc__, seconds=60, quick_seconds=15)
    servers.run_inside_servers()
    result = report.Report("feed")
    with servers.scratch() as directory:
        socket = directory / "tape.sock"
        rate = highest_rate(socket)
        whole = run(socket, rate, options.seconds / 2)
        while not sustained(whole, rate):
            report.note(f"{rate:,.0f} a second is not sustained; trying less")
            rate *= 0.95
            whole = run(socket, rate, options.seconds / 2)
        result.floor("ticks_per_s", f"ticks/s sustained for {options.seconds / 2:.0f} s, none lost", whole["ticks_per_s"],
                     TARGET)
        result.metric("ticks", whole["sent"], "ticks sent, and counted in order at both ends")
        for share in (10, 50, 90):
            at = run(socket, rate * share / 100, options.seconds / 10) or report.fail("ticks were lost")
            for end in ("engine", "subscriber"):
                for point in ("p50", "p99"):
                    result.metric(f"{end}_{point}_ms_at_{share}", at[f"{end}_{point}_ms"],
                                  f"{end}, {point} ms at {share} % ({rate * share / 100:,.0f} ticks/s)")
    result.print(options.json)


if __name__ == "__main__":
    main()
