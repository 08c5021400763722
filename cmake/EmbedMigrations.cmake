# cmake -D TARGET=<name> -D DIRECTORY=<of the .sql files> -D OUTPUT=<path without ending> -P EmbedMigrations.cmake
# Writes <OUTPUT>.h and <OUTPUT>.cpp; see papertape_migrations in Layers.cmake.
file(GLOB ups RELATIVE ${DIRECTORY} ${DIRECTORY}/V*.sql)
list(FILTER ups EXCLUDE REGEX "\\.down\\.sql$")
list(SORT ups)  # three digits each, so the order of names is the order of versions

set(entries "")
foreach(up IN LISTS ups)
  if(NOT up MATCHES "^V([0-9][0-9][0-9])__([a-z0-9_]+)\\.sql$")
    message(FATAL_ERROR "${DIRECTORY}/${up}: migrations are named V001__what_it_does.sql")
  endif()
  math(EXPR version "1${CMAKE_MATCH_1} - 1000")
  set(name ${CMAKE_MATCH_2})
  string(REGEX REPLACE "\\.sql$" ".down.sql" down ${up})
  if(NOT EXISTS ${DIRECTORY}/${down})
    message(FATAL_ERROR "${DIRECTORY}/${up}: its way back, ${down}, is missing")
  endif()
  file(READ ${DIRECTORY}/${up} up_text)
  file(READ ${DIRECTORY}/${down} down_text)
  string(APPEND entries "      {${version}, \"${name}\", R\"papertape(${up_text})papertape\",\n"
                        "       R\"papertape(${down_text})papertape\"},\n")
endforeach()

file(WRITE ${OUTPUT}.h "// Generated from ${TARGET}'s .sql files.
#pragma once

#include <vector>

#include \"libs/pg/migrator.h\"

namespace papertape::${TARGET} {
const std::vector<pg::Migration>& Migrations();
}  // namespace papertape::${TARGET}
")
file(WRITE ${OUTPUT}.cpp "// Generated from ${TARGET}'s .sql files.
#include \"migrations/${TARGET}.h\"

namespace papertape::${TARGET} {
const std::vector<pg::Migration>& Migrations() {
  static const auto* const migrations = new std::vector<pg::Migration>{
${entries}  };
  return *migrations;
}
}  // namespace papertape::${TARGET}
")
