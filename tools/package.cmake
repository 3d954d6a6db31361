# What `cpack -G DEB` makes of the install rules: `nspsim`, the program with its pages, and `libnspsim-dev`, the library.
set(CPACK_PACKAGE_NAME nspsim)
set(CPACK_PACKAGE_VENDOR "the nspsim contributors")
set(CPACK_PACKAGE_CONTACT "the nspsim contributors <nspsim@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulator for Azure network security perimeters")
set(CPACK_PACKAGE_INSTALL_DIRECTORY nspsim)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program dev)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME nspsim)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# What the drivers in share/nspsim/scale drive.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "parallel, python3-distributed, slurm-client")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
"nspsim answers who can reach what in a virtual network security perimeter:
it reads Azure documents and pages of expectations, decides each attempt by
the documented rules, and says which clause decided and what was nearly
enough.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libnspsim-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libfmt-dev, nettle-dev, libsimdjson-dev, libpcap-dev, zlib1g-dev, libcmark-gfm-dev, libcmark-gfm-extensions-dev, libboost-dev, libssl-dev, libldns-dev")
set(CPACK_DEBIAN_DEV_DESCRIPTION
"The library of nspsim: headers, static libraries and a CMake package, so that
a program can evaluate attempts against a network security perimeter itself.")
include(CPack)
