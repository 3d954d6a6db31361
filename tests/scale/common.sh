# shellcheck shell=bash
# What the tests of tools/scale share: a folder of their own with logs, the reports of one run, and comparing. Tests run with
# NSPSIM, the program, and SOURCE, the root of the repository.
# shellcheck disable=SC2034  # set for the tests

scale=$SOURCE/tools/scale
environment=$SOURCE/fixtures/environments/rag.json
failures=0

fail() {
  printf 'FAILED: %s\n' "$1"
  failures=$((failures + 1))
}

skip() {
  if [ "${CI:-}" = true ]; then
    echo "failed: $*, and CI is to run this test"
    exit 1
  fi
  echo "skipped: $*"
  exit 77
}

# The path has a space, a quote and braces in it, which are also marks of GNU parallel.
enter_folder() {
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir "$folder/it's {} here"
  cd "$folder/it's {} here" || exit 1
}

# Logs of $1 days, in them what nobody can read and what is no JSON lines: gzip and an array. And one big file of all lines.
make_logs() {
  local files
  "$scale/make_logs" logs "$1" 40
  mapfile -t files < <(find logs -name PT1H.json | sort)
  echo '{"time":"2026-06-01T00:00:00Z","category":"NspNonsense"}' >>"${files[3]}"
  echo '{"time":"2026-06-01T00:00' >>"${files[7]}"
  gzip --no-name "${files[9]}"
  cat "${files[@]:10}" >all.jsonl
}

# one_run FORMAT WORDS…: the report of one run in one.FORMAT, its exit status in `one_status`.
one_run() {
  local format=$1
  shift
  one_status=0
  "$NSPSIM" "$@" --format "$format" >"one.$format" || one_status=$?
  [ -s "one.$format" ] || fail "one run printed nothing: $*"
}

# same FORMAT FILE STATUS WHAT: FILE is what one run printed, STATUS how it ended.
same() {
  [ "$3" = "$one_status" ] || fail "$4: exit status $3, one run $one_status"
  cmp "one.$1" "$2" || fail "$4: not what one run prints"
}

# expect_text FILE PATTERN WHAT
expect_text() {
  local text
  text=$(cat "$1")
  # shellcheck disable=SC2053  # a pattern
  [[ $text == $2 ]] || fail "$3: said: $text"
}

# A Python that has the module `distributed`, in `python`.
find_python() {
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import distributed' 2>/dev/null && return
  done
  skip "python3-distributed is not installed"
}
