# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A stock Debian kernel for the guest: its packages, a disk with its modules, and an
# initramfs of our own that boots faster than the one that Debian would make.

# What the guest's first process needs, in this order; the rest is left to udev.
KERNEL_EARLY_MODULES='virtio_pci virtio_blk virtio_console crc32c_generic ext4'

# Run where apt knows the release's packages: the newest version of the kernel named, from whichever
# of its suites has it (backports bring linux-image-amd64 again, others linux-image-VERSION-amd64), and
# the headers in the same go: an archive drops old versions, and the two must match.
# shellcheck disable=SC2016
KERNEL_FETCH='
    # Package, version and suite of the newest.
    set -- $(apt-cache madison linux-image-amd64 "linux-image-$kernel-amd64" 2>/dev/null |
        awk -v kernel="$kernel" "kernel == \"own\" || index(\$3, kernel \".\") == 1 { print \$1, \$3, \$6 }" |
        { if [ "$kernel" = own ]; then grep -v backports; else cat; fi; } | sort -k 2,2rV | head -n 1)
    [ $# = 3 ] || exit 0
    package=$1 version=$2 suite=${3%/main}
    headers=linux-headers${package#linux-image}
    apt-get -q -y --no-install-recommends --print-uris -t "$suite" install "$package=$version" "$headers=$version" |
        sed -n "s/^.* \(linux-\(image\|modules\|binary\|base\|headers\|kbuild\)[-_][^ ]*\)_\([^ _]*\)_[a-z0-9]*\.deb .*/\1=\3/p" |
        sed "s/%3a/:/" | xargs apt-get -q download busybox-static'

# kernel_debs RELEASE KERNEL: the name of the cached folder with the packages, which is made when it is not there
kernel_debs() {
    local name=debs-$1-$2
    cached "$name" kernel_debs_make "$1" "$2" >&2
    echo "$VM/$name"
}

# kernel_debs_make FOLDER RELEASE KERNEL
kernel_debs_make() {
    local folder=$1 release=$2 kernel=$3 debs
    note "downloading the kernel of $release ($kernel)"
    logged "debs-$release-$kernel" apt_fetch "$release" "$folder" "kernel=$kernel$KERNEL_FETCH"
    debs=("$folder"/linux-image-[0-9]*.deb)
    [ -e "${debs[0]}" ] || die 77 "the apt sources of $release have no package of the kernel $kernel"
}

# kernel_name RELEASE KERNEL: 6.12, say, also when the kernel was asked for as the release's own
kernel_name() {
    local deb
    if [ "$2" != own ]; then
        echo "$2"
        return
    fi
    deb=$(basename "$(echo "$(kernel_debs "$1" own)"/linux-image-[0-9]*.deb)")
    [[ $deb =~ ^linux-image-([0-9]+\.[0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

kernel_key() {
    echo "kernel-$1-$2-$(cat "$ROOT/tests/vm/lib/kernel.sh" "$ROOT/tests/vm/guest/init" | sha256sum | cut -c1-12)"
}

# kernel_make FOLDER RELEASE KERNEL: leaves version, vmlinuz, initrd and modules.img there
kernel_make() {
    local folder=$1 release=$2 kernel=$3 tree=$1/tree debs deb version size
    debs=$(kernel_debs "$release" "$kernel")
    note "preparing the kernel of $release ($kernel)"
    # Before Debian 13 they lie in /lib and /bin, since then in /usr.
    mkdir -p "$tree/usr/lib" "$tree/usr/bin"
    ln -s usr/lib usr/bin "$tree/"
    for deb in "$debs"/linux-{image,modules,binary,base}-*.deb "$debs"/busybox-static*.deb; do
        [ ! -e "$deb" ] || dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tree" --keep-directory-symlink
    done
    version=$(basename "$(echo "$tree"/lib/modules/*)")
    echo "$version" >"$folder/version"
    # Since 7.x it lies beside its modules.
    find "$tree/boot/vmlinuz-$version" "$tree/lib/modules/$version/vmlinuz" -type f -exec mv {} "$folder/vmlinuz" \; -quit 2>/dev/null ||
        true
    [ -e "$folder/vmlinuz" ] || die 1 "the packages of the kernel $version in $debs have no vmlinuz"
    depmod -b "$tree" "$version"

    kernel_initrd "$folder" "$tree" "$version"

    size=$(du -sm "$tree/lib/modules/" | cut -f1)
    logged "modules-$release-$kernel" "${AS_ROOT[@]}" mke2fs -q -t ext4 -O '^has_journal' -m 0 -d "$tree/lib/modules/$version" \
        "$folder/modules.img" "$((size * 5 / 4 + 64))M"
    rm -rf "$tree"
}

# kernel_initrd FOLDER TREE VERSION
kernel_initrd() {
    local folder=$1 tree=$2 version=$3 initrd=$1/initrd.d module path
    mkdir -p "$initrd"/{bin,dev,proc,sys,root,modules}
    cp "$tree/bin/busybox" "$initrd/bin/"
    cp "$ROOT/tests/vm/guest/init" "$initrd/init"
    chmod +x "$initrd/init"
    for module in $KERNEL_EARLY_MODULES; do
        modprobe -d "$tree" -S "$version" --show-depends "$module" 2>/dev/null || true
    done | awk '$1 == "insmod" && !/crc32c-intel/ && !seen[$2]++ { print $2 }' >"$initrd/modules.paths"
    while read -r path; do
        # Plain, as busybox knows no xz.
        if [ "${path%.xz}" != "$path" ]; then
            xz -dc "$path" >"$initrd/modules/$(basename "$path" .xz)"
        else
            cp "$path" "$initrd/modules/"
        fi
        basename "$path" .xz
    done <"$initrd/modules.paths" >"$initrd/modules.list"
    rm "$initrd/modules.paths"
    (cd "$initrd" && find . | cpio --quiet -o -H newc --owner=0:0) >"$folder/initrd"
    rm -rf "$initrd"
}

# kernel_headers FOLDER RELEASE KERNEL: the tree to build a module with, to be laid over a build root's /usr
kernel_headers_make() {
    local folder=$1 release=$2 kernel=$3 debs deb
    debs=$(kernel_debs "$release" "$kernel")
    for deb in "$debs"/linux-headers-[0-9]*.deb "$debs"/linux-kbuild-*.deb; do
        dpkg-deb -x "$deb" "$folder"
    done
    # The package that only names the newest version has brought a folder of documentation alone.
    rm -rf "$folder/usr/share"
    # It is there for type information only, for which the build would want one more tool (pahole).
    rm -f "$folder"/usr/src/linux-headers-*/vmlinux
}
