# `cpack -G DEB`, its packages inspected with dpkg-deb, the program run from the unpacked one.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)

set(packed ${WORK}/deb)
file(REMOVE_RECURSE ${packed})
run(cpack 0 ${CMAKE_CPACK_COMMAND} -G DEB --config ${BUILD}/CPackConfig.cmake -B ${packed})
file(GLOB program ${packed}/nspsim_*.deb)
file(GLOB library ${packed}/libnspsim-dev_*.deb)

run(contents 0 dpkg-deb --contents ${program})
foreach(path bin/nspsim share/nspsim/scenarios/ share/nspsim/schemas/ share/man/man1/nspsim.1
        share/bash-completion/completions/nspsim share/zsh/ share/fish/ share/doc/nspsim/LICENSE)
  expect_text(contents "${output}" "./usr/${path}")
endforeach()
string(FIND "${output}" "./usr/include" at)
if(NOT at EQUAL -1)
  message(SEND_ERROR "headers belong to libnspsim-dev, not nspsim")
endif()

run(fields 0 dpkg-deb --field ${program} Package Maintainer Section Depends Description)
expect_text(fields "${output}" "Package: nspsim\n")
expect_text(fields "${output}" "Maintainer: the nspsim contributors <")
expect_text(fields "${output}" "Section: net\n")
expect_text(fields "${output}" "libc6")
expect_text(fields "${output}" "libcmark-gfm")
expect_text(fields "${output}" "simulator for Azure network security perimeters")

run(contents 0 dpkg-deb --contents ${library})
expect_text(contents "${output}" "./usr/include/nspsim/sim/decision/evaluate.h")
expect_text(contents "${output}" "nspsimConfig.cmake")

run(unpack 0 dpkg-deb --extract ${program} ${packed}/root)
run(pages 0 IN ${packed} ${packed}/root/usr/bin/nspsim run)
expect_text(pages "${output}" "passed")
