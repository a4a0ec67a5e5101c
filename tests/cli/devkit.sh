#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the author of a driver outside this tree has: with nothing but what "make install" installs, the
# template of "cuioctl new driver" and the skeleton of cuio-driver(3) build without a warning and pass
# their tests.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/lib/tap.sh
build=$(realpath -m "${BUILD:-build}")
work=$(mktemp -d)
trap 'rm -rf "$work" "$TAP_OUTPUT"' EXIT
root=$work/root
export MAKEFLAGS=
unset BUILD VERSION DESTDIR CFLAGS CPPFLAGS LDFLAGS WERROR CC

[ -e "$build/cuiod" ] && [ -e "$build/libcuio-test.a" ] || make -s -j2 O="$build" all >"$TAP_OUTPUT" 2>&1 ||
    { tail "$TAP_OUTPUT"; exit 1; }
make O="$build" DESTDIR="$root" install >"$TAP_OUTPUT" 2>&1 || { tail "$TAP_OUTPUT"; exit 1; }
prefix=$root$(sed -n 's/^prefix=//p' "$build/paths")
manual=$(sed -n '/^\.Bd -literal$/,/^\.Ed$/p' "$prefix/share/man/man3/cuio-driver.3")
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$prefix/share/pkgconfig:$prefix/lib/pkgconfig
export PATH=$prefix/bin:$PATH
# Nothing else of this tree is to be found.
cd "$work" || exit 1

compilers=()
for compiler in gcc clang; do
    ! command -v "$compiler" >/dev/null || compilers+=("$compiler")
done
if [ "${#compilers[@]}" -lt 2 ]; then
    skip "both compilers" "this machine has ${compilers[*]} alone"
fi
strict='-O1 -pedantic -Wall -Wextra -Werror -Wconversion -Wshadow'

# builds FOLDER COMPILER STANDARD TARGET...: without a warning
builds() {
    local folder=$1 compiler=$2 standard=$3
    shift 3
    rm -rf built && cp -r "$folder" built &&
        make -C built CC="$compiler" CFLAGS="$strict -std=$standard" PKG_CONFIG=pkg-config "$@" && ! grep warning: "$TAP_OUTPUT"
}

# checked FILE SUFFIX...: cuiod --check finds nothing in these but that the plug-in is not installed
checked() {
    local file=$1 suffix name
    shift
    for suffix; do
        "$prefix/sbin/cuiod" --check "$file$suffix" >found 2>&1
        name=${file##*/}
        grep -vE -e ': good$' -e ": no driver $name, there are " -e ": no plug-in $name\.so in /" \
            -e ": no description \"$name\.device\" in /" found && return 1
    done
    return 0
}

# --- the template ---

ok "cuioctl new driver writes a folder" cuioctl new driver demo
like "it says what to type" "$(cat "$TAP_OUTPUT")" '*cd demo*make test*make install*systemctl start cuiod@demo*DEMO_START*/dev/demo*'
is "it has what is needed" "$(cd demo && echo *)" "Makefile demo.c demo.conf demo.device demo.h test_demo.c"
ok "a name with a dash, too" cuioctl new driver my-card_2
is "no mark is left" "$(grep -rlE '@(name|ident|NAME)@|@[A-Za-z]+@[^.]' demo my-card_2)" ''
for file in demo/demo my-card_2/my-card_2; do
    ok "${file#*/}.device and .conf are good" checked "$file" .device .conf
done

for compiler in "${compilers[@]}"; do
    for standard in c11 gnu17 gnu2x; do
        ok "demo builds: $compiler, $standard" builds demo "$compiler" "$standard" demo.so test_demo
        ok "its test passes: $compiler, $standard" timeout 60 make -C built test
    done
done
ok "a driver whose name has a dash builds, too, and passes" builds my-card_2 "${compilers[0]}" c11 my-card_2.so test
is "a plug-in has one symbol of its own" "$(nm -D --defined-only built/my-card_2.so | awk '{ print $3 }')" cuio_plugin
is "and needs nothing but what the contract has" \
    "$(nm -D -u built/my-card_2.so | awk '{ print $2 }' | grep -vE '^cuio_|^_|@GLIBC')" ''
cp -r demo broken
sed -i 's/state->ready = 1;/state->ready = 0;/' broken/demo.c
not_ok "the test fails where the driver does" timeout 60 make -C broken test
ok "make install" env PKG_CONFIG_SYSROOT_DIR= make -C built install DESTDIR="$work/installed"
is "puts each file where it is looked for" "$(cd installed && find . -type f | sort | xargs)" \
    "./etc/cuio/devices/my-card_2.device ./etc/cuio/my-card_2.conf ./usr/local/lib/cuio/drivers/my-card_2.so"

# --- the manual page ---

mkdir bell
# The blocks whose first line names a file.
printf '%s\n' "$manual" | awk '
    /^\.Bd/ { first = 1; next }
    /^\.Ed/ { file = ""; next }
    first { first = 0; name = $0; gsub(/[\/* #]/, "", name); file = "bell/" name }
    file { print >file }'
is "cuio-driver(3) has a driver, its description, its Makefile and its test" "$(cd bell && echo *)" \
    "Makefile bell.c bell.device test_bell.c"
sed -i 's/\\e/\\/g; s/\\&//g; s/\\-/-/g' bell/*
is "the Makefile has six lines" "$(grep -vc '^#' bell/Makefile)" 6
for compiler in "${compilers[@]}"; do
    for standard in c11 gnu17 gnu2x; do
        ok "the skeleton and its test build: $compiler, $standard" builds bell "$compiler" "$standard" bell.so test_bell
        ok "the test passes: $compiler, $standard" sh -c 'cd built && ./test_bell'
    done
done
ok "its description is good" checked bell/bell .device
