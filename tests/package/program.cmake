# The installed program finds its pages from any folder.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)

set(elsewhere ${WORK}/elsewhere)
file(REMOVE_RECURSE ${elsewhere})
file(MAKE_DIRECTORY ${elsewhere})
run(version 0 IN ${elsewhere} ${PREFIX}/${BINDIR}/nspsim --version)
run(pages 0 IN ${elsewhere} ${PREFIX}/${BINDIR}/nspsim run)
expect_text(pages "${output}" "passed")
