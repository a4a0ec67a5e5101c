# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Where a bare Debian gets its packages from: what this machine's own apt says, for another release.

# Prints the codename of the Debian release that this machine runs, if it does.
own_release() {
    # shellcheck disable=SC1091
    (. /etc/os-release && [ "${ID-}" = debian ] && echo "${VERSION_CODENAME-}") || true
}

# sources_print RELEASE: its lines of sources.list, from this machine's mirror when it runs Debian itself
sources_print() {
    local own lines=''
    own=$(own_release)
    if [ -n "$own" ] && command -v apt-get >/dev/null; then
        # shellcheck disable=SC2016
        lines=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' 'Identifier: Packages' |
            awk -v own="$own" -v release="$1" '
                $1 == "Debian" && $2 == "main" && $3 ~ "^" own "(-updates|-security)?$" && !seen[$3]++ {
                    sub(own, release, $3)
                    print "deb", $4, $3, "main"
                }')
    fi
    if [ -z "$lines" ]; then
        lines="deb http://deb.debian.org/debian $1 main
deb http://deb.debian.org/debian $1-updates main
deb http://deb.debian.org/debian-security $1-security main"
    fi
    printf '%s\n' "$lines"
}

# Prints how this machine's apt reaches them, as options of mmdebstrap; they stay in the new tree.
sources_options() {
    apt-config dump | grep -E '^Acquire::(https?|ftp|Check-|Retries|Max-|Min-)' | sed 's/^/--aptopt=/; s/;$//'
}
