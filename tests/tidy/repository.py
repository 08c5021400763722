"""The tree under judgement: the files that git knows, read once each."""
import re
import subprocess
from pathlib import Path


class Repository:
    def __init__(self, root):
        self.root = Path(root)
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=self.root, capture_output=True, check=True).stdout.decode()
        self.paths = sorted(p for p in listed.split("\0") if p and (self.root / p).is_file())

    def files(self, pattern):
        """The paths that match `pattern` from their beginning to their end."""
        wanted = re.compile(pattern)
        return [path for path in self.paths if wanted.fullmatch(path)]

    def text(self, path):
        return (self.root / path).read_text(errors="replace")

    def lines(self, path):
        """(number, line) from 1."""
        return enumerate(self.text(path).splitlines(), 1)


def without_comments(line):
    """One line of C++ without its `//` comment and without the contents of its string literals."""
    return re.sub(r"//.*", "", re.sub(r'"(?:[^"\\]|\\.)*"', '""', line))
