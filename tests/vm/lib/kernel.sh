# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A stock Debian kernel for the guest: its packages, a disk with its modules, and an
# initramfs of our own that boots faster than the one that Debian would make.

# What the guest's first process needs, in this order; the rest is left to udev.
KERNEL_EARLY_MODULES='virtio_pci virtio_blk virtio_console crc32c_generic ext4'

# The kernel and the headers come in one go: an archive drops old versions, and they must match.
# kernel_debs_make FOLDER KERNEL
kernel_debs_make() {
    local folder=$1 kernel=$2 name=amd64
    [ "$kernel" = 6.1 ] || name=$kernel-amd64
    note "downloading Debian's kernel $kernel"
    logged "debs-$kernel" apt_fetch "$folder" "linux-image-[0-9][^ ]*-amd64$|linux-headers-[0-9]|linux-kbuild-|busybox-static" \
        "linux-image-$name" "linux-headers-$name" busybox-static
    ls "$folder"/linux-image-*.deb >/dev/null 2>&1 ||
        die 77 "the apt sources have no package linux-image-$name, which brings the kernel $kernel"
}

kernel_key() {
    echo "kernel-$1-$(cat "$ROOT/tests/vm/lib/kernel.sh" "$ROOT/tests/vm/guest/init" | sha256sum | cut -c1-12)"
}

# kernel_make FOLDER KERNEL: leaves version, vmlinuz, initrd and modules.img there
kernel_make() {
    local folder=$1 kernel=$2 tree=$1/tree deb version size
    cached "debs-$kernel" kernel_debs_make "$kernel"
    note "preparing the kernel $kernel"
    for deb in "$VM/debs-$kernel"/linux-image-*.deb "$VM/debs-$kernel"/busybox-static*.deb; do
        dpkg-deb -x "$deb" "$tree"
    done
    version=$(basename "$(echo "$tree"/lib/modules/*)")
    echo "$version" >"$folder/version"
    mv "$tree/boot/vmlinuz-$version" "$folder/vmlinuz"
    depmod -b "$tree" "$version"

    kernel_initrd "$folder" "$tree" "$version"

    size=$(du -sm "$tree/lib/modules" | cut -f1)
    logged "modules-$kernel" "${AS_ROOT[@]}" mke2fs -q -t ext4 -O '^has_journal' -m 0 -d "$tree/lib/modules/$version" \
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
        modprobe -d "$tree" -S "$version" --show-depends "$module" || true
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
