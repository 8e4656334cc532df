# The component's CMakeLists.txt, as ESP-IDF would read it in PACKAGE, if its functions only told what they are given.
cmake_policy(VERSION 3.16)
set(COMPONENT_DIR "${PACKAGE}")
set(COMPONENT_LIB component)

function(idf_component_register)
endfunction()
function(add_prebuilt_library name library)
  message(NOTICE "library: ${library}")
endfunction()
function(target_link_libraries)
endfunction()

include("${PACKAGE}/CMakeLists.txt")
