# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What is unpacked over the root tree at boot: cuio as "make install" puts it,
# the test's files, and the units that run the script.

# Reads what tests/vm/run sets: $release, $kernel_name, $killable, $script, $files, $variables, $run_dir
# shellcheck disable=SC2154

# payload_make RUN-FOLDER: leaves payload.tar there
payload_make() {
    local run=$1 stage=$1/stage folder
    mkdir "$stage"
    payload_cuio "$stage"
    payload_files "$stage/srv/cuio-test"
    [ -z "$killable" ] || payload_killable "$stage/srv/cuio-test"
    payload_runner "$stage"
    # /lib is a link into /usr, which a folder from the archive would replace.
    for folder in bin sbin lib lib64; do
        [ -d "$stage/$folder" ] || continue
        mkdir -p "$stage/usr/$folder"
        cp -a "$stage/$folder/." "$stage/usr/$folder/"
        rm -r "${stage:?}/$folder"
    done
    (cd "$stage" && tar --owner=0 --group=0 --numeric-owner -cf "$run/payload.tar" -- *)
    rm -rf "$stage"
}

# payload_build ARGUMENT...: make in the release's build root, one at a time whoever asks
payload_build() {
    local log=$run_dir/make.log
    (
        flock 9
        build_root_run "$(build_root "$release")" '' make -j "$(nproc)" prefix=/usr ${SAN:+SAN="$SAN"} "$@"
    ) >"$log" 2>&1 9>"$VM/lock/build-$release" || {
        tail -n 30 "$log" >&2
        die 1 "failed: make $*"
    }
}

# In a build folder of its own: the paths that are compiled in differ from those of a plain "make".
payload_cuio() {
    local stage=$1
    if [ -n "${VM_BARE-}" ]; then
        return
    fi
    payload_build O="$(built_in "$release")/cuio${SAN:+-san}" DESTDIR="$stage" all install
}

# The daemon that dies where it is told (tests/vm/killable/probe.c), for the unit of the one that is installed;
# and the same with larger records, as a later version might have.
payload_killable() {
    local target=$1 build
    build=$(built_in "$release")/killable${SAN:+-san}
    payload_build O="$build" KILL_POINTS=1 LTO= cuiod
    install -m 755 "$build/cuiod" "$target/cuiod-killable"
    build=$(built_in "$release")/grown${SAN:+-san}
    payload_grown_header "$build/later/device/record.h"
    payload_build O="$build" KILL_POINTS=1 LTO= CPPFLAGS="-iquote $build/later" cuiod
    install -m 755 "$build/cuiod" "$target/cuiod-grown"
}

payload_grown_header() {
    local header=$1
    mkdir -p "${header%/*}"
    sed 's/^\tuint64_t state\[\];/\tuint64_t grown[2];\n&/' "$ROOT/daemon/device/record.h" >"$header.new"
    [ "$(grep -c 'grown\[2\]' "$header.new")" = 3 ] || die 1 "not three kinds of records in daemon/device/record.h"
    cmp -s "$header.new" "$header" || cp "$header.new" "$header"
}

payload_files() {
    local target=$1 file name
    mkdir -p "$target"
    for file in "$script" "${files[@]}"; do
        name=$(basename "$(realpath -s "$file")")
        [ ! -e "$target/$name" ] || die 1 "two files named $name for the guest"
        cp -pRH "$file" "$target/$name"
    done
    chmod +x "$target/$(basename "$script")"
    # The script's folder is read by unprivileged programs under test, too.
    chmod -R u+rwX,go+rX "$target"
}

payload_runner() {
    local stage=$1 unit
    install -d "$stage/usr/lib/cuio-test" "$stage/etc/systemd/system"
    install -m 755 "$ROOT"/tests/vm/guest/{start,finish,relay} "$stage/usr/lib/cuio-test/"
    for unit in cuio-test.target cuio-test.service cuio-test-output.service; do
        install -m 644 "$ROOT/tests/vm/guest/$unit" "$stage/etc/systemd/system/"
    done
    printf '%s\n' "RELEASE=$release" "KERNEL_SHORT=$kernel_name" "LENGTH=${LENGTH-}" "${variables[@]}" >"$stage/usr/lib/cuio-test/environment"
    basename "$script" >"$stage/usr/lib/cuio-test/script"
}
