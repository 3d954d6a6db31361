# shellcheck shell=bash
# What the drivers in bash share: messages, where the program is, and how a command line of nspsim is taken apart. A driver
# sources this file after it has set `name`; what is set here for it is said at each function.

# shellcheck disable=SC2154  # `name`, of the driver
say() { printf '%s: %s\n' "$name" "$*" >&2; }

# fail STATUS MESSAGE
fail() {
  local status=$1
  shift
  say "error: $*"
  exit "$status"
}

# Sets `program`, which may be given already: NSPSIM, else the PATH, else beside this folder: installed, or in a build tree.
find_program() {
  local here candidate
  here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
  [ -n "$program" ] || program=${NSPSIM:-}
  if [ -n "$program" ]; then
    candidate=$(type -P -- "$program") || fail 2 "there is no program \`$program\`"
    program=$(realpath -- "$candidate")
    return
  fi
  for candidate in "$(type -P nspsim || true)" "$here/../../../bin/nspsim" "$here/../../build/release/tools/nspsim/nspsim"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      program=$(realpath -- "$candidate")
      return
    fi
  done
  fail 2 "there is no program \`nspsim\` on the PATH; name it with \`--program\`"
}

# whole_number WORD OPTION
whole_number() {
  case $1 in
    '' | *[!0-9]* | 0*) fail 2 "\`$1\` is no number of $2, expected 1 or more" ;;
  esac
}

# take_apart WORDS…: sets `command`, what every shard runs, and `at_the_end`, the words that say where the report goes and are
# for `nspsim merge`; adds to the latter.
take_apart() {
  command=()
  while [ $# -gt 0 ]; do
    case $1 in
      --output | --color)
        [ $# -ge 2 ] || fail 2 "\`$1\` needs a value"
        at_the_end+=("$1" "$2")
        shift
        ;;
      --output=* | --color=* | --quiet) at_the_end+=("$1") ;;
      --shard | --shard=*) fail 2 "\`--shard\` is given by $name itself: leave it out" ;;
      - | --logs=- | --capture=-) fail 2 "standard input cannot be cut into shards, expected files or folders" ;;
      *) command+=("$1") ;;
    esac
    shift
  done
  [ ${#command[@]} -gt 0 ] || fail 2 "expected a command of nspsim, such as \`replay --env site.json --logs insights-logs/\`"
}

# Whether `command` says with how many threads a shard is read.
says_jobs() {
  local word
  for word in "${command[@]}"; do
    case $word in --jobs | --jobs=*) return 0 ;; esac
  done
  return 1
}
