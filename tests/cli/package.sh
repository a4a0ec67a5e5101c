#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages: what is in them, what lintian and hardening-check say; with LENGTH=long on every
# release, whether they are the same wherever and whenever they are built, and those for arm64.
# The first argument is another release than Debian's current one to look at.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/lib/release.sh
. tests/vm/lib/tap.sh
export BUILD
BUILD=$(realpath -m "${BUILD:-build}")
unset MAKEFLAGS MFLAGS MAKELEVEL WERROR VERSION DEB_BUILD_OPTIONS

# in_root COMMAND...: where the release's packages are built
in_root() {
    tests/vm/packages -x "$release" "$@"
}

# files PACKAGE FOLDER...: those of the package below the folders, as a list; its documentation apart
files() {
    local package=$1
    shift
    in_root dpkg-deb -c "$BUILD/$release/packages/first/${package}"_*.deb | awk '{ print $6 }' | grep -v '/$' | sort >"$TAP_OUTPUT"
    # shellcheck disable=SC2086
    grep -E "^\./($1)" "$TAP_OUTPUT" | xargs
}

# look: at the packages of $release
look() {
    local version first=$BUILD/$release/packages/first status=0
    tests/vm/packages "$BUILD/$release" >"$TAP_OUTPUT" 2>&1 || status=$?
    if [ "$status" = 77 ]; then
        skip "$release: packages" "$(tail -n 1 "$TAP_OUTPUT")"
        return
    elif [ "$status" != 0 ]; then
        fail "$release: make deb" "$(tail -n 25 "$TAP_OUTPUT")"
        return
    fi
    pass "$release: make deb"
    version=$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
    is "$release: the packages are of the source's version" "$(cd "$first" && echo *.deb)" \
        "cuio-dbgsym_${version}_amd64.deb cuio-dev_${version}_amd64.deb cuio_${version}_amd64.deb"
    is "$release: and so is the daemon in them" \
        "$(in_root sh -c 'dpkg-deb -x "$0" /tmp/x && /tmp/x/usr/sbin/cuiod --version' "$first/cuio_${version}_amd64.deb")" "cuiod $version"
    is "$release: programs, units, rules" "$(files cuio 'usr/(s?bin|lib|libexec)/|etc/')" \
        './usr/bin/cuioctl ./usr/lib/systemd/system/cuio-bind@.service ./usr/lib/systemd/system/cuio-sleep.service'`
        `' ./usr/lib/systemd/system/cuiod@.service ./usr/lib/systemd/system/sleep.target.wants/cuio-sleep.service'`
        `' ./usr/lib/udev/rules.d/60-cuio.rules ./usr/libexec/cuio/cuio-helper ./usr/sbin/cuiod'
    is "$release: every description, example and manual page" "$(files cuio 'usr/share/(cuio/devices|doc/cuio/examples|man)/' | xargs -n 1 basename | sort | xargs)" \
        "$(git ls-files 'daemon/driver/devices/*.device' 'systemd/examples/*.conf' '*.[124-8]' | grep -v ^tests/ |
            sed 's,.*/,,; s/\.[1-8]$/&.gz/' | sort | xargs)"
    is "$release: the headers, and what drivers are made with" \
        "$(files cuio-dev 'usr/(include|lib|share/(pkgconfig|cuio|man))/')" \
        "$({ git ls-files 'include/cuio/*.h' | sed 's,^,./usr/,'; git ls-files client/template | sed 's,^client,./usr/share/cuio,'
            printf './usr/%s\n' lib/x86_64-linux-gnu/libcuio-test.a lib/x86_64-linux-gnu/pkgconfig/cuio-test.pc \
                share/pkgconfig/cuio.pc share/man/man3/cuio-driver.3.gz; } | sort | xargs)"
    is "$release: lintian has nothing to say" \
        "$(in_root sh -c 'lintian --allow-root "$0"/*.changes 2>&1' "$first" | grep -v 'root privileges')" ''
    # What no program of the release has, such as CET where its C library lacks it, is not asked of these.
    # shellcheck disable=SC2016
    ok "$release: hardening-check finds what a small program has that is built with the release's flags" in_root sh -euc '
        dpkg-deb -x "$0"/cuio_*.deb /tmp/x
        cd /tmp
        echo "#include <stdio.h>
            int main(int n, char **words) { char text[20]; fgets(text, n, stdin); return printf(words[1], text); }" >small.c
        export DEB_BUILD_MAINT_OPTIONS=hardening=+all
        gcc $(dpkg-buildflags --get CPPFLAGS) $(dpkg-buildflags --get CFLAGS) -w -Wno-error -fPIE -pie \
            $(dpkg-buildflags --get LDFLAGS) -o small small.c
        hardening-check small | sed 1d >expected || true
        for program in usr/sbin/cuiod usr/bin/cuioctl usr/libexec/cuio/cuio-helper; do
            hardening-check x/$program | sed 1d | sed "s/ (.*//" >got || true
            sed "s/ (.*//" expected | diff - got
        done
        for kind in "Position Independent Executable" "Stack protected" "Fortify Source functions" "Read-only relocations" "Immediate binding"; do
            grep -q "^ $kind: yes" got
        done' "$first"
}

