#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzzers' corpora, which have what was found once, and some thousand inputs made from them, the same each time.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/lib/tap.sh

why=$(tests/fuzz/run -b 2>&1)
status=$?
if [ "$status" = 77 ]; then
    echo "${why##*$'\n'}"
    exit 77
fi
ok 'the fuzzers are built without a warning' sh -c "test $status = 0 && ! printf '%s' \"\$1\" | grep -E 'warning|error'" - "$why"
ok 'descriptions: nothing crashes, hangs or leaves a buffer' tests/fuzz/run -r 20000 description
ok 'instance files: nothing crashes, hangs or leaves a buffer' tests/fuzz/run -r 30000 instance
ok 'hostile registers: nothing crashes, hangs or leaves a buffer' tests/fuzz/run -r 2000 hardware
ok 'forged saved memory: nothing crashes, hangs or leaves a buffer' tests/fuzz/run -r 2000 saved
ok 'requests of a hostile kernel, and kills: each is answered once' tests/fuzz/run -r 1000 requests
ok 'ioctls whose argument changes meanwhile: nothing crashes, hangs or leaves a buffer' tests/fuzz/run -r 1000 rounds
ok 'cuioctl and a hostile daemon: no crash, no hang, no control characters' tests/fuzz/run -r 30000 cuioctl
ok "the helper's inputs: nothing crashes, hangs or leaves a buffer" tests/fuzz/run -r 3000 helper
