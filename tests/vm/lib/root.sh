# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The guest's root tree as a disk image: Debian bookworm with systemd, what cuio
# runs with, what tests use, and the packages that a test asks for.

ROOT_PACKAGES='systemd systemd-sysv udev dbus kmod procps util-linux util-linux-extra
    libfuse3-3 libpci3 libinih1 libsmartcols1 libsystemd0
    pciutils strace python3 bash coreutils grep sed findutils diffutils'

# One image for each set of packages, and a new one when the recipe changes.
root_key() {
    echo "root-$({ printf '%s\n' "$@" | sort -u; cat "$ROOT/tests/vm/lib/root.sh" "$ROOT/tests/vm/guest/customize"; } |
        sha256sum | cut -c1-12)"
}

# root_make FOLDER PACKAGE...: leaves root.img there
root_make() {
    local folder=$1 tree=$1/tree include package log
    shift
    # shellcheck disable=SC2086
    include=$(printf '%s,' $ROOT_PACKAGES "$@")
    log=$VM/log/$(basename "$folder" .new)
    note "making the root tree${*:+ with $*} (about a minute, once)"
    # The tree comes as a tar file: mmdebstrap may run in a user name space that cannot write here.
    if ! apt_mmdebstrap "$folder/root.tar" --format=tar --variant=minbase --include="${include%,}" \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --customize-hook="$(cat "$ROOT/tests/vm/guest/customize")" >"$log" 2>&1; then
        package=$(sed -n 's/^E: Unable to locate package //p' "$log" | head -n 1)
        [ -z "$package" ] || die 1 "the apt sources have no package $package"
        tail -n 15 "$log" >&2
        die 1 "cannot make the root tree (all of it in $log)"
    fi
    mkdir "$tree"
    # shellcheck disable=SC2016
    logged "$(basename "$log")-image" "${AS_ROOT[@]}" sh -euc '
        tar -x -p -C "$1" --numeric-owner --exclude="./dev/*" -f "$2"
        mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$1" "$3" 4G' - "$tree" "$folder/root.tar" "$folder/root.img"
    rm -rf "$tree" "$folder/root.tar"
}
