# Compiles the library with the features that CONFIG_MAILPROTO_FEATURE_… name, and says where it will be.
function(mailproto_from_source triple library)
  find_program(CARGO cargo REQUIRED)
  set(features "")
  get_cmake_property(variables VARIABLES)
  foreach(variable IN LISTS variables)
    if(variable MATCHES "^CONFIG_MAILPROTO_FEATURE_(.+)$" AND ${variable})
      string(TOLOWER "${CMAKE_MATCH_1}" feature)
      string(REPLACE "_" "-" feature "${feature}")
      list(APPEND features "${feature}")
    endif()
  endforeach()
  list(JOIN features "," features)
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/mailproto")
  add_custom_target(mailproto_cargo
    COMMAND "${CMAKE_COMMAND}" -E env "CARGO_TARGET_DIR=${CMAKE_CURRENT_BINARY_DIR}/cargo"
            "${CARGO}" xtask chip "${triple}" --features "${features}" "${directory}"
    WORKING_DIRECTORY "${CONFIG_MAILPROTO_SOURCE_DIR}"
    BYPRODUCTS "${directory}/libmailproto.a"
    VERBATIM)
  set(${library} "${directory}/libmailproto.a" PARENT_SCOPE)
endfunction()
