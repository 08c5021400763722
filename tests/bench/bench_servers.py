"""Real processes for a bench: a PostgreSQL and a Redis of its own, and Papertape's programs."""
import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench_report import PROGRAMS, ROOT, fail

SECRET_KEY = "the secret of a bench, which is longer than 32 bytes"


def run_inside_servers():
    """Starts this program again with servers of its own, unless they run already: DATABASE_URL, REDIS_URL."""
    if os.environ.get("BENCH_SERVERS") != "own":
        os.environ["BENCH_SERVERS"] = "own"
        with_servers = str(ROOT / "tests" / "support" / "with_servers")
        os.execv(with_servers, [with_servers, sys.executable, *sys.argv])


def psql(database_url, sql):
    run = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", database_url], input=sql, text=True,
                         stdout=subprocess.PIPE)
    if run.returncode != 0:
        fail("psql failed")
    return run.stdout.strip()


def new_database(name):
    """A database of that name on the private server, as a URL."""
    server = os.environ["DATABASE_URL"]
    psql(server, f"create database {name}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def durable(database_url):
    """Whether a commit there waits for the disk."""
    return psql(database_url, "show fsync; show synchronous_commit;").split() == ["on", "on"]


def free_port():
    """Below the ports that the kernel gives to clients, so that no connection takes it meanwhile."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


@contextlib.contextmanager
def scratch():
    """A directory for sockets and logs; the postgres user may enter it."""
    with tempfile.TemporaryDirectory(prefix="papertape-bench.") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False


@contextlib.contextmanager
def process(command, log, environment, ready_url, cwd=None):
    """A process that runs inside the `with`, from the moment that `ready_url` answers 200."""
    with open(log, "wb") as output:
        child = subprocess.Popen([str(word) for word in command], stdout=output, stderr=output, env=environment, cwd=cwd)
    try:
        deadline = time.monotonic() + 60
        while not answers(ready_url):
            if child.poll() is not None or time.monotonic() > deadline:
                fail(f"{command[0]} does not start:\n{Path(log).read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def service(name, directory, settings):
    """One of Papertape's services, listening at unix:DIRECTORY/NAME.sock."""
    admin = f"127.0.0.1:{free_port()}"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": SECRET_KEY, "REDIS_URL": os.environ["REDIS_URL"],
                   "PAPERTAPE_ADMIN_LISTEN": admin, "PAPERTAPE_LISTEN": f"unix:{directory}/{name}.sock", **settings}
    return process([PROGRAMS / f"papertape-{name}"], directory / f"{name}.log", environment,
                   f"http://{admin}/health/ready")
