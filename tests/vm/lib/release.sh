# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The Debian releases that guests and build roots are made of. Any other suite of Debian's archive
# (sid, the release after the next) works by its name, with its own kernel.

DEFAULT_RELEASE=trixie

# release_kernel RELEASE: the kernel that a guest of it boots when no other is named
release_kernel() {
    case $1 in
    bookworm) echo 6.1 ;;
    trixie) echo 6.12 ;;
    # Its own: what the archive has today.
    *) echo own ;;
    esac
}

# release_suites RELEASE: the archive's suites that packages of it come from
release_suites() {
    case $1 in
    bookworm | trixie) echo "$1 $1-updates $1-security $1-backports" ;;
    *) echo "$1" ;;
    esac
}

# release_check RELEASE: fails, with the reason, for what can be no name of a suite
release_check() {
    [[ $1 =~ ^[a-z]+$ ]] || { echo "no release '$1': bookworm, trixie, forky or another suite of Debian's archive"; return 1; }
}

# kernel_check KERNEL
kernel_check() {
    [[ $1 =~ ^([1-9][0-9]*\.[0-9]+|own)$ ]] || { echo "no kernel '$1': a version such as 6.12, or own"; return 1; }
}
