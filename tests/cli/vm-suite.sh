#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/vm/suite itself, with a guest that only says what a guest would: what a script's lines ask for
# and what its host's end claims.
set -u

here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/vm/lib/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$TAP_OUTPUT"' EXIT
suite=$work/tests/vm/suite
mkdir -p "$work/tests/vm/suite.d"
cp -r "$here/vm/suite" "$here/vm/lib" "$work/tests/vm/"

cat >"$work/tests/vm/run" <<'END'
#!/bin/sh
echo "$@" >arguments
# A guest lives longer than its host takes to begin.
while [ -e beside-is-awaited ]; do sleep 0.1; done
printf '@begin script\nok - it runs\n\n@end 0\n'
END
cat >"$work/left" <<'END'
#!/bin/sh
ls "$1"
touch "$1/made"
END
cat >"$work/claims" <<'END'
#!/bin/sh
[ -e "$1/made" ] && echo "ok - what was made before is there"
echo "not ok - the host is content"
END
cat >"$work/beside" <<'END'
#!/bin/sh
echo $$ >pid
rm -f beside-is-awaited
exec sleep 1000
END
cat >"$work/ended" <<'END'
#!/bin/sh
! kill -0 "$(cat pid)" && echo "ok - it has ended"
END
chmod +x "$work/tests/vm/run" "$work/left" "$work/claims" "$work/beside" "$work/ended"

# script LINE...: the suite's output about one with these lines
script() {
    printf '#!/bin/sh\n' >"$work/tests/vm/suite.d/script.sh"
    printf '# %s\n' "$@" >>"$work/tests/vm/suite.d/script.sh"
    (cd "$work" && rm -f arguments && "$suite" script 2>&1)
}

is 'a script without a host has its own claims' "$(script)" 'ok - trixie-6.12/script: it runs'
script 'vm: -d a' 'vm-qemu: -object file,path=@RUN@/x' 'vm-qemu: -b @KERNEL@' >/dev/null
like 'arguments for QEMU come last' "$(cat "$work/arguments")" '*-d a *suite -- -object file,path=/*/x -b 6.12'
script 'vm-qemu: -b 1' 'vm-qemu: -c 2' 'vm-qemu: -b 1' >/dev/null
like 'and what is said twice comes once' "$(cat "$work/arguments")" '* -- -b 1 -c 2'
like 'what the host claims counts as the script'\''s' "$(script 'vm-before: ./left @RUN@' 'vm-after: ./claims @RUN@')" \
    'ok - trixie-6.12/script: it runs
*
ok - trixie-6.12/script: what was made before is there
not ok - trixie-6.12/script: the host is content'
like 'a host that claims nothing has failed' "$(script 'vm-after: true')" '*not ok - trixie-6.12/script: ran no test*'
like 'and one that ends with an error' "$(script 'vm-after: ./none')" '*not ok - trixie-6.12/script: ended with status 127*'
like 'no guest starts when the host is not ready' "$(script 'vm-before: false'; echo "$?"; ls "$work/arguments" 2>&1)" \
    '*failed: false*
1
*No such file*'
touch "$work/beside-is-awaited"
like 'a host beside the guest is there while it runs, and no longer' "$(script 'vm-host: ./beside' 'vm-after: ./ended')" \
    '*it runs*ok - trixie-6.12/script: it has ended'
like 'a line of an unknown kind is wrong usage' "$(script 'vm-befor: true'; echo "$?")" '*vm-befor: true*
2'
