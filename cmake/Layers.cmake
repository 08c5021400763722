# One CMake target per layer. A layer sees what it names in DEPS and nothing else, so a forbidden include does not compile.

# papertape_library(<name> SOURCES a.cpp ... DEPS papertape::x ...): static library `<name>` with alias papertape::<name>.
function(papertape_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  add_library(papertape::${name} ALIAS ${name})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE papertape_warnings)
endfunction()

# papertape_program(<name> SOURCES ... DEPS ...): an executable in build/<preset>/bin.
function(papertape_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} papertape_warnings)
  # A tenth of a gRPC call was malloc. The sanitizers bring their own.
  if(name MATCHES "^papertape-" AND NOT PAPERTAPE_SANITIZER)
    target_link_libraries(${name} PRIVATE ${JEMALLOC})
  endif()
endfunction()

# papertape_use_grpc_pch(<target>): the gRPC and protobuf headers, precompiled once for the tree.
function(papertape_use_grpc_pch)
  foreach(target ${ARGN})
    target_precompile_headers(${target} REUSE_FROM grpc_pch)
  endforeach()
endfunction()

# papertape_migrations(<target> <directory>): compiles the files V001__name.sql and V001__name.down.sql of <directory>
# into <target>, which then has, in "migrations/<target>.h",
#   const std::vector<papertape::pg::Migration>& papertape::<target>::Migrations();
# The directory is listed anew at each build: a migration is added by adding its two files.
function(papertape_migrations target directory)
  cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  file(GLOB files CONFIGURE_DEPENDS ${directory}/*.sql)
  set(generated ${CMAKE_BINARY_DIR}/generated/migrations/${target})
  add_custom_command(
    OUTPUT ${generated}.h ${generated}.cpp
    COMMAND ${CMAKE_COMMAND} -D TARGET=${target} -D DIRECTORY=${directory} -D OUTPUT=${generated}
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/EmbedMigrations.cmake
    COMMENT "Embedding the migrations of ${target}")
  target_sources(${target} PRIVATE ${generated}.cpp ${generated}.h)
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(${target} PUBLIC papertape::pg)
endfunction()