for release in "${1-$DEFAULT_RELEASE}" $([ "${LENGTH-}" != long ] || echo bookworm forky); do
    look
done
release=${1-$DEFAULT_RELEASE}

# Where nothing is installed for it, "make deb" says how to go on.
tests/vm/build-root -r "$release" make deb >"$TAP_OUTPUT" 2>&1
is "without dpkg-dev it says what to install" "$(grep -c 'apt install dpkg-dev' "$TAP_OUTPUT")" 1
in_root make deb O=/tmp/none DEB_FLAGS=-aarm64 >"$TAP_OUTPUT" 2>&1
is "without packages that it needs it says how to get them" \
    "$(sed -n 's/^make deb: \(unmet build dependencies\).* libfuse3-dev .*/\1/p; s/.*\(sudo apt-get build-dep -aarm64\).*/\1/p' "$TAP_OUTPUT" | xargs)" \
    "unmet build dependencies sudo apt-get build-dep -aarm64"
[ "${LENGTH-}" = long ] || exit 0

# Another folder, user's mask, time zone, language, home, day, and number of jobs.
# shellcheck disable=SC2016
ok "built elsewhere, in another year and by somebody else, they are the same to the bit" in_root sh -euc '
    localedef -i et_EE -f UTF-8 et_EE.UTF-8
    mkdir -p /tmp/another/place
    tar --exclude=./build --exclude=./.git -cf - . | tar -C /tmp/another/place -xf -
    cd /tmp/another/place
    umask 077
    env TZ=Pacific/Kiritimati LC_ALL=et_EE.UTF-8 HOME=/nonexistent USER=nobody DEB_BUILD_OPTIONS="nocheck parallel=1" \
        faketime -f +400d debian/make-packages /tmp/again -F
    cd "$0"
    for file in *.deb; do
        cmp "$file" "/tmp/again/$file"
    done' "$BUILD/$release/packages/first"

# shellcheck disable=SC2016
ok "arm64: make deb" tests/vm/packages -c "$release" make deb O="$BUILD/$release/arm64" DEB_FLAGS='-aarm64 -Pcross,nocheck'
# shellcheck disable=SC2016
ok "its programs are for that machine" tests/vm/packages -c "$release" sh -euc '
    dpkg-deb -x "$0"/cuio_*_arm64.deb /tmp/x
    for program in usr/sbin/cuiod usr/bin/cuioctl usr/libexec/cuio/cuio-helper; do
        aarch64-linux-gnu-readelf -h "/tmp/x/$program" | grep "Machine: *AArch64"
    done
    dpkg-deb -f "$0"/cuio_*_arm64.deb Depends | grep libfuse3-' "$BUILD/$release/arm64/deb"
