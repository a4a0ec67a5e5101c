#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make install: what it installs where, that it never compiles, that it takes everything away again;
# and that a build honours what packagers and users set.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/lib/tap.sh
build=$(realpath -m "${BUILD:-build}")
work=$(mktemp -d)
trap 'rm -rf "$work" "$TAP_OUTPUT"' EXIT
stage=$work/stage
export MAKEFLAGS=
unset BUILD VERSION DESTDIR CFLAGS CPPFLAGS LDFLAGS WERROR

# fails NAME TEXT COMMAND...: it fails, and says this
fails() {
    local name=$1 text=$2
    shift 2
    not_ok "$name" "$@"
    like "$name: it says so" "$(cat "$TAP_OUTPUT")" "*$text*"
}

# there FILE...: each is installed
there() {
    local file
    for file; do
        [ -f "$stage/$file" ] || { echo "not installed: $file"; return 1; }
    done
}

# --- what "make" has built is installed, and nothing is compiled ---

# built: what the build folder has of it
built() {
    find "$build"/{cuiod,cuioctl,cuio-helper,cuio.pc,cuio-test.pc,libcuio.a,libcuio-test.a,flags,paths,systemd,obj} -printf '%p %T@ %s\n' | sort
}

[ -e "$build/cuiod" ] || make -s -j2 O="$build" all >"$TAP_OUTPUT" 2>&1 || { tail "$TAP_OUTPUT"; exit 1; }
built >"$work/before"
compiles_not=(make O="$build" CC=false AR=false PKG_CONFIG=false CFLAGS=-O3 WERROR=1 DESTDIR="$stage")
ok "make install, where nothing could compile, and with other flags" "${compiles_not[@]}" install
built >"$work/after"
ok "it leaves the build as it is" diff "$work/before" "$work/after"
ok "everything is there" there usr/local/{sbin/cuiod,bin/cuioctl,libexec/cuio/cuio-helper} \
    usr/local/share/man/man{1/cuioctl.1,3/cuio-driver.3,5/cuio.device.5,7/cuio{,-file,.device-examples}.7,8/cuiod.8} \
    usr/local/share/cuio/{devices/edu.device,port-access.conf} usr/local/share/doc/cuio/{README.md,examples/edu0.conf} \
    usr/local/include/cuio/{driver,ioctl,test}.h usr/local/share/pkgconfig/cuio.pc \
    usr/local/lib/{libcuio-test.a,pkgconfig/cuio-test.pc} usr/local/share/cuio/template/driver/driver.c.in \
    usr/local/share/bash-completion/completions/cuioctl \
    usr/local/lib/systemd/system/{cuio{d,-bind}@,{,sleep.target.wants/}cuio-sleep}.service etc/udev/rules.d/60-cuio.rules
ok "and the folder for plug-ins" test -d "$stage/usr/local/lib/cuio/drivers"
is "it can be read by everybody" "$(find "$stage" ! -perm -a=r)" ""
fails "it says so for another prefix than it was built for" 'run "make prefix=/usr" first' \
    make O="$build" prefix=/usr DESTDIR="$work/none" install
fails "and where nothing was built" 'run "make" first' make O="$work/empty" DESTDIR="$work/none" install
ok "neither installs anything" test ! -e "$work/none" -a ! -e "$work/empty"
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
is "the version is that of the package" "$("$build/cuiod" --version) $("$build/cuioctl" --version)" \
    "cuiod $version cuioctl $version"

ok "make uninstall" make O="$build" DESTDIR="$stage" uninstall
is "leaves no file" "$(find "$stage" ! -type d)" ""
is "no folder of its own but that of the configuration" "$(cd "$stage" && find . -name 'cuio*')" ./etc/cuio

# --- a build with everything set ---

# logged NAME: a tool that logs what it is called with
logged() {
    printf '#!/bin/sh\necho "$@" >>%s.log\nexec %s "$@"\n' "$work/$1" "$(command -v "$1")" >"$work/$1"
    chmod +x "$work/$1"
}
for tool in cc ar pkg-config; do
    logged "$tool"
