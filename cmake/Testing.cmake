# Tests are Catch2; every TEST_CASE is one ctest entry. Labels: unit, integration, e2e, tidy.
include(/usr/lib/cmake/Catch2/Catch.cmake OPTIONAL)
find_package(Catch2 REQUIRED)
include(Catch)

# papertape_test(<name> LABEL unit|integration SOURCES ... DEPS ...)
function(papertape_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPS" ${ARGN})
  papertape_program(${name} SOURCES ${ARG_SOURCES} DEPS ${ARG_DEPS} papertape::test_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  set(environment)
  if(PAPERTAPE_SANITIZER STREQUAL "thread")
    # The list of addresses to be silent about is searched from end to end at every report, suppressed ones included.
    set(options "ignore_noninstrumented_modules=1:suppress_equal_addresses=0")
    set(environment ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp:${options}")
  endif()
  # Labelled by discovery; a test that hangs is killed, never waited for.
  catch_discover_tests(${name} TEST_PREFIX "${ARG_LABEL}/" PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120 ${environment})
endfunction()
