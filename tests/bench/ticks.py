#!/usr/bin/env python3
"""ticks: what a tick costs among a million open triggers over 5,000 symbols, on one core.

packages: -
"""
import bench_report as report


def main():
    options = report.arguments(__doc__, seconds=40, quick_seconds=8)
    samples = report.samples_of([report.PROGRAMS / "papertape-bench-ticks", options.seconds])
    median = {name: report.median(values) for name, values in samples.items()}
    result = report.Report("ticks")
    result.floor("ticks_per_s", "ticks/s, 1,000,000 triggers, one core", median["index"], 50e6)
    for peer in ("multimap", "scan"):
        result.compare("ticks_per_s", f"the same, beside {'a std::multimap' if peer == 'multimap' else 'a scan'}",
                       median["index"], peer, median[peer], report.median_ratio(samples["index"], samples[peer]))
    few, many = samples["quiet_1000"], samples["quiet_1000000"]
    # Time a tick with many triggers over time a tick with few: 1 when none of the others is looked at.
    result.compare("quiet_tick_ns", "ns a tick that fires nothing: 1,000,000 triggers beside 1,000",
                   1e9 / median["quiet_1000000"], "1000_triggers", 1e9 / median["quiet_1000"],
                   report.median_ratio(few, many), target=1.25, at_most=True)
    for triggers in (1_000, 10_000, 100_000, 1_000_000):
        result.metric(f"quiet_tick_ns_{triggers}", 1e9 / median[f"quiet_{triggers}"],
                      f"ns a tick that fires nothing, {triggers:,} triggers")
        result.peer_metric("scan", f"quiet_tick_ns_{triggers}", 1e9 / median[f"quiet_scan_{triggers}"],
                           f"the same, scan, {triggers:,} triggers")
    result.metric("fired_pct", median["fired_pct"], "ticks of ticks/s that fire a trade, percent")
    result.metric("book_ticks_per_s", median["book_busy"], "ticks/s through Book::Tick, 500,000 open trades")
    result.metric("book_quiet_ticks_per_s", median["book_quiet"], "the same, ticks that fire nothing")
    result.print(options.json)


if __name__ == "__main__":
    main()