done
settings=(O="$work/build" prefix=/opt/cuio sysconfdir=/opt/etc CC="$work/cc" AR="$work/ar" PKG_CONFIG="$work/pkg-config"
    CFLAGS='-O0 -g1 -DCFLAGS_ARE_HERE' CPPFLAGS=-DCPPFLAGS_ARE_HERE LDFLAGS='-Wl,--defsym=ldflags_are_here=0' LTO=)
ok "a build with compiler, tools, flags and prefix of its own" make -j2 "${settings[@]}"
compiled=$(grep -c -- ' -c -o ' "$work/cc.log")
is "CFLAGS are in every compilation, and not ours" "$(grep -cE -- '-O0 -g1 -DCFLAGS_ARE_HERE.* -c -o ' "$work/cc.log") \
$(grep -cE -- ' -O[123]' "$work/cc.log")" "$compiled 0"
is "CPPFLAGS are, too" "$(grep -cE -- ' -DCPPFLAGS_ARE_HERE .* -c -o ' "$work/cc.log")" "$compiled"
is "no warning is an error" "$(grep -c -- -Werror "$work/cc.log")" 0
is "LDFLAGS are where something is linked" "$(grep -c -- '--defsym=ldflags_are_here=0' "$work/cc.log")" 3
ok "AR makes the archive" grep -q libcuio.a "$work/ar.log"
ok "PKG_CONFIG is asked for the libraries" grep -q fuse3 "$work/pkg-config.log"

stage=$work/opt
ok "make install of it" make "${settings[@]}" DESTDIR="$stage" install
ok "is where it was asked for" there opt/cuio/{sbin/cuiod,share/cuio/devices/edu.device,lib/systemd/system/cuiod@.service}
is "and nowhere else" "$(cd "$stage" && find . ! -type d ! -path './opt/*' ! -path './etc/udev/rules.d/*')" ""
ok "the unit starts the daemon that is there" \
    grep -qx 'ExecStart=/opt/cuio/sbin/cuiod %i' "$stage/opt/cuio/lib/systemd/system/cuiod@.service"
ok "which looks for its files there" sh -c "'$stage/opt/cuio/sbin/cuiod' --help | grep -F /opt/etc/cuio/NAME.conf"

export PKG_CONFIG_PATH=$stage/opt/cuio/share/pkgconfig:$stage/opt/cuio/lib/pkgconfig
is "pkg-config knows the headers" "$(pkg-config --cflags cuio | xargs) $(pkg-config --modversion cuio)" \
    "-I/opt/cuio/include $version"
is "and where plug-ins, descriptions and instance files go" \
    "$(for v in drivers devices instances; do pkg-config --variable=${v}dir cuio; done | xargs)" \
    "/usr/local/lib/cuio/drivers /opt/etc/cuio/devices /opt/etc/cuio"
is "and with what the tests of a driver are linked" "$(pkg-config --static --libs cuio-test | xargs)" \
    "-L/opt/cuio/lib -lcuio-test -linih"
printf '#include <cuio/edu.h>\n#include <cuio/driver.h>\n' >"$work/program.c"
# shellcheck disable=SC2046
ok "a program is compiled with them" "${CC:-cc}" -c -o "$work/program.o" \
    $(PKG_CONFIG_SYSROOT_DIR=$stage pkg-config --cflags cuio) "$work/program.c"
ok "make uninstall of it" make "${settings[@]}" DESTDIR="$stage" uninstall
ok "where no plug-ins are looked for there is no folder for them" test ! -e "$stage/opt/cuio/lib/cuio"
is "leaves nothing" "$(cd "$stage" && find . ! -type d; cd "$stage" && find . -name 'cuio*' ! -path ./opt/cuio)" ./opt/etc/cuio

# --- warnings ---

echo 'static int nobody_uses_this;' >"$work/warns.h"
object=$work/warned/obj/client/main.o
warned=(make O="$work/warned" CPPFLAGS="-include $work/warns.h" CFLAGS=-O0 LTO= "$object")
ok "a warning does not end a user's build" "${warned[@]}"
is "it is shown" "$(grep -c 'warning:.*nobody_uses_this' "$TAP_OUTPUT")" 1
fails "it ends a developer's, with WERROR=1" nobody_uses_this "${warned[@]}" WERROR=1
