"""What the benches share: their command line, samples and medians, and the report, for people or as one JSON object."""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "build" / "release" / "bin"


def arguments(about, seconds, quick_seconds):
    """The command line of a bench; `seconds` is how long it measures in all, about."""
    parser = argparse.ArgumentParser(prog="papertape bench", description=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--seconds", type=float, help=f"how long to measure, about; {seconds}, with --quick {quick_seconds}")
    parser.add_argument("--quick", action="store_true", help="a look, not a measurement")
    options = parser.parse_args()
    if options.seconds is None:
        options.seconds = quick_seconds if options.quick else seconds
    return options


def note(text):
    print(f"    {text}", file=sys.stderr, flush=True)


def fail(text):
    print(f"papertape: {text}", file=sys.stderr)
    sys.exit(1)


def samples_of(command, **keywords):
    """Runs a bench program that prints a line "name value" a sample; answers name -> values in order."""
    run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, **keywords)
    if run.returncode != 0:
        fail(f"{os.path.basename(str(command[0]))} failed")
    samples = {}
    for line in run.stdout.splitlines():
        name, value = line.split()
        samples.setdefault(name, []).append(float(value))
    return samples


def median(values):
    return statistics.median(values)


def median_ratio(ours, peer):
    """The median of the ratios of samples taken side by side: the machine's mood cancels out."""
    return statistics.median(a / b for a, b in zip(ours, peer, strict=True))


def figure(value):
    """Four digits at most, thousands apart."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


class Report:
    """Rows of ours against a peer, and plain figures. `metrics` are ours; what a peer did stands under its name."""

    def __init__(self, bench):
        self.bench = bench
        self.metrics, self.ratios, self.peers = {}, {}, {}
        self.rows, self.figures = [], []

    def metric(self, name, value, text):
        """A figure of ours, without a peer."""
        self.metrics[name] = value
        self.figures.append((text, figure(value)))

    def peer_metric(self, peer, name, value, text):
        self.peers.setdefault(peer, {})[name] = value
        self.figures.append((text, figure(value)))

    def compare(self, name, text, ours, peer_name, peer, ratio, target=None, at_most=False):
        """`ours` and `peer` in the same unit; `target` is what the ratio must reach, or with `at_most` stay under."""
        self.metrics[name] = ours
        self.ratios[f"{name}_vs_{peer_name}"] = ratio
        self.peers.setdefault(peer_name, {})[name] = peer
        met = target is None or (ratio <= target if at_most else ratio >= target)
        wanted = "-" if target is None else f"{'<=' if at_most else '>='} {target:g}"
        self.rows.append((text, figure(ours), f"{figure(peer)} {peer_name}", f"{ratio:.2f}", wanted,
                          "" if target is None else "met" if met else "MISSED"))

    def floor(self, name, text, ours, target):
        """A target that is no ratio: at least `target`."""
        self.metrics[name] = ours
        self.rows.append((text, figure(ours), "-", "-", f">= {figure(target)}", "met" if ours >= target else "MISSED"))

    def print(self, as_json):
        if as_json:
            print(json.dumps({"bench": self.bench, "metrics": self.metrics, "ratios": self.ratios, "peers": self.peers}))
            return
        print_table([("", "ours", "peer", "ratio", "target", ""), *self.rows])
        if self.figures:
            print()
            print_table(self.figures)


def print_table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        print("  ".join(cells).rstrip())
