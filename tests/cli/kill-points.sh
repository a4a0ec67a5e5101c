#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The places where the tests' daemon kills itself: all are tried in the guest, none is in the daemon
# that is installed.
set -u
cd "$(dirname "$0")/../.." || exit 1
cuiod=${BUILD:-build}/cuiod

points=$(grep -rhoE 'PROBE\("[^"]+"\)' daemon | cut -d'"' -f2 | sort -u)
tried=$({
    sed -n 's/^    "\([a-z-]*\)": ".*/\1/p' tests/vm/killable/points.py
    sed -n 's/^for point in \(.*\); do$/\1/p' tests/vm/suite.d/saved-memory.sh | tr ' ' '\n'
} | sort -u)
if [ "$points" = "$tried" ]; then
    echo "ok - each kill point is tried in the guest"
else
    echo "not ok - each kill point is tried in the guest"
    diff <(echo "$points") <(echo "$tried") | sed -n 's/^</# not tried:/p; s/^>/# not in the source:/p'
fi

# Names that no other text has.
found=$(grep -e - <<<"$points" | while read -r point; do
    ! grep -qaF -e "$point" "$cuiod" || echo "$point"
done)
if [ "$(grep -ce - <<<"$points")" -gt 3 ] && [ -x "$cuiod" ] && [ -z "$found" ]; then
    echo "ok - the daemon that is installed has none"
else
    echo "not ok - the daemon that is installed has none"
    printf '%s\n' "$found" | sed "s,^,# in $cuiod: ,"
fi
