# The module's CMakeLists.txt, as Zephyr would read it in PACKAGE, if its functions only told what they are given.
cmake_policy(VERSION 3.20)

function(zephyr_include_directories)
endfunction()
function(zephyr_library_import name library)
  message(NOTICE "library: ${library}")
endfunction()
function(add_custom_target)
  list(JOIN ARGN " " words)
  message(NOTICE "command: ${words}")
endfunction()
function(add_dependencies)
endfunction()
function(zephyr_compile_definitions)
  message(NOTICE "defined: ${ARGN}")
endfunction()

include("${PACKAGE}/zephyr/CMakeLists.txt")
