# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For test scripts in the guest: ". ./tap.sh", then claims, one line each for tests/run.

TAP_OUTPUT=$(mktemp)
trap 'rm -f "$TAP_OUTPUT"' EXIT

pass() {
    echo "ok - $1"
}

# fail NAME [DETAIL]
fail() {
    echo "not ok - $1"
    [ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

# skip NAME WHY
skip() {
    echo "ok - $1 # SKIP $2"
}

# ok NAME COMMAND...: the command succeeds
ok() {
    tap_name=$1
    shift
    tap_status=0
    "$@" >"$TAP_OUTPUT" 2>&1 || tap_status=$?
    if [ "$tap_status" = 0 ]; then
        pass "$tap_name"
    else
        fail "$tap_name" "$* ended with status $tap_status, and said:
$(tail -n 20 "$TAP_OUTPUT")"
    fi
}

# status_is NAME STATUS COMMAND...: the command ends with just this status
status_is() {
    tap_name=$1 tap_expected=$2
    shift 2
    tap_status=0
    "$@" >"$TAP_OUTPUT" 2>&1 || tap_status=$?
    if [ "$tap_status" = "$tap_expected" ]; then
        pass "$tap_name"
    else
        fail "$tap_name" "$* ended with status $tap_status, not $tap_expected, and said:
$(tail -n 20 "$TAP_OUTPUT")"
    fi
}

# not_ok NAME COMMAND...: the command fails
not_ok() {
    tap_name=$1
    shift
    if "$@" >"$TAP_OUTPUT" 2>&1; then
        fail "$tap_name" "$* succeeded, and said:
$(tail -n 20 "$TAP_OUTPUT")"
    else
        pass "$tap_name"
    fi
}

# is NAME ACTUAL EXPECTED: the two are the same text
is() {
    if [ "$2" = "$3" ]; then
        pass "$1"
    else
        fail "$1" "got:      $2
expected: $3"
    fi
}

# like NAME ACTUAL PATTERN: the text matches a shell pattern, such as '*word*'
like() {
    # shellcheck disable=SC2254
    case $2 in
    $3) pass "$1" ;;
    *) fail "$1" "got: $2
not like: $3" ;;
    esac
}

# Seconds that a test may wait are those of a machine of its own; others may have it, too.
TAP_PATIENCE=4

# eventually SECONDS COMMAND...: succeeds as soon as the command does. Only for what tells nobody that it happened.
eventually() {
    tap_until=$(($(cut -d. -f1 /proc/uptime) + $1 * TAP_PATIENCE))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(cut -d. -f1 /proc/uptime)" -lt "$tap_until" ] || return 1
        sleep 0.1
    done
}
