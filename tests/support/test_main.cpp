#define CATCH_CONFIG_MAIN
#include "tests/support/catch.h"

// libpqxx 6.4 forgets the result of a statement whose connection was lost under it, which some tests see to.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpqxx-6\n"; }
