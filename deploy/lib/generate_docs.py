#!/usr/bin/env python3
"""Makes docs/errors.md from libs/status/reasons.def, docs/settings.md from libs/config/names.def, and docs/methods.md from
the protos.

usage: generate_docs.py --write     renews the files
       generate_docs.py --check     exit 1 when a file is not what would be written
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = r'"((?:[^"\\]|\\.)*)"'


def errors():
    source = (ROOT / "libs/status/reasons.def").read_text()
    lines = [
        "# Errors",
        "",
        "Every refusal and failure carries one of these words: `code` (and `error_code`) of the `application/problem+json`",
        "body over HTTP, `google.rpc.ErrorInfo.reason` over gRPC. A request with several faults is refused for the one that",
        "stands first. Generated from `libs/status/reasons.def` by `./papertape fmt`.",
    ]
    # Lines of one group follow a comment; a group becomes a table.
    rows = 0
    for line in source.splitlines():
        heading = re.match(r"// (.+)\.$", line)
        reason = re.match(rf"REASON\((\w+), k(\w+), (\d+), {TEXT}\)", line)
        if heading and not line.startswith("// docs/") and "REASON(" not in line and "precedence" not in line:
            lines += ["", f"## {heading[1]}", "", "| code | HTTP | gRPC | default text |", "|---|---|---|---|"]
        elif reason:
            grpc = re.sub(r"(?<!^)(?=[A-Z])", "_", reason[2]).upper()
            lines.append(f"| `{reason[1]}` | {reason[3]} | `{grpc}` | {reason[4]} |")
            rows += 1
    assert rows == source.count("\nREASON("), "a line of reasons.def was not understood"
    return "\n".join(lines) + "\n"


def settings():
    source = (ROOT / "libs/config/names.def").read_text()
    lines = [
        "# Settings",
        "",
        "Settings are environment variables, read once at start. A process that is given a wrong value, or a `PAPERTAPE_` name",
        "that is not in this table, says so and does not start. `./papertape up` chooses addresses, ports and secrets itself and",
        "passes every other setting of this table on from the shell it is called in. Generated from `libs/config/names.def` by",
        "`./papertape fmt`.",
        "",
        "| name | meaning |",
        "|---|---|",
    ]
    found = re.findall(rf"SETTING\(\s*(\w+),\s*{TEXT}\)", source)
    assert len(found) == source.count("\nSETTING("), "a line of names.def was not understood"
    lines += [f"| `{name}` | {text} |".replace('\\"', '"') for name, text in found]
    return "\n".join(lines) + "\n"


RPC = re.compile(r"^  rpc (\w+)\b[^;{]*(\{.*?^  \}|;)", re.MULTILINE | re.DOTALL)
ROUTE = re.compile(r'\b(get|post|put|patch|delete): "([^"]+)"')


def scope_of(access, declared, routes):
    """What an API key needs: as libs/rpc/method_table.cpp has it."""
    if access == "PUBLIC":
        return "nothing"
    if declared or access == "ADMIN":
        return (declared or "session").lower()
    return "read" if routes and routes[0][0] == "get" else "write"


def methods():
    lines = [
        "# Methods",
        "",
        "Who may call what: the access that the proto declares, what an API key needs for it (`session`: no key is good enough),",
        "and for each POST whether `Idempotency-Key` is honoured. Methods between services are left out. Generated from the",
        "protos by `./papertape fmt`.",
    ]
    for path in sorted((ROOT / "protos/papertape").glob("*/v1/*_service.proto")):
        text = path.read_text()
        rows = []
        for name, body in RPC.findall(text):
            access = re.search(r"access: ACCESS_(\w+)", body)
            if access is None or access[1] == "INTERNAL":
                continue
            routes = ROUTE.findall(body)
            declared = re.search(r"scope: SCOPE_(\w+)", body)
            reason = re.search(r'unrepeatable_because: "([^"]+)"', body)
            repeat = "yes" if "repeatable: true" in body else f"no: {reason[1]}" if reason else ""
            route = "<br>".join(f"`{verb.upper()} {path}`" for verb, path in routes)
            scope = scope_of(access[1], declared and declared[1], routes)
            rows.append(f"| {name} | {route} | {access[1].lower()} | {scope} | {repeat} |")
        if rows:
            service = re.search(r"^service (\w+)", text, re.MULTILINE)[1]
            package = re.search(r"^package ([\w.]+);", text, re.MULTILINE)[1]
            lines += ["", f"## {package}.{service}", "", "| method | route | caller | an API key needs | repeatable |",
                      "|---|---|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def main():
    wrong = []
    for name, text in [("docs/errors.md", errors()), ("docs/settings.md", settings()), ("docs/methods.md", methods())]:
        path = ROOT / name
        if sys.argv[1:] == ["--write"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            wrong.append(name)
    for name in wrong:
        print(f"{name} is not what its source says; ./papertape fmt renews it")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
