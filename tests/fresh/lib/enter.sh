# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Commands in the bare root tree, which is their own root as on a real machine: in a chroot the kernel
# refuses user name spaces, and bubblewrap, which nothing set-user-ID works in, leaves no sudo.

# Reads what tests/fresh/run sets: $try, $release
# shellcheck disable=SC2154

# More options of systemd-nspawn
enter_options=()

# enter_shell USER LINE: after a login as the user
enter_shell() {
    local user=$1 line=$2 options=("${enter_options[@]}")
    # Without systemd there is nobody to ask for a scope; with it, a session's is not to be kept.
    [ -d /run/systemd/system ] || options+=(--keep-unit)
    # Its folder in /run in memory, which it expects and where it leaves nothing behind. All in the background: a
    # signal ends a wait, not a command.
    # shellcheck disable=SC2016
    unshare --mount --propagation private sh -euc '
        mkdir -p /run/systemd/nspawn
        mount -t tmpfs tmpfs /run/systemd/nspawn
        exec systemd-nspawn "$@"' - --quiet --register=no --suppress-sync=yes "${options[@]}" --machine="cuio-fresh-$$" --hostname=fresh \
        --directory="$try/root" --as-pid2 --console=pipe --capability=all --resolv-conf=copy-host \
        --bind="$VM/debs-$release:/var/cache/apt/archives" su --login "$user" --command "$line" </dev/null &
    wait $!
}

# enter USER COMMAND...
enter() {
    local user=$1
    shift
    enter_shell "$user" "$(printf '%q ' "$@")"
}

# However this ends, nothing runs on.
enter_stop() {
    local pids
    trap '' INT TERM HUP
    mapfile -t pids < <(jobs -p)
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait
}
