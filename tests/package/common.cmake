# run(WHAT STATUS ARGUMENTS…): runs a command, fails unless it exits with STATUS, sets `output` to what it printed.
function(run what status)
  cmake_parse_arguments(arg "" "IN" "" ${ARGN})
  if(NOT arg_IN)
    set(arg_IN ${WORK})
  endif()
  execute_process(COMMAND ${arg_UNPARSED_ARGUMENTS} WORKING_DIRECTORY ${arg_IN}
                  RESULT_VARIABLE got OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT got STREQUAL status)
    message(FATAL_ERROR "${what}: exit status ${got}, expected ${status}\n${out}${err}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

# expect_text(WHAT TEXT EXPECTED): fails unless TEXT contains EXPECTED.
function(expect_text what text expected)
  string(FIND "${text}" "${expected}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "${what}: expected to find `${expected}` in\n${text}")
  endif()
endfunction()

# configure_stranger(SOURCE BUILD): configures and builds a project against the installed package alone.
function(configure_stranger source build)
  file(REMOVE_RECURSE ${build})
  run(configure 0 ${CMAKE_COMMAND} -G Ninja -S ${source} -B ${build} -D CMAKE_PREFIX_PATH=${PREFIX}
      -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -D "CMAKE_CXX_FLAGS=${FLAGS}")
  run(build 0 ${CMAKE_COMMAND} --build ${build})
endfunction()
