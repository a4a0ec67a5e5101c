#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Instance files with one mistake each: `cuiod --check` names its file, line and cause, and fails.
# The first line of each says which: "# expect: LINE: TEXT", LINE 0 for the file as a whole, or
# "# expect: FILE:LINE: TEXT" for a mistake in the description it names. TAP.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cuiod=${CUIOD:-${BUILD:-$here/../../build}/cuiod}
failed=0

check() {
    local file=$1 name expected line text place output status=0
    name=$(basename "$file" .conf)
    expected=$(sed -n '1s/^# expect: //p' "$file")
    if [[ $expected =~ ^(([a-z.-]+):)?([0-9]+):\ (.*)$ ]]; then
        place=${BASH_REMATCH[2]:-$(basename "$file")}
        line=${BASH_REMATCH[3]}
        text=${BASH_REMATCH[4]}
    else
        echo "not ok - $name"
        echo "# no '# expect: LINE: TEXT' in its first line"
        return 1
    fi
    place=$place:
    [ "$line" = 0 ] || place=$place$line:
    output=$(timeout 20 "$cuiod" --check "$file" 2>&1) || status=$?
    if [ "$status" = 1 ] && grep -F -- "/$place " <<<"$output" | grep -qF -- "$text"; then
        echo "ok - $name is refused with its line"
        return 0
    fi
    echo "not ok - $name is refused with its line"
    printf '# exit status %s, expected 1 and: %s %s\n' "$status" "$place" "$text"
    printf '%s\n' "$output" | sed 's/^/# /'
    return 1
}

for file in "$here"/broken-conf/*.conf; do
    check "$file" || failed=1
done
exit $failed
