#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What users get wrong: `cuiod --check` refuses each case of the tables in broken/, and says file, line and
# cause of it first. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
cuiod=${CUIOD:-${BUILD:-build}/cuiod}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# refused NAME FILE PLACE TEXT
refused() {
    local output status=0 first
    output=$(timeout 20 "$cuiod" --check "$2" 2>&1) || status=$?
    first=${output%%$'\n'*}
    if [ "$status" = 1 ] && [ -n "$4" ] && [[ $first = */"$3: "* ]] && [[ $first = *"$4"* ]]; then
        echo "ok - $1"
        return
    fi
    failed=1
    echo "not ok - $1"
    printf 'exit status %s, expected 1 and %s: %s\n%s\n' "$status" "$3" "$4" "$output" | sed 's/^/# /'
}

# try KIND SUFFIX LEAST: the table broken/KIND, whose cases become files with this suffix; how many there are
try() {
    local kind=$1 suffix=$2 least=$3 name='' file=/dev/null case='' place='' text='' blanks='' count=0 line
    while IFS= read -r line; do
        case $line in
        '') blanks+=$'\n' ;;
        '== '* | '++ '*)
            [ -z "$case" ] || refused "$kind: $case" "$file" "$place" "$text"
            name=${line:3} file=$work/${line:3} case='' place='' text='' blanks=''
            [[ $line = ++* ]] || case=$name file=$file$suffix count=$((count + 1))
            : >"$file"
            ;;
        '^ '*)
            text=${line:2} place=$name$suffix
            [ ! -s "$file" ] || place+=:$(wc -l <"$file")
            [[ $place = *:* ]] || ! [[ $text =~ ^([a-z.-]+:[0-9]+):\ (.*)$ ]] ||
                place=${BASH_REMATCH[1]} text=${BASH_REMATCH[2]}
            ;;
        *)
            printf '%s' "$blanks" >>"$file"
            blanks=''
            if [[ $line = @* ]]; then cat "$work/${line:1}"; else printf '%s\n' "$line"; fi >>"$file"
            ;;
        esac
    done < <(cat "tests/cli/broken/$kind" && echo '++ end')
    [ "$count" -ge "$least" ] && return
    failed=1
    echo "not ok - $kind: $count cases, expected $least at least"
}

try descriptions .device 97
try instances .conf 47
exit $failed
