# Makes one small tree a row and expects tools/check_floors.cmake to refuse it with the message of that row.
cmake_minimum_required(VERSION 3.25)
cmake_policy(VERSION 3.25)

set(good_floors "# comment\nbase:\nnet: base\nscenario: base net\n")
set(lab_floors "${good_floors}lab: base net\n")

# run(NAME FLOORS FILE CONTENT): lays out the tree, runs the checker, sets status and output.
function(run name floors file content)
  set(tree ${WORK}/${name})
  file(REMOVE_RECURSE ${tree})
  file(WRITE ${tree}/sim/FLOORS "${floors}")
  file(WRITE ${tree}/sim/base/text.h "#include <string>\n")
  file(WRITE ${tree}/${file} "${content}")
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${tree} -P ${CHECKER}
                  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  set(status ${status} PARENT_SCOPE)
  set(output "${out}${err}" PARENT_SCOPE)
endfunction()

function(accepts name file content)
  run(${name} "${good_floors}" ${file} "${content}")
  if(NOT status EQUAL 0)
    message(SEND_ERROR "${name}: should pass, said: ${output}")
  endif()
endfunction()

function(refuses name floors file content expected)
  run(${name} "${floors}" ${file} "${content}")
  string(FIND "${output}" "${expected}" at)
  if(status EQUAL 0 OR at EQUAL -1)
    message(SEND_ERROR "${name}: expected `${expected}`, got status ${status}: ${output}")
  endif()
endfunction()

accepts(downward sim/net/a.cc "#include \"sim/base/text.h\"\n#include \"sim/net/a.h\"\n#include <vector>\n")
accepts(library_at_home sim/scenario/page.cc "#include <cmark-gfm.h>\n#include <fmt/format.h>\n")
accepts(tools_take_all tools/nspsim/main.cc "#include <CLI/CLI.hpp>\n#include \"sim/net/a.h\"\n#include \"tools/nspsim/x.h\"\n")
run(private_room "${lab_floors}" sim/lab/wire/a.h "#include <boost/asio.hpp>\n")
if(NOT status EQUAL 0)
  message(SEND_ERROR "private_room: should pass, said: ${output}")
endif()
refuses(private_room_from_outside "${lab_floors}" sim/net/a.cc "#include \"sim/lab/wire/a.h\"\n"
        "sim/net/a.cc: `sim/lab/wire/a.h` is private to `lab`")
refuses(upward "${good_floors}" sim/base/up.cc "#include \"sim/net/a.h\"\n"
        "sim/base/up.cc: `base` may not include `sim/net/a.h`")
refuses(upward_indented "${good_floors}" sim/base/up.h "  #  include  \"sim/net/a.h\"\n"
        "sim/base/up.h: `base` may not include `sim/net/a.h`")
refuses(not_granted "${good_floors}lab: base\n" sim/lab/a.cc "#include \"sim/net/a.h\"\n"
        "sim/lab/a.cc: `lab` may not include `sim/net/a.h`")
refuses(relative "${good_floors}" sim/net/a.cc "#include \"../base/text.h\"\n"
        "sim/net/a.cc: `../base/text.h` is not an include from the root")
refuses(beside "${good_floors}" sim/base/a.cc "#include \"text.h\"\n"
        "sim/base/a.cc: `text.h` is not an include from the root")
refuses(program_from_library "${good_floors}" sim/base/a.cc "#include \"tools/nspsim/command.h\"\n"
        "sim/base/a.cc: `tools/nspsim/command.h` is not an include from the root")
refuses(unlisted "${good_floors}" sim/attic/a.cc "#include <string>\n"
        "sim/attic/a.cc: `attic` has no line in sim/FLOORS")
refuses(no_floor "${good_floors}" sim/a.cc "#include <string>\n" "sim/a.cc: lies on no floor")
refuses(upward_line "base: net\nnet: base\n" sim/base/a.cc "" "`base` names `net`, which is not on a line above it")
refuses(self_line "base: base\n" sim/base/a.cc "" "`base` names `base`, which is not on a line above it")
refuses(odd_line "base:\nNet base\n" sim/base/a.cc "" "cannot read `Net base`")
refuses(no_lines "# nothing\n" sim/base/a.cc "" "names no floor")
refuses(library_abroad "${good_floors}" sim/net/a.cc "#include <nlohmann/json.hpp>\n"
        "sim/net/a.cc: includes `nlohmann`, which belongs to `document`, `report`")
refuses(library_in_quotes "${good_floors}" sim/net/a.cc "#include \"simdjson.h\"\n"
        "sim/net/a.cc: includes `simdjson`, which belongs to `access_log`")
refuses(library_in_header "${good_floors}" sim/scenario/page.h "#include <cmark-gfm.h>\n"
        "sim/scenario/page.h: a header includes `cmark-gfm`, only .cc files may")
refuses(extension_library "${good_floors}" sim/base/page.cc "#include <cmark-gfm-core-extensions.h>\n"
        "sim/base/page.cc: includes `cmark-gfm`, which belongs to `scenario`")
refuses(library_in_a_sub_folder "${good_floors}" sim/net/deep/a.cc "#include <nettle/sha1.h>\n"
        "sim/net/deep/a.cc: includes `nettle`, which belongs to `document`")
refuses(library_in_tools "${good_floors}" tools/nspsim/a.cc "#include <pcap.h>\n"
        "tools/nspsim/a.cc: includes `pcap`, which belongs to `capture`")
refuses(network_in_engine "${good_floors}" sim/net/a.cc "#include <boost/asio.hpp>\n"
        "sim/net/a.cc: includes `boost`, which belongs to `lab`")
