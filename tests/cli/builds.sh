#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The source under other eyes: clang and the sanitizers.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(realpath -m "${BUILD:-build}")
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# ok NAME COMMAND...
ok() {
    local name=$1
    shift
    if "$@" >"$output" 2>&1; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        { grep -A 40 '^Failed:' "$output" || tail -n 25 "$output"; } | sed 's/^/# /'
    fi
}

# skip_without TOOL NAME: says so when the tool is lacking
lacks() {
    command -v "$1" >/dev/null && return 1
    echo "ok - $2 # SKIP no $1 on this machine"
}

export MAKEFLAGS=
unset BUILD
lacks clang "clang builds it without a warning" ||
    ok "clang builds it without a warning" make -j2 WERROR=1 CC=clang O="$build/clang"
ok "ASan and UBSan find nothing in the unit tests" env CUIO_KILLED_STRIDE=5003 make -j2 WERROR=1 SAN=1 O="$build/san" units
