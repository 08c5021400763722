"""Protos, migrations, and documents that repeat what code says."""
import re
import subprocess
import sys

PROTOS = r"protos/papertape/.*\.proto"
DECLARATION = re.compile(r"^\s*(?:(message|enum|service|rpc|extend|oneof)\s+[\w.]+|"
                         r"(?:repeated\s+|optional\s+)?(?:map<[^>]+>|[\w.]+)\s+(\w+)\s*=\s*\d+|(\w+)\s*=\s*\d+)")


def everything_in_the_protos_is_commented(repository):
    """every message, field, enum value, service and rpc has a comment above it: clients read the protos alone"""
    for path in repository.files(PROTOS):
        previous = ""
        for number, line in repository.lines(path):
            found = DECLARATION.match(line)
            is_option = re.match(r"\s*((option|syntax|package|import|reserved)\b|\}|//)", line)
            if found and not is_option and found[1] != "extend" and not previous.lstrip().startswith("//"):
                yield f"{path}:{number}: say what this is, with unit and range: {line.strip()}"
            previous = line


RPC = re.compile(r"^  rpc (\w+)\b[^;{]*(\{.*?^  \}|;)", re.MULTILINE | re.DOTALL)


def every_rpc_declares_its_access(repository):
    """every rpc has the papertape.api option: who may call it is never left to a default"""
    for path in repository.files(PROTOS):
        for rpc in RPC.finditer(repository.text(path)):
            if "(papertape.api.v1.method)" not in rpc[2] or "access:" not in rpc[2]:
                yield f"{path}: rpc {rpc[1]} lacks `option (papertape.api.v1.method) = {{access: ...}}`"


def every_post_is_repeatable_or_says_why_not(repository):
    """every POST honours Idempotency-Key (`repeatable: true`) or says why it does not (`unrepeatable_because`)"""
    for path in repository.files(PROTOS):
        for rpc in RPC.finditer(repository.text(path)):
            says = ("repeatable: true" in rpc[2]) + ("unrepeatable_because:" in rpc[2])
            if re.search(r"\bpost:", rpc[2]) and says != 1:
                yield f"{path}: rpc {rpc[1]} is a POST: `repeatable: true` or `unrepeatable_because: \"...\"`"


def migrations_can_be_taken_back(repository):
    """every V001__name.sql has V001__name.down.sql, versions count 1, 2, 3, ... without gaps"""
    versions = {}
    for path in repository.files(r".*/migrations/.*\.sql"):
        folder, name = path.rsplit("/", 1)
        found = re.fullmatch(r"V(\d{3})__([a-z0-9_]+)(\.down)?\.sql", name)
        if not found:
            yield f"{path}: a migration is named V001__what_it_does.sql or V001__what_it_does.down.sql"
        elif found[3] is None:
            versions.setdefault(folder, []).append(int(found[1]))
            if path.replace(".sql", ".down.sql") not in repository.paths:
                yield f"{path}: there is no {name.replace('.sql', '.down.sql')}"
    for folder, numbers in versions.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"{folder}: versions {sorted(numbers)} do not count from 1 without gaps"


def generated_documents_are_fresh(repository):
    """docs/errors.md and docs/settings.md are what their sources say"""
    generator = repository.root / "deploy/lib/generate_docs.py"
    run = subprocess.run([sys.executable, str(generator), "--check"], capture_output=True, text=True)
    yield from (run.stdout + run.stderr).splitlines() if run.returncode else []


def containers_are_given_settings_that_exist(repository):
    """every setting in docker-compose.yml is one of libs/config/names.def, and its programs run in production"""
    if "docker-compose.yml" not in repository.paths:
        return
    known = set(re.findall(r"^SETTING\((\w+)", repository.text("libs/config/names.def"), re.MULTILINE))
    for number, line in repository.lines("docker-compose.yml"):
        found = re.match(r"\s+([A-Z][A-Z0-9_]+):", line)
        # What PostgreSQL's own image reads, and what makes the roles.
        if found and found[1] not in known and not found[1].startswith(("POSTGRES_", "DB_PASSWORD_")):
            yield f"docker-compose.yml:{number}: {found[1]} is no setting"
    if "PAPERTAPE_ENVIRONMENT: production" not in repository.text("docker-compose.yml"):
        yield "docker-compose.yml: PAPERTAPE_ENVIRONMENT is not production"


def commands_in_documents_exist(repository):
    """every `./papertape COMMAND` and every path in backticks that a document names exists"""
    commands = set(re.findall(r"^  ([a-z]+)(?: \| [-a-z |]+)?\)", repository.text("papertape"), re.MULTILINE))
    tops = {path.split("/")[0] for path in repository.paths}
    # A folder, or a file without its ending, which names header and source together.
    folders = {path[: index.start()] for path in repository.paths for index in re.finditer(r"/|\.\w+$", path)}
    for path in repository.files(r"(README|CONTRIBUTING)\.md|docs/.*\.md|services/\w+/README\.md|gateway/README\.md"):
        for number, line in repository.lines(path):
            for command in re.findall(r"\./papertape (?:--\w+ \S+ )*([a-z]\w*)", line):
                if command not in commands:
                    yield f"{path}:{number}: ./papertape has no command `{command}`"
            for name in re.findall(r"`([\w.-]+(?:/[\w.-]+)+)/?`", line):
                if name.split("/")[0] in tops and name.split("/")[0] != "build" \
                        and name not in repository.paths and name not in folders:
                    yield f"{path}:{number}: there is no {name}"


def every_promise_has_a_test_that_exists(repository):
    """every row of a table of threats or guarantees names tests that exist, in quotes or by their file, or - for what is accepted"""
    tests = "\n".join(repository.text(path) for path in repository.files(r"tests/.*\.(cpp|mjs|py)"))
    for path in ("docs/threats.md", "docs/trading.md"):
        if path not in repository.paths:
            continue
        for number, line in repository.lines(path):
            if not line.startswith("| ") or line.startswith(("| threat |", "| guarantee |")):
                continue
            named = line.rstrip(" |").rsplit("|", 1)[-1].strip()
            titles = [title.split(", ...")[0].split(" ...")[0] for title in re.findall(r'"([^"]+)"', named)]
            if named not in ("-", "") and not titles and "`" not in named:
                yield f"{path}:{number}: name the test in quotes, or -"
            for title in titles:
                if title not in tests:
                    yield f"{path}:{number}: there is no test {title!r}"


def no_machine_is_named(repository):
    """no path of one machine and no package registry's host stands in the tree"""
    private = re.compile(r"(?<![\w/.}])/(work|root|home)/\w|registry\." r"npmjs|deb\." r"debian\.org|pypi\." r"org")
    for path in repository.paths:
        if path.startswith(("tests/tidy/", "tests/unit/")) or path.endswith((".csv", ".png", ".bin")):
            continue
        for number, line in repository.lines(path):
            found = private.search(line)
            if found:
                yield f"{path}:{number}: {found[0]}"


LAWS = [everything_in_the_protos_is_commented, every_rpc_declares_its_access,
        every_post_is_repeatable_or_says_why_not, migrations_can_be_taken_back,
        generated_documents_are_fresh, containers_are_given_settings_that_exist, commands_in_documents_exist,
        every_promise_has_a_test_that_exists, no_machine_is_named]
