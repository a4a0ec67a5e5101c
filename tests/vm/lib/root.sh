# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's root tree as a disk image: a Debian release with systemd, the libraries that cuio runs
# with, what tests use, and the packages that a test asks for.

ROOT_PACKAGES='systemd systemd-sysv udev dbus kmod procps util-linux util-linux-extra
    pciutils strace python3 bash coreutils grep sed findutils diffutils'

# suite_packages: what the tests of suite.d ask for, all of it, so that one image serves all of them
suite_packages() {
    cat "$ROOT"/tests/vm/suite.d/*.sh | sed -n 's/^# vm: //p' | grep -oE -- '-p [a-z0-9][a-z0-9+.-]+' | cut -d ' ' -f 2 | sort -u
}

# root_recipe RELEASE: what the names of its images begin with, something else when they are made otherwise
root_recipe() {
    echo "root-$1-$(cat "$ROOT/tests/vm/lib/root.sh" "$ROOT/tests/vm/lib/apt.sh" "$ROOT/tests/vm/guest/customize" |
        sha256sum | cut -c1-12)"
}

# root_packages PACKAGE...: as a list that can be compared
root_packages() {
    [ $# = 0 ] || printf '%s\n' "$@" | LC_ALL=C sort -u
}

# root_find RELEASE PACKAGE...: the cached folder of an image that has the packages, perhaps more of them; nothing
# when there is none
root_find() {
    local release=$1 list
    shift
    for list in "$VM/$(root_recipe "$release")"-*/packages; do
        if [ -e "$list" ] && [ -z "$(LC_ALL=C comm -23 <(root_packages "$@") "$list")" ]; then
            dirname "$list"
            return
        fi
    done
}

# root_image RELEASE PACKAGE...: such a folder, which is made when there is none
root_image() {
    local release=$1 folder
    folder=$(root_find "$@")
    if [ -z "$folder" ]; then
        shift
        folder=$VM/$(root_recipe "$release")-$(root_packages "$@" | sha256sum | cut -c1-12)
        cached "$(basename "$folder")" root_make "$release" "$@" >&2
    fi
    echo "$folder"
}

# root_make FOLDER RELEASE PACKAGE...: leaves root.img and packages there
root_make() {
    local folder=$1 release=$2 tree=$1/tree libraries include log
    shift 2
    # Which ones depends on the release: what programs are linked with that are built there.
    libraries=$(build_root "$release")/libraries
    # shellcheck disable=SC2046,SC2086
    include=$(printf '%s,' $ROOT_PACKAGES $(cat "$libraries") "$@")
    log=$VM/log/$(basename "$folder" .new)
    note "making the root tree of $release${*:+ with $*} (about a minute, once)"
    # The tree comes as a tar file: mmdebstrap may run in a user name space that cannot write here.
    apt_tree "$release" "$log" "$folder/root.tar" --format=tar --include="${include%,}" \
        --customize-hook="$(cat "$ROOT/tests/vm/guest/customize")"
    mkdir "$tree"
    # shellcheck disable=SC2016
    logged "$(basename "$log")-image" "${AS_ROOT[@]}" sh -euc '
        tar -x -p -C "$1" --numeric-owner --exclude="./dev/*" -f "$2"
        # mke2fs reads every file, which root may do whatever its mode is.
        [ "$4" = 0 ] || find "$1" -type f ! -perm -u=r -exec chmod u+r {} +
        mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$1" "$3" 4G' - "$tree" "$folder/root.tar" "$folder/root.img" "$(id -u)"
    rm -rf "$tree" "$folder/root.tar"
    root_packages "$@" >"$folder/packages"
}
