#!/usr/bin/env python3
"""login: sign-ins a second beside what bcrypt allows on these cores, and what verifying a token costs.

packages: -
"""
import base64
import os

import bench_report as report
import bench_servers as servers

COST = 12
PROGRAM = report.PROGRAMS / "papertape-bench-login"


def measure(options, directory):
    cores = len(os.sched_getaffinity(0))
    rounds = 1 if options.quick else 4
    seconds = options.seconds / (2 * rounds + 1)
    samples = {}
    settings = {"DATABASE_URL": servers.new_database("auth"), "PAPERTAPE_BCRYPT_COST": str(COST),
                "PAPERTAPE_DATA_KEY": base64.b64encode(bytes(32)).decode(),
                "PAPERTAPE_DOCUMENTS_DIR": str(directory / "documents")}
    with servers.service("auth", directory, settings):
        for number in range(1, rounds + 1):
            report.note(f"round {number} of {rounds}")
            for command in (["hashes", seconds, cores, COST],
                            ["logins", f"unix:{directory}/auth.sock", seconds, 4 * cores]):
                for name, values in report.samples_of([PROGRAM, *command]).items():
                    samples.setdefault(name, []).extend(values)
    report.note("tokens")
    tokens = report.samples_of([PROGRAM, "tokens", seconds / 4])
    return cores, samples, {name: values[0] for name, values in tokens.items()}


def main():
    options = report.arguments(__doc__, seconds=90, quick_seconds=12)
    servers.run_inside_servers()
    with servers.scratch() as directory:
        cores, samples, tokens = measure(options, directory)
    result = report.Report("login")
    result.compare("logins_per_s", f"sign-ins/s through gRPC, bcrypt cost {COST}, {cores} cores",
                   report.median(samples["logins_per_s"]), "bcrypt", report.median(samples["hashes_per_s"]),
                   report.median_ratio(samples["logins_per_s"], samples["hashes_per_s"]), 0.8)
    result.floor("verified_cached_per_s", "tokens verified/s on one core, seen before", tokens["cached_per_s"], 500_000)
    for algorithm in ("HS256", "RS256", "ES256"):
        result.metric(f"verified_{algorithm.lower()}_per_s", tokens[f"uncached_{algorithm}_per_s"],
                      f"tokens verified/s on one core, new, {algorithm}")
    result.metric("login_p50_ms", report.median(samples["login_p50_ms"]),
                  f"p50 of a sign-in, ms, {4 * cores} in flight")
    for name in ("me_p50_ms", "me_p99_ms"):
        result.metric(name, report.median(samples[name]), f"{name[3:6]} of GetMe meanwhile, ms")
    result.print(options.json)


if __name__ == "__main__":
    main()
