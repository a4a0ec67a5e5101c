# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A root tree of a release with its compiler and the libraries' headers: what a guest runs is built
# there, with that release's tools and libraries, whatever this machine has.

# For cuio, for the kernel's modules, for programs of 32 bits, for unit tests.
BUILD_ROOT_PACKAGES='gcc libc6-dev make pkgconf
    libfuse3-dev libsystemd-dev libpci-dev libinih-dev libsmartcols-dev libseccomp-dev check
    libelf1 libssl3 gcc-multilib'

# build_root_key RELEASE PACKAGE...
build_root_key() {
    local release=$1
    shift
    echo "build-$release-$({ printf '%s\n' "$@" | sort -u; cat "$ROOT/tests/vm/lib/build_root.sh" "$ROOT/tests/vm/lib/apt.sh"; } |
        sha256sum | cut -c1-12)"
}

# build_root_make FOLDER RELEASE PACKAGE...: leaves the tree there, and the list of libraries that programs built in it run with
build_root_make() {
    local folder=$1 release=$2 include log
    shift 2
    # shellcheck disable=SC2086
    include=$(printf '%s,' $BUILD_ROOT_PACKAGES "$@")
    log=$VM/log/$(basename "$folder" .new)
    note "making the build root of $release${*:+ with $*} (about a minute, once)"
    # As a tar file: mmdebstrap may run in a user name space that cannot write here. Who builds is the
    # owner of everything.
    apt_tree "$release" "$log" "$folder/root.tar" --format=tar --include="${include%,}"
    mkdir "$folder/tree"
    tar -x -C "$folder/tree" --no-same-owner --exclude='./dev/*' -f "$folder/root.tar"
    rm "$folder/root.tar"
    find "$folder/tree" ! -type l ! -perm -u=rw -exec chmod u+rw {} +
    build_root_libraries "$folder/tree/var/lib/dpkg/status" >"$folder/libraries"
}

# build_root_libraries STATUS-FILE: the packages of the shared libraries that cuio is linked with
build_root_libraries() {
    awk -v RS= '/^Package: lib(fuse3|systemd|pci|inih|smartcols|seccomp)-dev\n/ {
        if (match($0, /\nDepends: [^\n]*/)) {
            n = split(substr($0, RSTART + 10, RLENGTH - 10), words, /[ ,|]+/)
            for (i = 1; i <= n; i++)
                if (words[i] ~ /^lib(fuse3|systemd|pci|inih|smartcols|seccomp)[0-9-]*(t64)?$/)
                    print words[i]
        }
    }' "$1" | sort -u
}

# build_root RELEASE PACKAGE...: its cached folder, which is made when it is not there
build_root() {
    local name
    name=$(build_root_key "$@")
    cached "$name" build_root_make "$@" >&2
    echo "$VM/$name"
}

# Further options of bwrap, such as --setenv NAME VALUE.
BUILD_ROOT_OPTIONS=()

# build_root_run FOLDER HEADERS COMMAND...: in the tree of a build root's folder, with the source and the build
# folder where they are outside. HEADERS is a folder of kernel_headers_make(), or empty.
build_root_run() {
    local tree=$1/tree headers=$2 folder options
    shift 2
    options=(--clearenv --bind "$tree" / --dev /dev --proc /proc --tmpfs /tmp --bind "$ROOT" "$ROOT")
    for folder in "$BUILD" "$VM"; do
        mkdir -p "$folder"
        [[ $folder == "$ROOT"/* ]] || options+=(--bind "$folder" "$folder")
    done
    if [ -n "$headers" ]; then
        for folder in "$headers"/usr/src/* "$headers"/usr/lib/linux-kbuild*; do
            options+=(--ro-bind "$folder" "/${folder#"$headers"/}")
        done
        folder=$(echo "$headers"/usr/src/linux-headers-*-amd64)
        options+=(--setenv KDIR "/usr/src/${folder##*/}")
    fi
    # Who runs it is root inside, and owns what is written.
    [ "$(id -u)" = 0 ] || options+=(--unshare-user --uid 0 --gid 0)
    bwrap "${options[@]}" --unshare-pid --unshare-ipc --unshare-net --die-with-parent --chdir "$ROOT" \
        --setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --setenv HOME /root --setenv LC_ALL C.UTF-8 \
        --setenv BUILD "$BUILD" "${BUILD_ROOT_OPTIONS[@]}" "$@"
}

# built_in RELEASE: the folder for what is built in its root, emptied when that is another one than last time
built_in() {
    local folder=$BUILD/$1 key
    key=$(build_root_key "$1")
    if [ "$(cat "$folder/build-root" 2>/dev/null)" != "$key" ]; then
        rm -rf "$folder"
        mkdir -p "$folder"
        echo "$key" >"$folder/build-root"
    fi
    echo "$folder"
}
