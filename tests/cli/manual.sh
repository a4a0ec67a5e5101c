#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages: without fault, and true where a test knows what is true.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/vm/lib/tap.sh"
cd "$here/.." || exit 1

for page in $(git ls-files '*.[1-8]'); do
    if command -v mandoc >/dev/null; then
        ok "manual page ${page##*/}" mandoc -Tlint -Wwarning "$page"
    else
        skip "manual page ${page##*/}" 'no mandoc on this machine'
    fi
done

# A guest's suite.d/harness.sh claims that the file is true.
is "cuio(7) names what tests/vm/platforms.txt has" \
    "$(sed -n 's/^\.It \([a-z]*\) Ta \([^ ]*\) Ta \([^ ]*\) Ta \([^ ]*\)$/\1 \2 \3 \4/p' daemon/cuio.7)" \
    "$(grep -v '^#' tests/vm/platforms.txt | cut -d ' ' -f 1-4)"
