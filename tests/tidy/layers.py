"""Who may include whom: rpc -> domain <- store, clients; wiring sees all; libs know no service; services know not each
other."""
import re

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
# What a domain may lean on beside the standard library.
DOMAIN_LIBS = {"status", "money", "clock", "calendar", "execution", "ids", "indicators"}
DOMAIN_OUTSIDE = ("absl/status/", "absl/strings/", "fmt/", "libs/idempotency/repeatable.h")


def includes(repository, pattern):
    for path in repository.files(pattern):
        for number, line in repository.lines(path):
            found = INCLUDE.match(line)
            if found:
                yield path, number, found[1] == "<", found[2]


def libraries_include_no_service(repository):
    """libs/ never include services/ or gateway/: a library that knows its user is not one"""
    for path, number, _, target in includes(repository, r"libs/.*\.(h|cpp)"):
        if target.startswith(("services/", "gateway/", "cli/")):
            yield f"{path}:{number}: a library includes {target}"


def services_include_no_other_service(repository):
    """no service includes another, nor the gateway: they talk through protos"""
    for path, number, _, target in includes(repository, r"(services/\w+|gateway)/.*\.(h|cpp)"):
        own = path.split("/")[1] if path.startswith("services/") else None
        foreign = re.match(r"services/(\w+)/", target)
        if foreign and foreign[1] != own or own and target.startswith("gateway/"):
            yield f"{path}:{number}: includes {target}; call it over gRPC"


def domains_are_pure(repository):
    """domain/ includes the standard library, absl/status, absl/strings, fmt, libs/{status,money,clock,calendar,execution,ids,indicators},
    the value libs/idempotency/repeatable.h, itself"""
    for path, number, _, target in includes(repository, r"services/\w+/domain/.*\.(h|cpp)"):
        library = re.match(r"libs/(\w+)/", target)
        own = path[: path.index("domain/") + len("domain/")]
        standard = re.fullmatch(r"[a-z_]+", target)
        if not (library and library[1] in DOMAIN_LIBS or standard
                or target.startswith((own, *DOMAIN_OUTSIDE)) or target.startswith(own)):
            yield f"{path}:{number}: a domain includes {target}; put it behind a port (domain/ports.h)"


def layers_meet_in_the_domain(repository):
    """rpc, store and clients include the domain, never each other, and none of them the wiring"""
    for path, number, _, target in includes(repository, r"services/\w+/(rpc|store|clients)/.*\.(h|cpp)"):
        _, service, layer = path.split("/")[:3]
        other = re.match(rf"services/{service}/(rpc|store|clients|wiring)\b", target)
        if other and other[1] != layer:
            yield f"{path}:{number}: {layer} includes {target}; what they share belongs to domain/"


LAWS = [libraries_include_no_service, services_include_no_other_service, domains_are_pure, layers_meet_in_the_domain]
