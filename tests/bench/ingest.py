#!/usr/bin/env python3
"""ingest: daily bars into PostgreSQL by an ingestion job, beside one bare COPY of the same rows.

packages: -
"""
import os

import bench_report as report
import bench_servers as servers


def main():
    options = report.arguments(__doc__, seconds=40, quick_seconds=5)
    servers.run_inside_servers()
    url = servers.new_database("ingest")
    if not servers.durable(url):
        report.fail("this PostgreSQL does not wait for the disk: the bench would measure nothing")
    samples = report.samples_of([report.PROGRAMS / "papertape-bench-ingest", options.seconds],
                                env={**os.environ, "DATABASE_URL": url})
    report.note(f"{len(samples['worker'])} rounds; every row counted after each")
    result = report.Report("ingest")
    result.compare("bars_per_s", "daily bars/s by a job, beside one COPY into a table like it",
                   report.median(samples["worker"]), "bare_copy", report.median(samples["copy"]),
                   report.median_ratio(samples["worker"], samples["copy"]), 0.7)
    result.print(options.json)


if __name__ == "__main__":
    main()
