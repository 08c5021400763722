#!/usr/bin/env python3
"""embed_passwords.py FREQUENCY_LISTS OUTPUT: writes the passwords of zxcvbn's list as a sorted C++ table.

zxcvbn counted them in public collections of leaked passwords. In lower case; only those long enough to be chosen here.
"""
import runpy
import sys

LEAST_BYTES = 8


def main():
    lists, output = sys.argv[1:]
    passwords = runpy.run_path(lists)["FREQUENCY_LISTS"]["passwords"]
    chosen = sorted({word.lower() for word in passwords if len(word) >= LEAST_BYTES and word.isascii()})
    if len(chosen) < 10_000:
        sys.exit(f"{lists}: only {len(chosen)} passwords of {LEAST_BYTES} bytes and more")
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?") for word in chosen)
    with open(output, "w", encoding="ascii") as out:
        out.write("// Generated from zxcvbn's list (MIT licence).\n")
        out.writelines(f'"{word}",\n' for word in escaped)


if __name__ == "__main__":
    main()
