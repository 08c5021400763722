# One compiler setting for the whole tree. Our targets link `papertape_warnings`; generated code does not.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Paths relative to the tree, so that two checkouts share one cache; the PCH options are what ccache asks for.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()

find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM)
  add_link_options(-fuse-ld=lld)
endif()

add_library(papertape_warnings INTERFACE)
target_compile_options(papertape_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  # Designated initialisers name what differs from the default.
  -Wno-missing-field-initializers
  # GCC 12 sees overlaps and overflows in std::string's own code that are not there (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow>)

set(PAPERTAPE_SANITIZER "" CACHE STRING "address or thread: builds everything with that sanitizer")
if(PAPERTAPE_SANITIZER)
  add_compile_options(-fsanitize=${PAPERTAPE_SANITIZER} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${PAPERTAPE_SANITIZER})
  # ThreadSanitizer knows no fences. Asio's stand beside locks that it does know.
  if(PAPERTAPE_SANITIZER STREQUAL "thread")
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    # Under this name protobuf's map fields have another layout than in Debian's library.
    add_compile_options(-U__SANITIZE_THREAD__)
  endif()
  # With AddressSanitizer GCC 12 sees reads of what Boost's optional and std::regex leave empty.
  if(PAPERTAPE_SANITIZER STREQUAL "address")
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  endif()
endif()
