#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The source under other eyes: clang, sanitizers, installation, shell, format.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(realpath -m "${BUILD:-build}")
output=$(mktemp)
stage=$(mktemp -d)
trap 'rm -rf "$output" "$stage"' EXIT

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
    ok "clang builds it without a warning" make -j2 CC=clang O="$build/clang"
ok "ASan and UBSan find nothing in the unit tests" env CUIO_KILLED_STRIDE=5003 make -j2 SAN=1 O="$build/san" units

ok "make install" make O="$build" DESTDIR="$stage" install
for file in usr/local/sbin/cuiod usr/local/bin/cuioctl usr/local/libexec/cuio/cuio-helper \
    usr/local/share/man/man5/cuio.device.5 usr/local/share/man/man8/cuiod.8 \
    usr/local/share/cuio/devices/edu.device usr/local/share/doc/cuio/examples/edu0.conf \
    usr/local/include/cuio/driver.h usr/local/lib/systemd/system/cuiod@.service; do
    [ -e "$stage/$file" ] || echo "not ok - installed: $file"
done
ok "make uninstall" make O="$build" DESTDIR="$stage" uninstall
left=$(cd "$stage" && find . -type f)
if [ -z "$left" ]; then
    echo "ok - uninstall leaves no file"
else
    echo "not ok - uninstall leaves no file"
    printf '%s\n' "$left" | sed 's/^/# /'
fi

# What runs in the guest reads tap.sh there.
scripts=$(git ls-files | xargs grep -lE '^#!/(bin/|usr/bin/env )(ba)?sh' | grep -v '^tests/vm/suite.d/')
# shellcheck disable=SC2086
lacks shellcheck "shellcheck" || ok "shellcheck" shellcheck -x -P SCRIPTDIR -S warning $scripts
# shellcheck disable=SC2046
lacks clang-format "clang-format" ||
    ok "the format is .clang-format's" clang-format --dry-run -Werror $(git ls-files '*.c' '*.h')
