# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What all of the guest's tools share: folders, messages, tools, the cache.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# What fails in a command substitution fails its caller.
shopt -s inherit_errexit
BUILD=$(realpath -m "${BUILD:-$ROOT/build}")
VM=$(realpath -m "${VM_DIR:-$BUILD/vm}")
PROGRAM=tests/vm/$(basename "$0")
# Debian leaves these out of an ordinary user's PATH; mke2fs and depmod live there.
PATH=$PATH:/usr/sbin:/sbin
# Only root may make files that belong to root: for everybody else fakeroot pretends.
AS_ROOT=()
[ "$(id -u)" = 0 ] || AS_ROOT=(fakeroot)

note() {
    printf '%s: %s\n' "$PROGRAM" "$*" >&2
}

# die STATUS MESSAGE
die() {
    local status=$1
    shift
    note "$*"
    exit "$status"
}

# need TOOL PACKAGE: ends with 77 when this machine has no such tool
need() {
    command -v "$1" >/dev/null || die 77 "no $1 on this machine: apt install $2"
}

need_tools() {
    [ "$(uname -m)" = x86_64 ] || die 77 "the guests need an x86-64 machine, this is $(uname -m)"
    need qemu-system-x86_64 qemu-system-x86
    need mmdebstrap mmdebstrap
    need mke2fs e2fsprogs
    need depmod kmod
    need cpio cpio
    need xz xz-utils
    need bwrap bubblewrap
    [ "${#AS_ROOT[@]}" = 0 ] || need fakeroot fakeroot
    [ "${#AS_ROOT[@]}" = 0 ] || need newuidmap uidmap
}

# cached NAME FUNCTION ARGUMENT...: makes the folder $VM/NAME once, by calling FUNCTION with a
# temporary folder and the arguments. Others who want the same wait; what was interrupted is not kept.
cached() {
    local name=$1 make=$2
    shift 2
    [ ! -d "$VM/$name" ] || return 0
    mkdir -p "$VM/lock" "$VM/log"
    (
        flock 9
        [ ! -d "$VM/$name" ] || exit 0
        # shellcheck disable=SC2064
        trap "rm -rf '$VM/$name.new'" EXIT
        trap 'exit 143' TERM
        trap 'exit 130' INT
        rm -rf "$VM/$name.new"
        mkdir "$VM/$name.new"
        "$make" "$VM/$name.new" "$@"
        mv -T "$VM/$name.new" "$VM/$name"
    ) 9>"$VM/lock/$name"
}

# logged NAME COMMAND...: runs it with its output in a log, shows the end of that when it fails
logged() {
    local log=$VM/log/$1
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        die 1 "failed: $1 (all of it in $log)"
    fi
}
