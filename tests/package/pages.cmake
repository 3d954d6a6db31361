# A project that links all libraries of the installed package.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)

set(build ${WORK}/pages)
configure_stranger(${CMAKE_CURRENT_LIST_DIR}/pages ${build})
run(pages 0 ${build}/pages ${PREFIX}/${DATADIR}/nspsim/scenarios/10-private-link)
expect_text(pages "${output}" "passed")
expect_text(pages "${output}" "{\"id\":\"1\",\"error\":")
