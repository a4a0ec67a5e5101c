# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Debian packages for the guest, through mmdebstrap: with this machine's apt
# sources when it runs bookworm itself, else with mmdebstrap's own.

# Prints the files that name this machine's bookworm sources, one a line.
apt_sources() {
    local id='' codename=''
    id=$(. /etc/os-release && echo "${ID-}")
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
    [ "$id/$codename" = debian/bookworm ] || return 0
    grep -lsw bookworm /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources || true
}

# apt_mmdebstrap TARGET OPTION...: mmdebstrap with this machine's sources and its ways to reach them
apt_mmdebstrap() {
    local target=$1 sources settings
    shift
    mapfile -t sources < <(apt_sources)
    # As text: a file of ours may be out of reach in mmdebstrap's own name space.
    mapfile -t settings < <(apt-config dump | grep -E '^Acquire::(https?|ftp|Check-|Retries|Max-|Min-)' |
        sed 's/^/--aptopt=/; s/;$//')
    mmdebstrap --architectures=amd64 --aptopt='APT::Install-Recommends "false"' \
        --aptopt='APT::Sandbox::User "root"' "${settings[@]}" "$@" bookworm "$target" "${sources[@]}"
}

# apt_fetch FOLDER PATTERN PACKAGE...: downloads the packages, and of all they depend on those
# whose name matches PATTERN, without installing anything
apt_fetch() {
    local folder=$1 pattern=$2
    shift 2
    # This runs in mmdebstrap's own name space, where only the new tree can be written.
    # shellcheck disable=SC2016
    local hook='
        set -e
        export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
        mkdir "$1/debs"
        cd "$1/debs"
        apt-cache depends --recurse --important --no-conflicts --no-breaks --no-replaces '"$*"' |
            grep -E "^('"$pattern"')" | sort -u | xargs apt-get -q download'
    apt_mmdebstrap /dev/null --format=null --variant=custom \
        --customize-hook="$hook" --customize-hook="sync-out /debs $folder"
}

# apt_source FOLDER PACKAGE: downloads its source as upstream released it
apt_source() {
    local folder=$1 package=$2
    # shellcheck disable=SC2016
    local hook='
        set -e
        export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
        sed -i "s/^Types: deb$/Types: deb-src/; s/^deb /deb-src /" "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* || true
        apt-get -q update
        mkdir "$1/source"
        cd "$1/source"
        apt-get -q source --tar-only --download-only '"$package"
    apt_mmdebstrap /dev/null --format=null --variant=custom \
        --customize-hook="$hook" --customize-hook="sync-out /source $folder"
}
