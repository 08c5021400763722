#!/usr/bin/env python3
"""A law that cannot be broken is no law: every one of them is shown a tree that breaks it, and one that keeps it."""
import subprocess
import tempfile
import unittest
from pathlib import Path

import law
from repository import Repository

# law -> (a file that keeps it, files that break it)
CASES = {
    "libraries_include_no_service": (
        {"libs/a/a.h": '#include "libs/b/b.h"\n'},
        {"libs/a/a.h": '#include "services/auth/domain/user.h"\n'}),
    "services_include_no_other_service": (
        {"services/auth/rpc/a.cpp": '#include "services/auth/domain/user.h"\n'},
        {"services/auth/rpc/a.cpp": '#include "services/portfolio/domain/stats.h"\n'}),
    "domains_are_pure": (
        {"services/auth/domain/a.h": '#include <vector>\n#include "absl/status/status.h"\n'
                                     '#include "libs/money/money.h"\n'},
        {"services/auth/domain/a.h": "#include <grpcpp/grpcpp.h>\n"}),
    "layers_meet_in_the_domain": (
        {"services/auth/rpc/a.cpp": '#include "services/auth/domain/user.h"\n'},
        {"services/auth/rpc/a.cpp": '#include "services/auth/store/pg_user_store.h"\n'}),
    "banned_calls_have_replacements": (
        {"libs/clock/a.cpp": "auto t = std::chrono::system_clock::now();\n",
         "libs/b/b.cpp": '// not getenv("X")\nauto text = "std::cout";\n'},
        {"libs/b/b.cpp": "auto t = std::chrono::steady_clock::now();\n"}),
    "files_fit_in_a_head": ({"libs/a/a.cpp": "\n" * 400}, {"libs/a/a.cpp": "\n" * 401}),
    "headers_open_with_a_contract": ({"libs/a/a.h": "// What it is.\n"}, {"libs/a/a.h": "#pragma once\n"}),
    "names_say_what_is_inside": ({"libs/a/implied.cpp": ""}, {"libs/a/string_utils.cpp": ""}),
    "nothing_is_left_for_later": ({"libs/a/a.cpp": "// TODOS\n"}, {"libs/a/a.cpp": "// TO" "DO: later\n"}),
    "sources_are_listed": (
        {"libs/a/CMakeLists.txt": "add_library(a a.cpp)\n"},
        {"libs/a/CMakeLists.txt": "file(GLOB sources *.cpp)\n"}),
    "sources_are_built": (
        {"libs/a/CMakeLists.txt": "add_library(a a.cpp)\n", "libs/a/a.cpp": ""},
        {"libs/a/CMakeLists.txt": "add_library(a a.cpp)\n", "libs/a/b.cpp": ""}),
    "everything_in_the_protos_is_commented": (
        {"protos/papertape/a.proto": "// A.\nmessage A {\n  // Shares.\n  optional int64 size = 1;\n}\n"},
        {"protos/papertape/a.proto": "// A.\nmessage A {\n  optional int64 size = 1;\n}\n"}),
    "every_rpc_declares_its_access": (
        {"protos/papertape/a.proto": "service A {\n  rpc Get(R) returns (R) {\n"
                                     "    option (papertape.api.v1.method) = {access: ACCESS_USER};\n  }\n}\n"},
        {"protos/papertape/a.proto": "service A {\n  rpc Get(R) returns (R);\n}\n"}),
    "every_post_is_repeatable_or_says_why_not": (
        {"protos/papertape/a.proto": "service A {\n  rpc Make(R) returns (R) {\n"
                                     "    option (google.api.http) = {post: \"/a\"};\n"
                                     "    option (papertape.api.v1.method) = {\n      repeatable: true\n    };\n  }\n"
                                     "  rpc Get(R) returns (R) {\n    option (google.api.http) = {get: \"/a\"};\n  }\n}\n"},
        {"protos/papertape/a.proto": "service A {\n  rpc Make(R) returns (R) {\n"
                                     "    option (google.api.http) = {post: \"/a\"};\n"
                                     "    option (papertape.api.v1.method) = {access: ACCESS_USER};\n  }\n}\n"}),
    "migrations_can_be_taken_back": (
        {"libs/a/migrations/V001__users.sql": "", "libs/a/migrations/V001__users.down.sql": ""},
        {"libs/a/migrations/V001__users.sql": ""}),
    "every_promise_has_a_test_that_exists": (
        {"docs/threats.md": "| threat | what holds it | test |\n|---|---|---|\n| a | b | \"holds, ...\" |\n",
         "tests/unit/a_test.cpp": "TEST_CASE(\"holds, whatever comes\") {}\n"},
        {"docs/threats.md": "| threat | what holds it | test |\n|---|---|---|\n| a | b | \"gone\" |\n"}),
    "generated_documents_are_fresh": (
        {"deploy/lib/generate_docs.py": "raise SystemExit(0)\n"},
        {"deploy/lib/generate_docs.py": "print('docs/errors.md is not what its source says')\nraise SystemExit(1)\n"}),
    "containers_are_given_settings_that_exist": (
        {"docker-compose.yml": "  PAPERTAPE_ENVIRONMENT: production\n  POSTGRES_DB: papertape\n",
         "libs/config/names.def": "SETTING(PAPERTAPE_ENVIRONMENT, \"\")\n"},
        {"docker-compose.yml": "  PAPERTAPE_ENVIRONMENT: production\n  PAPERTAPE_ENVIRONEMNT: x\n",
         "libs/config/names.def": "SETTING(PAPERTAPE_ENVIRONMENT, \"\")\n"}),
    "commands_in_documents_exist": (
        {"papertape": "  up) suite_up ;;\n", "README.md": "Run `./papertape up`, read `libs/a.h`.\n", "libs/a.h": ""},
        {"papertape": "  up) suite_up ;;\n", "README.md": "Run `./papertape fly`.\n"}),
    "no_machine_is_named": (
        {"README.md": "/usr/bin and .papertape/work\n"},
        {"README.md": "see /ho" "me/me/papertape\n"}),
}


class Laws(unittest.TestCase):
    def violations(self, name, files):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, path).write_text(text)
            subprocess.run(["git", "init", "-q", folder], check=True)
            return list(law.LAWS[name](Repository(folder)))

    def test_every_law_has_a_case(self):
        self.assertEqual(sorted(CASES), sorted(law.LAWS))

    def test_a_tree_that_keeps_the_law_passes(self):
        for name, (good, _) in CASES.items():
            with self.subTest(name):
                self.assertEqual(self.violations(name, good), [])

    def test_a_tree_that_breaks_the_law_is_told_where(self):
        for name, (_, bad) in CASES.items():
            with self.subTest(name):
                self.assertEqual(len(self.violations(name, bad)), 1)


if __name__ == "__main__":
    unittest.main()
