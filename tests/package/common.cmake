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
