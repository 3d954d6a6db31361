# `cmake --install` into a folder of its own.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)

file(REMOVE_RECURSE ${PREFIX})
run(install 0 ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX})
if(NOT EXISTS ${PREFIX}/include/nspsim/sim/decision/evaluate.h)
  message(SEND_ERROR "the headers are not installed under include/nspsim/sim")
endif()
file(GLOB_RECURSE stray ${PREFIX}/include/*.cc ${PREFIX}/include/*CMakeLists.txt)
if(stray)
  message(SEND_ERROR "installed beside the headers: ${stray}")
endif()
