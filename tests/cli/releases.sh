#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each release's own compilers: gcc and clang without a warning, the unit tests with its libraries, and
# under its sanitizers. Part of make check-long; in the short form gcc builds there what the guests run.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/vm/lib/tap.sh"
export BUILD=${BUILD:-$here/../build}
BUILD=$(realpath -m "$BUILD")

for release in $(grep -v '^#' "$here/vm/platforms.txt" | cut -d ' ' -f 1 | sort -u); do
    root=("$here/vm/build-root" -r "$release" -p clang -e CK_TAP_LOG_FILE_NAME=- -e CK_VERBOSITY=silent
        -e CK_TIMEOUT_MULTIPLIER=20 -e CUIO_KILLED_STRIDE=5003)
    make=(make -j "$(nproc)" WERROR=1)
    status=0
    "${root[@]}" true >"$TAP_OUTPUT" 2>&1 || status=$?
    if [ "$status" = 77 ]; then
        skip "$release: its compilers" "$(tail -n 1 "$TAP_OUTPUT")"
        continue
    fi
    ok "$release: gcc builds everything without a warning, and the unit tests pass" \
        "${root[@]}" "${make[@]}" O="$BUILD/$release/units" all units
    ok "$release: clang builds it without a warning" \
        "${root[@]}" "${make[@]}" CC=clang O="$BUILD/$release/clang"
    ok "$release: ASan and UBSan find nothing in the unit tests" \
        "${root[@]}" "${make[@]}" SAN=1 O="$BUILD/$release/san" units
done
