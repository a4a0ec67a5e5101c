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

# What the demo does not make with -c: root images, and the roots that cuio is built in. The kernel is not among
# it, which takes mmdebstrap and all other tools on its way into the guest (tests/vm/lib/kernel.sh).
demo_caches() {
    local folder name names=()
    for folder in "$caches"/{root,build}-*; do
        name=${folder##*/}
        [ -d "$folder" ] && [ "${name%.new}" = "$name" ] || continue
        names+=("cuio/build/vm/$name")
        enter_options+=(--bind-ro="$folder:$(home_of "$user")/cuio/build/vm/$name")
    done
    # systemd-nspawn would make the mount points root's.
    [ ${#names[@]} = 0 ] || enter "$user" mkdir -p "${names[@]}"
}

step_needs() {
    # What was installed is known as such.
    # shellcheck disable=SC2016
    step_clone "$1: tests/needs check" 'tests/needs check; [ -z "$(tests/needs check 2>&1)" ]'
}

step_units() {
    step_clone "$1: make units" "make -j $(nproc) units"
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
    check=$(readme_commands "$user" '^\*\*4[.]' | grep -m 1 -e ' --check ')
    step_clone "$1: $check" "
        $as_root cp /srv/mycard.device /etc/cuio/devices/
        $as_root cp /srv/mycard.conf /etc/cuio/
        $check"
}
