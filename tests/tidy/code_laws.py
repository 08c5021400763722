"""Calls that are banned, each with what to use in its place, and the size of a file."""
import re

from repository import without_comments

OURS = r"(libs|services|gateway|cli)/.*\.(h|cpp)"
OURS_AND_TESTS = r"(libs|services|gateway|cli|tests)/.*\.(h|cpp)"

# (what, where it may stand, what to use instead)
BANNED = [
    (r"\b(system_clock|steady_clock|high_resolution_clock)::now\b", r"libs/clock/.*", "a Clock (libs/clock)"),
    (r"(?<![\w.:>])(time|gettimeofday|clock_gettime)\s*\(\s*(0|nullptr|NULL|&)", r"libs/clock/.*",
     "a Clock (libs/clock)"),
    (r"(?<![\w.])(std::)?s?rand\s*\(", r"$^", "an injected seed or source (libs/ids)"),
    (r"\brandom_device\b", r"libs/ids/.*", "an injected seed or source (libs/ids)"),
    (r"\bstd::sto(i|l|ll|ul|ull|f|d|ld)\b", r"$^", "std::from_chars, or Parse of libs/money: nothing that throws"),
    (r"(?<!\w)(std::)?(atof|atoi|atol|atoll|strtod|strtol)\s*\(", r"$^", "std::from_chars, or Parse of libs/money"),
    (r"\b(std::|::)?(getenv|secure_getenv|setenv)\s*\(|\benviron\b", r"libs/config/.*", "Settings (libs/config)"),
    (r"\bstd::(cout|cerr|clog)\b|(?<![\w:])(std::)?(printf|puts)\s*\(", r"(libs/log|cli)/.*", "libs/log"),
    (r"\babsl::(StrCat|StrFormat)\b", r"$^", "fmt::format"),
    (r"\babsl::(string_view|Time|Now)\b", r"libs/(status|clock|rpc)/.*", "std::string_view, libs/clock"),
    (r"\bstd::this_thread::sleep|(?<!\w)u?sleep\s*\(", r"$^", "wait for a condition with a deadline"),
    (r"\bstd::exit\s*\(|(?<![\w:.])exit\s*\(", r"cli/.*", "return a status; main returns the exit code"),
    (r"#\s*include\s+<(pqxx|libpq)", r"libs/pg/.*", "libs/pg"),
    (r"#\s*include\s+<hiredis", r"libs/redis/.*", "libs/redis"),
]
# Tests run in processes of their own making: only what makes them flaky is banned there.
BANNED_IN_TESTS = ("a Clock", "an injected", "wait for")
TEST_PROGRAMS = r"tests/(bench|fuzz|support)/.*"


def banned_calls_have_replacements(repository):
    """clocks, chance, the environment, standard streams and throwing parsers have one home each"""
    rules = [(re.compile(what), re.compile(where), instead) for what, where, instead in BANNED]
    for path in repository.files(OURS_AND_TESTS):
        if re.fullmatch(TEST_PROGRAMS, path):
            continue
        for number, line in repository.lines(path):
            code = without_comments(line)
            for what, where, instead in rules:
                found = what.search(code)
                if path.startswith("tests/") and not instead.startswith(BANNED_IN_TESTS):
                    continue
                if found and not where.fullmatch(path):
                    yield f"{path}:{number}: {found[0].strip()} -> {instead}"


def files_fit_in_a_head(repository):
    """no source of ours is longer than 400 lines"""
    for path in repository.files(r"(libs|services|gateway|cli|tests|deploy)/.*\.(h|cpp|py|sh|js|mjs|sql)|papertape"):
        length = repository.text(path).count("\n")
        if length > 400:
            yield f"{path}: {length} lines; there are two things in it"


def headers_open_with_a_contract(repository):
    """every header of ours begins with a comment that says what it is"""
    for path in repository.files(OURS.replace("(h|cpp)", "h")):
        if not repository.text(path).startswith(("//", "#!")):
            yield f"{path}:1: begin with what it is, who owns it, thread-safety, units, failure"


def names_say_what_is_inside(repository):
    """no file is called utils, helpers, manager, common, misc or impl"""
    for path in repository.files(OURS_AND_TESTS):
        found = re.search(r"(^|[/_])(utils?|helpers?|managers?|common|misc|impl)(?=[_./])", path)
        if found:
            yield f"{path}: `{found[2]}` says nothing; name the one thing inside"


def nothing_is_left_for_later(repository):
    """no notes of unfinished work in the sources: finish it, or say plainly what is not there"""
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
    for path in repository.files(r"(libs|services|gateway|cli|tests|deploy|protos|docs|cmake)/.*|papertape|README\.md"):
        if path.endswith((".json", ".csv", ".bin")) or "/corpus/" in path:
            continue
        for number, line in repository.lines(path):
            found = marks.search(line)
            if found:
                yield f"{path}:{number}: {found[0]}"


def sources_are_listed(repository):
    """CMake lists its sources: a glob builds what nobody meant to add (migrations have a law of their own)"""
    for path in repository.files(r"(.*/)?CMakeLists\.txt|cmake/.*\.cmake"):
        for number, line in repository.lines(path):
            if re.search(r"file\s*\(\s*GLOB", line, re.IGNORECASE) and ".sql" not in line:
                yield f"{path}:{number}: {line.strip()}"


def sources_are_built(repository):
    """every .cpp stands in the CMakeLists.txt beside it or above it (a fuzzer there by its target's name)"""
    for path in repository.files(r"(libs|services|gateway|cli|tests)/(?!fuzz/).*\.cpp"):
        folder, named = path, False
        while "/" in folder and not named:
            folder = folder.rsplit("/", 1)[0]
            lists = f"{folder}/CMakeLists.txt"
            named = lists in repository.paths and path[len(folder) + 1:] in repository.text(lists)
        if not named:
            yield f"{path}: no CMakeLists.txt builds it"


LAWS = [banned_calls_have_replacements, files_fit_in_a_head, headers_open_with_a_contract, names_say_what_is_inside,
        nothing_is_left_for_later, sources_are_listed, sources_are_built]
