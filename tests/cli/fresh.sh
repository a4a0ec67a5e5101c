#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What README.md tells people to type, on a bare Debian, as root and as an ordinary user.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
run=$here/fresh/run
. "$here/vm/lib/tap.sh"

status_is 'no step is wrong usage' 2 "$run" -u
status_is 'an unknown step is wrong usage' 2 "$run" dance
status_is 'an unknown release is wrong usage' 2 "$run" -r sarge demo
status_is '--help is no failure' 0 "$run" --help
if [ "$(id -u)" = 0 ]; then
    status_is 'who may not make such a tree is told' 77 setpriv --reuid 65534 --regid 65534 --clear-groups "$run" demo
fi

# try OPTION... STEP...: it makes the claims
try() {
    local status=0
    "$run" "$@" || status=$?
    case $status in
    0 | 1) ;;
    77) skip "tests/fresh/run $*" "$("$run" "$@" 2>&1 | tail -n 1)" ;;
    *) fail "tests/fresh/run $*" "ended with status $status" ;;
    esac
}

if [ "${LENGTH-}" = long ]; then
    for release in bookworm trixie; do
        for user in '' -u; do
            # Each in a tree of its own: what one installs must not hide what another lacks.
            # shellcheck disable=SC2086
            {
                try -r $release $user demo
                try -r $release $user install card
                try -r $release $user needs units
            }
        done
    done
else
    # This machine's release. Every list of packages is tried, and the demo as both; left to the long form are the
    # making of the demo's root trees on a bare machine, README's commands without sudo, and "tests/needs check"
    # with it, which installs for the user what the demo does and for both what it does for root.
    try -u -c demo
    try -c demo
    try -u install card
    try needs units
fi
