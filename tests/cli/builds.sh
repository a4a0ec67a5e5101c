#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The source under other eyes: clang and the sanitizers.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/lib/tap.sh
build=$(realpath -m "${BUILD:-build}")

export MAKEFLAGS=
unset BUILD
if command -v clang >/dev/null; then
    ok "clang builds it without a warning" make -j2 WERROR=1 CC=clang O="$build/clang"
else
    skip "clang builds it without a warning" "no clang on this machine"
fi
ok "ASan and UBSan find nothing in the unit tests" env CUIO_KILLED_STRIDE=5003 make -j2 WERROR=1 SAN=1 O="$build/san" units
