#!/usr/bin/env python3
"""indicators: what indicators cost a bar beside TA-Lib C, whose values they must have, and beside a copy of the column.

packages: -
"""
import math
import subprocess
from pathlib import Path

import bench_report as report

TALIB = "talib@1.1.6"  # the npm package; it brings TA-Lib 0.4 as C sources
HOME = report.ROOT / ".papertape" / "talib"
# What libs/indicators is compiled with in the preset release.
FLAGS = ["-O3", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno"]
# And the instructions that it would use here.
if "avx2" in Path("/proc/cpuinfo").read_text():
    FLAGS.append("-mavx2")


def talib():
    """TA-Lib as a shared object, fetched and compiled the first time."""
    library = HOME / f"libta{''.join(FLAGS)}.so"
    if library.exists():
        return library
    HOME.mkdir(parents=True, exist_ok=True)
    report.note(f"fetching {TALIB} with npm and compiling it, once")
    run(["npm", "install", "--prefix", HOME, "--no-save", "--no-package-lock", "--no-audit", "--no-fund",
         "--ignore-scripts", TALIB], "npm could not fetch TA-Lib")
    source = HOME / "node_modules" / "talib" / "src" / "lib"
    files = [*sorted((source / "src" / "ta_func").glob("ta_*.c")), source / "src" / "ta_common" / "ta_global.c"]
    unfinished = HOME / "unfinished.so"
    run(["cc", *FLAGS, "-w", "-fPIC", "-shared", "-fno-semantic-interposition", "-I", source / "include",
         "-I", source / "src" / "ta_common", "-o", unfinished, *files, "-lm"], "TA-Lib could not be compiled")
    unfinished.rename(library)
    return library


def run(command, complaint):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode != 0:
        report.fail(f"{complaint}:\n{done.stdout[-2000:]}")


def main():
    options = report.arguments(__doc__, seconds=40, quick_seconds=5)
    samples = report.samples_of([report.PROGRAMS / "papertape-bench-indicators", options.seconds, talib()])
    cases = [name.removesuffix(".ours") for name in samples if name.endswith(".ours")]
    result = report.Report("indicators")
    ratios = {}
    for case in cases:
        ours, peer = samples[f"{case}.ours"], samples[f"{case}.talib"]
        golden = case.startswith("golden.")
        name = case.removeprefix("golden.")
        ratio = report.median_ratio(peer, ours)  # times are ratios upside down
        result.compare(f"{name}_ns_a_bar", f"{name}, ns a bar, 1,000,000 bars", report.median(ours), "talib",
                       report.median(peer), ratio, target=1 if golden else None)
        ratios[case] = ratio
    golden = [ratio for case, ratio in ratios.items() if case.startswith("golden.")]
    result.floor("golden_geometric_mean", "times TA-Lib's speed, geometric mean of the golden ones",
                 math.exp(sum(map(math.log, golden)) / len(golden)), 1.5)
    copy = report.median(samples["memcpy"])
    for name in ("sma_20", "ema_12"):
        ours = report.median(samples[f"golden.{name}.ours"])
        result.compare(f"{name}_copies", f"{name}, ns a bar, beside a copy of the column", ours, "memcpy", copy, ours / copy)
    result.metric("largest_difference", max(value[0] for name, value in samples.items() if name.endswith(".difference")),
                  "largest difference from TA-Lib over the mean size of its values, all cases")
    result.print(options.json)


if __name__ == "__main__":
    main()
