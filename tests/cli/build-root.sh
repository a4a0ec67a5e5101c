#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/vm/build-root itself: which release a command finds, what it can write, and what it is told.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
root=$here/vm/build-root
. "$here/vm/lib/tap.sh"
export BUILD=${BUILD:-$here/../build}
BUILD=$(realpath -m "$BUILD")

status_is 'no command is wrong usage' 2 "$root"
status_is 'an unknown option is wrong usage' 2 "$root" -x true
status_is 'what is no release is wrong usage' 2 "$root" -r Debian true
status_is 'what is no kernel is wrong usage' 2 "$root" -k new true
status_is 'a variable without a value is wrong usage' 2 "$root" -e NAME true
status_is '--help is no failure' 0 "$root" --help

"$root" true >"$TAP_OUTPUT" 2>&1
case $? in
0) ;;
77)
    skip 'a command runs in a root of the release' "$(tail -n 1 "$TAP_OUTPUT")"
    exit 0
    ;;
*) fail 'a command runs in a root of the release' "$(cat "$TAP_OUTPUT")" ;;
esac
# shellcheck disable=SC2016
is 'the release is the one that guests have' "$("$root" sh -c '. /etc/os-release && echo $VERSION_CODENAME')" trixie
status_is 'the status is the command'\''s' 7 "$root" sh -c 'exit 7'
is 'it begins in the source tree' "$("$root" ls README.md)" README.md
is 'it is root there' "$("$root" id -u)" 0
# shellcheck disable=SC2016
is 'it is told the build folder, and what -e says' "$("$root" -e TURNS=3 sh -c 'echo $BUILD $TURNS')" "$BUILD 3"
is 'and nothing else of this environment' "$(CFLAGS=-O0 "$root" env | grep -c CFLAGS)" 0
"$root" sh -c 'echo written >"$1"' - "$BUILD/trixie/.written"
is 'what it writes into the build folder is the caller'\''s' "$(stat -c %u "$BUILD/trixie/.written") $(cat "$BUILD/trixie/.written")" \
    "$(id -u) written"
rm -f "$BUILD/trixie/.written"
is 'there is no network' "$("$root" sed -n '3,$s/:.*//p' /proc/net/dev | xargs)" lo
# shellcheck disable=SC2016
like 'with -k there are that kernel'\''s headers' "$("$root" -k 6.12 sh -c 'make -s -C $KDIR kernelversion')" '6.12.*'
status_is 'an unknown package is a failure' 1 "$root" -p no-such-package-at-all true
like 'and is named' "$(cat "$TAP_OUTPUT")" '*of trixie have no package no-such-package-at-all'
