# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The steps: each is a claim, and leaves its status in $tap_status.

# Reads what tests/fresh/run sets: $user, $try, $caches
# shellcheck disable=SC2154

# step_clone NAME LINE: in the clone, ending at the first command that fails
step_clone() {
    ok "$1" enter_shell "$user" "set -e; cd cuio; $2"
}

step_demo() {
    [ -z "$caches" ] || demo_caches
    step_clone "$1: make demo" 'make demo'
    enter_options=()
}

# What the demo does not make with -c: the root that cuio is built in, and the guest's root image. Left to make is
# the kernel, which takes mmdebstrap and all other tools on its way into the guest (tests/vm/lib/kernel.sh).
demo_caches() {
    local vm=cuio/build/vm folder home owner
    home=$(home_of "$user")
    owner=$(stat -c %u:%g "$try/root$home")
    enter "$user" mkdir -p "$vm"
    folder=$(build_root_key "$DEFAULT_RELEASE")
    if [ -d "$caches/$folder" ]; then
        # As if the user had made it: who builds is the owner of everything.
        cp -a --reflink=auto "$caches/$folder" "$try/root$home/$vm/"
        chown -R "$owner" "$try/root$home/$vm/$folder"
    fi
    folder=$(VM=$caches root_find "$DEFAULT_RELEASE")
    if [ -n "$folder" ]; then
        enter "$user" mkdir "$vm/$(basename "$folder")"
        enter_options+=(--bind-ro="$(realpath "$folder"):$home/$vm/$(basename "$folder")")
    fi
}

step_needs() {
    # What was installed is known as such.
    # shellcheck disable=SC2016
    step_clone "$1: tests/needs check" 'tests/needs check; [ -z "$(tests/needs check 2>&1)" ]'
}

# Each file for itself, which takes half the time and needs the same packages.
step_units() {
    step_clone "$1: make units" "make -j $(nproc) LTO= units"
}

step_install() {
    local commands
    commands=$(readme_commands "$user" '^## Install$')
    step_clone "$1: README's commands under \"Install\"" "$commands"
}

# README's device and instance are written where it says, then comes what it says next, which needs no card.
step_card() {
    local name check as_root=''
    [ "$user" = root ] || as_root=sudo
    for name in devices/mycard.device mycard.conf; do
        readme_block "/etc/cuio/$name" >"$try/root/srv/${name##*/}"
    done
    check=$(readme_commands "$user" '^\*\*4[.]' | grep -m 1 -w check)
    step_clone "$1: $check" "
        $as_root cp /srv/mycard.device /etc/cuio/devices/
        $as_root cp /srv/mycard.conf /etc/cuio/
        $check"
}
