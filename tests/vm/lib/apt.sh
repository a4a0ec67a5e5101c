# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Debian packages of any release, through mmdebstrap: from the mirror that this machine's own apt
# uses when it runs Debian, else from Debian's.

APT_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_mirror security|archive: where packages come from
apt_mirror() {
    local kind=$1 mirror=''
    if [ "$(. /etc/os-release && echo "${ID-}")" = debian ]; then
        mirror=$(apt-get indextargets --format '$(RELEASE) $(SITE)' 'Identifier: Packages' 2>/dev/null |
            awk -v kind="$kind" '(kind == "security") == ($1 ~ /-security/) { print $2; exit }')
    fi
    case $kind in
    security) echo "${mirror:-http://deb.debian.org/debian-security}" ;;
    *) echo "${mirror:-http://deb.debian.org/debian}" ;;
    esac
}

# apt_sources RELEASE: lines for sources.list
apt_sources() {
    local suite mirror signed=''
    [ ! -e "$APT_KEYRING" ] || signed="[signed-by=$APT_KEYRING] "
    for suite in $(release_suites "$1"); do
        mirror=$(apt_mirror archive)
        [ "$suite" = "${suite%-security}" ] || mirror=$(apt_mirror security)
        echo "deb $signed$mirror $suite main"
    done
}

# apt_mmdebstrap RELEASE TARGET OPTION...: mmdebstrap with this machine's ways to reach the packages
apt_mmdebstrap() {
    local release=$1 target=$2 sources settings
    shift 2
    mapfile -t sources < <(apt_sources "$release")
    # As text: a file of ours may be out of reach in mmdebstrap's own name space.
    mapfile -t settings < <(apt-config dump | grep -E '^Acquire::(https?|ftp|Check-|Retries|Max-|Min-)' |
        sed 's/^/--aptopt=/; s/;$//')
    mmdebstrap --architectures=amd64 --aptopt='APT::Install-Recommends "false"' \
        --aptopt='APT::Sandbox::User "root"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
        "${settings[@]}" "$@" "$release" "$target" "${sources[@]}"
}

# apt_tree RELEASE LOG TARGET OPTION...: a root tree, with a clear word when it cannot be made
apt_tree() {
    local release=$1 log=$2 target=$3 package
    shift 3
    if apt_mmdebstrap "$release" "$target" --variant=minbase \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' "$@" >"$log" 2>&1; then
        return
    fi
    package=$(sed -n 's/^E: Unable to locate package //p' "$log" | head -n 1)
    [ -z "$package" ] || die 1 "the apt sources of $release have no package $package"
    tail -n 15 "$log" >&2
    die 1 "cannot make a root tree of $release (all of it in $log)"
}

# apt_fetch RELEASE FOLDER SCRIPT: runs a shell script in an empty folder where apt knows the release's
# packages, and leaves in FOLDER what it has downloaded there; nothing is installed
apt_fetch() {
    local release=$1 folder=$2 script=$3
    # This runs in mmdebstrap's own name space, where only the new tree can be written.
    # shellcheck disable=SC2016
    apt_mmdebstrap "$release" /dev/null --format=null --variant=custom --customize-hook='
        set -e
        export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
        tree=$1
        mkdir "$tree/fetched"
        cd "$tree/fetched"
        '"$script" --customize-hook="sync-out /fetched $folder"
}

# apt_source RELEASE FOLDER PACKAGE: downloads its source as upstream released it
apt_source() {
    # shellcheck disable=SC2016
    apt_fetch "$1" "$2" 'sed -i "s/^deb /deb-src /" "$tree"/etc/apt/sources.list
        apt-get -q update
        apt-get -q source --tar-only --download-only '"$3"
}
