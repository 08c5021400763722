#!/usr/bin/env python3
"""Runs clang-tidy over the sources of a configured build, in parallel, with a cache by content.

libs/ and every domain/ folder are always checked: they include nothing heavy and are the heart of the product. Any
other file is checked when its content, that of the headers it includes, its compile command, .clang-tidy or clang-tidy
itself changed since it was last found clean. The cache lives in the user's cache folder: a fresh clone shares it.

usage: clang_tidy.py BUILD_DIR [--jobs N] [--all] [PATH_PART...]     exit 0: clean, 1: findings
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "papertape" / "clang-tidy"
ALWAYS = re.compile(r"^libs/|/domain/")


def as_clang_has_it(command):
    """The compile command without what is g++'s alone (its precompiled header, warnings that clang does not know) and
    without what only makes code, so that all presets share what was found clean."""
    words, kept = shlex.split(command), []
    skip = False
    for index, word in enumerate(words):
        if skip:
            skip = False
        elif word == "-include" and words[index + 1].endswith("cmake_pch.hxx"):
            skip = True
        elif word != "-Winvalid-pch" and not re.match(r"-(O|g)\d$", word):
            kept.append(word)
    return [kept[0], "-Wno-unknown-warning-option", *kept[1:]]


def own_sources(build_dir):
    """Yields (path relative to the root, compile words, object file) of our own sources."""
    for entry in json.loads((build_dir / "compile_commands.json").read_text()):
        path = Path(entry["file"])
        if ROOT in path.parents and ROOT / "build" not in path.parents:
            words = as_clang_has_it(entry["command"])
            yield str(path.relative_to(ROOT)), words, words[words.index("-o") + 1]


def dependencies(build_dir):
    """Object file -> the headers that it was built from, as ninja recorded them; system headers left out."""
    text = subprocess.run(["ninja", "-C", str(build_dir), "-t", "deps"], capture_output=True, text=True).stdout
    found, current = {}, None
    for line in text.splitlines():
        if line.startswith("    "):
            path = os.path.normpath(build_dir / line.strip())
            if not path.startswith("/usr/") and not path.endswith(".gch"):
                current.append(path)
        elif ": #deps" in line:
            current = found.setdefault(line.split(":")[0], [])
    return found


def key_of(path, words, headers, seed, build_dir):
    digest = hashlib.sha256(seed)
    # Paths as if every clone and every preset stood in the same place.
    neutral = lambda text: text.replace(str(build_dir), "@build").replace(str(ROOT), "@root")
    digest.update(neutral("\0".join(words)).encode())
    for name in [str(ROOT / path), *sorted(headers)]:
        digest.update(neutral(name).encode())
        digest.update(Path(name).read_bytes() if os.path.exists(name) else b"")
    return digest.hexdigest()


def check(path, database):
    run = subprocess.run(["clang-tidy", "--quiet", "-p", database, str(ROOT / path)], capture_output=True, text=True)
    noise = re.compile(r"^\d+ warnings? |^Suppressed |^Use -header-filter")
    errors = "\n".join(line for line in run.stderr.splitlines() if not noise.match(line) and "Error while" not in line)
    return run.returncode == 0, (run.stdout + errors).strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build_dir", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--all", action="store_true", help="check cached files too")
    parser.add_argument("parts", nargs="*", help="only files whose path contains one of these")
    options = parser.parse_intermixed_args()
    build_dir = options.build_dir.resolve()

    version = subprocess.run(["clang-tidy", "--version"], capture_output=True).stdout
    seed = version + (ROOT / ".clang-tidy").read_bytes()
    headers = dependencies(build_dir)
    commands, jobs, cached = [], {}, 0
    for path, words, target in own_sources(build_dir):
        if options.parts and not any(part in path for part in options.parts) or path in jobs:
            continue
        commands.append({"directory": str(build_dir), "arguments": words, "file": str(ROOT / path)})
        key = key_of(path, words, headers.get(target, []), seed, build_dir)
        if not options.all and not ALWAYS.search(path) and target in headers and (CACHE / key).exists():
            cached += 1
        else:
            jobs[path] = key

    CACHE.mkdir(parents=True, exist_ok=True)
    dirty, reported = [], set()
    with tempfile.TemporaryDirectory() as database, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        Path(database, "compile_commands.json").write_text(json.dumps(commands))
        running = {pool.submit(check, path, database): path for path in jobs}
        for done, future in enumerate(concurrent.futures.as_completed(running), 1):
            path = running[future]
            clean, findings = future.result()
            if clean:
                (CACHE / jobs[path]).touch()
            else:
                dirty.append(path)
                if findings not in reported:
                    print(findings, flush=True)
                reported.add(findings)
            if sys.stdout.isatty() or done % 20 == 0:
                print(f"    clang-tidy {done}/{len(jobs)}", end="\r" if sys.stdout.isatty() else "\n", flush=True)
    print(f"    clang-tidy: {len(jobs)} checked, {cached} unchanged since they were clean, {len(dirty)} with findings")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main())
