#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Includes go strictly down: a file of one layer includes its own and lower ones only. cuioctl has base/
# and include/cuio below it.
set -u
cd "$(dirname "$0")/../.." || exit 1

# From the top down; test has the place of the front in unit tests of drivers; include/cuio is below all of them, and includes nothing of daemon/.
layers=(test front device config driver regmap hardware base)

height() {
    local i
    for i in "${!layers[@]}"; do
        [ "${layers[$i]}" = "$1" ] && echo "$i" && return
    done
}

# A register's driver and a description know no open files; the helper is a program of its own that
# needs the card and its instance, not its service.
wrong=$(grep -rnoE '^#include "[a-z_]+/[a-z_/]+\.h"' daemon/*/ | while IFS=: read -r file line include; do
    target=${include#*\"}
    target=${target%%/*}
    own=${file#daemon/}
    own=${own%%/*}
    if [ "$own" = helper ]; then
        case "$target" in front) echo "$file:$line: the helper includes $target/" ;; esac
        continue
    fi
    if [ "$target" = helper ]; then
        echo "$file:$line: $own includes the helper"
    elif [ -z "$(height "$target")" ]; then
        [ -e "daemon/$own/$target" ] || echo "$file:$line: there is no layer $target"
    elif [ "$(height "$target")" -lt "$(height "$own")" ]; then
        echo "$file:$line: $own includes $target/, which is above it"
    fi
done)

wrong+=$(grep -rnoE '^#include "[a-z_]+\.h"' daemon/*/ | while IFS=: read -r file line include; do
    header=${include#*\"}
    [ ! -e "daemon/${header%\"}" ] || echo "$file:$line: a layer includes ${header%\"}, which is above all of them"
done)

wrong+=$(grep -rnoE '^#include "[a-z_0-9]+/.*"' client | grep -v ':#include "base/')
wrong+=$(grep -rnoE '^#include "client/' daemon)

if [ -z "$wrong" ]; then
    echo "ok - includes go strictly down"
else
    echo "not ok - includes go strictly down"
    printf '%s\n' "$wrong" | sed 's/^/# /'
fi

# What a kind of device means to programs is said without its chips, which know one header of it.
mixed=$(
    grep -rnE '^#include ("driver/|<linux/serial_reg)' daemon/driver/class | grep -v '"driver/class/'
    grep -rnE '^#include "driver/class/' daemon/driver --include='*.[ch]' | grep -v ^daemon/driver/class/ |
        grep -vE '"driver/class/([a-z]+|([a-z]+)/\2)\.h"'
)
if [ -z "$mixed" ]; then
    echo "ok - classes and chips are apart"
else
    echo "not ok - classes and chips are apart"
    printf '%s\n' "$mixed" | sed 's/^/# /'
fi

public=$(grep -nE '^#include "' include/cuio/*.h)
if [ -z "$public" ]; then
    echo "ok - public headers stand alone"
else
    echo "not ok - public headers stand alone"
    printf '%s\n' "$public" | sed 's/^/# /'
fi

# Somebody's program, with whatever warnings it has, and in either language.
alone=$(for header in include/cuio/*.h; do
    for compiler in "${CC:-cc} -x c -std=c99" "clang++ -x c++ -std=c++11"; do
        command -v "${compiler%% *}" >/dev/null || continue
        # shellcheck disable=SC2086
        echo "#include <${header#include/}>" | $compiler -pedantic -Wall -Wextra -Wconversion -Wsign-conversion \
            -Wshadow -Werror -Iinclude -fsyntax-only - 2>&1
    done
done)
if [ -z "$alone" ]; then
    echo "ok - public headers compile alone, as C99 and as C++"
else
    echo "not ok - public headers compile alone, as C99 and as C++"
    printf '%s\n' "$alone" | head -n 20 | sed 's/^/# /'
fi

# Two fronts, what they share, and the making of a mount.
fuse=$(grep -rlE '^#include <(fuse|cuse)_lowlevel.h>' daemon include client |
    grep -vE "^daemon/(front/(cuse|file|decode|reply)|base/mountpoint).c$")
if [ -z "$fuse" ]; then
    echo "ok - libfuse is known to few files"
else
    echo "not ok - libfuse is known to few files"
    printf '# %s\n' $fuse
fi

# Distributions build libfuse with its defaults: what an option of its build adds is not there (custom
# I/O since 3.18.3, io_uring), and then no session would start.
optional=$(git grep -nE 'fuse_session_custom_io|fuse_custom_io|fuse_req_is_uring|fuse_req_get_payload|FUSE_CAP_OVER_IO_URING' -- '*.c' '*.h')
if [ -z "$optional" ]; then
    echo "ok - of libfuse nothing is used that not every build has"
else
    echo "not ok - of libfuse nothing is used that not every build has"
    printf '%s\n' "$optional" | sed 's/^/# /'
fi

bare=$(git ls-files '*.c' '*.h' '*.sh' '*.device' '*.service*' '*.rules*' | xargs grep -L SPDX-License-Identifier)
if [ -z "$bare" ]; then
    echo "ok - every source says its licence"
else
    echo "not ok - every source says its licence"
    printf '# %s\n' $bare
fi

large=$(git ls-files '*.c' '*.h' | xargs wc -l | awk '$2 != "total" && $1 > 450 { print $2 ": " $1 " lines" }' |
    grep -vFf <(sed -n 's/^large: //p' CONTRIBUTING.md 2>/dev/null | awk '{ print $1 ":" }'))
if [ -z "$large" ]; then
    echo "ok - no file is above 450 lines without a reason"
else
    echo "not ok - no file is above 450 lines without a reason"
    printf '# %s\n' "$large"
fi
