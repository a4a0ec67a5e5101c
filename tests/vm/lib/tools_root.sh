# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A build root with more tools: those that this machine may lack, or have too old.

# What builds packages, what looks at them, and an emulator.
TOOLS_PACKAGES='build-essential debhelper lintian devscripts locales faketime qemu-system-x86'

# tools_root RELEASE: prints the root's folder
tools_root() {
    # shellcheck disable=SC2086
    build_root "$1" $TOOLS_PACKAGES
}
