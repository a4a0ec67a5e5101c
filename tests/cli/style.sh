#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The source's form: shell scripts without a known trap, C as .clang-format has it.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/vm/lib/tap.sh"
cd "$here/.." || exit 1

# What runs in the guest reads tap.sh there.
mapfile -t scripts < <(git ls-files | xargs grep -lE '^#!/(bin/|usr/bin/env )(ba)?sh' | grep -v '^tests/vm/suite.d/')
if command -v shellcheck >/dev/null; then
    ok 'shellcheck' shellcheck -x -P SCRIPTDIR -S warning "${scripts[@]}"
else
    skip 'shellcheck' 'no shellcheck on this machine'
fi

# Each version formats a few lines otherwise: it is Debian 12's, wherever this runs.
format=(clang-format)
clang-format --version 2>/dev/null | grep -q 'version 14\.' ||
    format=("$here/vm/build-root" -r bookworm -p clang-format clang-format)
# shellcheck disable=SC2016
ok 'the format is .clang-format'\''s' sh -c 'git ls-files "*.c" "*.h" | xargs "$@" --dry-run -Werror' - "${format[@]}"
