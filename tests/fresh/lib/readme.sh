# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What README.md tells people to type, as it stands there.

# readme_block PATTERN: the first indented block after the line that matches
readme_block() {
    local block
    block=$(awk -v pattern="$1" '
        !found { found = $0 ~ pattern; next }
        /^    / { print substr($0, 5); shown = 1; next }
        /^$/ { if (shown) blank = blank "\n"; if (shown) print ""; next }
        shown { exit }' "$ROOT/README.md")
    [ -n "$block" ] || die 1 "README.md: no indented block after a line that matches '$1'"
    printf '%s\n' "$block"
}

# readme_commands USER PATTERN: such a block of commands; root leaves "sudo" away
readme_commands() {
    if [ "$1" = root ]; then
        readme_block "$2" | sed 's/^sudo //'
    else
        readme_block "$2"
    fi
}
