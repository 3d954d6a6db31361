# A stranger's project, configured against the installed package alone, built and run.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)

set(source ${CMAKE_CURRENT_LIST_DIR}/stranger)
set(build ${WORK}/stranger)
configure_stranger(${source} ${build})

run(office 0 ${build}/reach ${source}/environment.json stdocs 203.0.113.7)
expect_text(office "${output}" "allow: inbound rule office\n")
run(stranger 0 ${build}/reach ${source}/environment.json stdocs 198.51.100.1)
expect_text(stranger "${output}" "deny: no inbound rule\n")
run("unknown resource" 3 ${build}/reach ${source}/environment.json nobody 198.51.100.1)
