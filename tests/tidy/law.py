#!/usr/bin/env python3
"""Repository law: what no compiler checks. usage: law.py NAME | --list

Each law is a generator of violations, one line each: `path:line: what is wrong; what to do instead`."""
import sys
from pathlib import Path

import code_laws
import contracts
import layers
from repository import Repository

LAWS = {law.__name__: law for module in (layers, code_laws, contracts) for law in module.LAWS}


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(LAWS))
        return 0
    law = LAWS[sys.argv[1]]
    violations = list(law(Repository(Path(__file__).resolve().parents[2])))
    if violations:
        print(f"The law: {law.__doc__}.\nIt is broken {len(violations)} times:")
        print("\n".join(violations))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
