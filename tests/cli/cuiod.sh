#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cuiod's command line; broken.sh has what it finds in files.
set -u
cd "$(dirname "$0")/../.." || exit 1
cuiod=${BUILD:-build}/cuiod
work=$(mktemp -d)
output=$work/output
trap 'rm -rf "$work"' EXIT

# status_is NAME STATUS ARGUMENT...
status_is() {
    local name=$1 expected=$2 status=0
    shift 2
    "$cuiod" "$@" >"$output" 2>&1 || status=$?
    if [ "$status" = "$expected" ]; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        echo "# cuiod $*: status $status, not $expected"
        sed 's/^/# /' "$output"
    fi
}

# says NAME TEXT: what the last command printed holds this
says() {
    if grep -qF -- "$2" "$output"; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        echo "# no \"$2\" in:"
        sed 's/^/# /' "$output"
    fi
}

status_is "no argument is wrong usage" 2
says "the usage is shown" "Usage: cuiod"
status_is "an unknown option is wrong usage" 2 --unknown
status_is "two names are wrong usage" 2 one two
status_is "--check wants a file" 2 --check
status_is "--check and --config do not go together" 2 --check --config x y
status_is "a name with a path is wrong usage" 2 ../edu0
status_is "--help" 0 --help
says "help names the service" "systemctl enable --now cuiod@NAME"
status_is "--version" 0 --version
says "the version" "cuiod "
status_is "no such instance" 1 no-such-instance
says "where it was looked for" "cuio/no-such-instance.conf"
status_is "no such file to check" 1 --check /nonexistent/x.device
says "which file" "/nonexistent/x.device"
status_is "a folder is no description" 1 --check /tmp/x.device/..
status_is "a device file is no description" 1 --check /dev/null

for device in daemon/driver/devices/*.device; do
    status_is "good: ${device##*/}" 0 --check "$device"
done

printf '[Window bar0]\nBar=0\n' >"$work/bad.device"
status_is "several files: a good one does not hide a bad one" 1 --check daemon/driver/devices/edu.device "$work/bad.device"
