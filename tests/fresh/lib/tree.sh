# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The bare root tree of a release: made once, copied for each try, with a clone of the source tree in it.

TREE_USER=somebody
# Only what a fresh clone takes; sudo is there for the ordinary user alone.
TREE_PACKAGES=git,make,ca-certificates,sudo

# home_of USER
home_of() {
    [ "$1" = root ] && echo /root || echo "/home/$1"
}

tree_key() {
    echo "tree-$1-$({ cat "$ROOT/tests/fresh/lib/tree.sh" "$ROOT/tests/vm/lib/apt.sh"; apt_sources "$1"; } | sha256sum | cut -c1-12)"
}

# tree_ready RELEASE: makes what is not there yet
tree_ready() {
    cached "$(tree_key "$1")" tree_make "$1"
    mkdir -p "$VM/debs-$1"
}

# tree_make FOLDER RELEASE: leaves the tree in FOLDER/root
tree_make() {
    local folder=$1 release=$2
    note "making a bare Debian $release (about a minute, once)"
    # The packages' sources are those of a machine that nobody has changed. Of the settings for guests only the
    # way to the mirror stays, no syncs and no manual pages; what is downloaded is kept for the next try. The
    # user answers "yes".
    # shellcheck disable=SC2016
    apt_tree "$release" "$VM/log/tree-$release" "$folder/root" --format=directory --include="$TREE_PACKAGES" \
        --customize-hook='sed -i "/ [a-z]*-backports /d" "$1/etc/apt/sources.list"' \
        --customize-hook='sed -i "/^APT::/d" "$1/etc/apt/apt.conf.d/99mmdebstrap"' \
        --customize-hook='printf "%s \"true\";\n" APT::Get::Assume-Yes APT::Keep-Downloaded-Packages \
            Binary::apt::APT::Keep-Downloaded-Packages >"$1/etc/apt/apt.conf.d/fresh"' \
        --customize-hook='echo "127.0.1.1 fresh" >>"$1/etc/hosts"' \
        --customize-hook="chroot \"\$1\" useradd -m -s /bin/bash -G sudo $TREE_USER" \
        --customize-hook="echo '$TREE_USER ALL=(ALL) NOPASSWD: ALL' >\"\$1/etc/sudoers.d/$TREE_USER\"" \
        --customize-hook='[ ! -d /usr/local/share/ca-certificates ] || cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"' \
        --customize-hook='chroot "$1" update-ca-certificates'
}

# tree_copy RELEASE USER TARGET: root has a machine without sudo
tree_copy() {
    cp -a --reflink=auto "$VM/$(tree_key "$1")/root" "$3"
    [ "$2" != root ] || logged purge chroot "$3" env SUDO_FORCE_REMOVE=yes dpkg --purge sudo
}

# tree_clone TREE: a clone of the source tree, in the user's home folder. It comes from a bundle with one commit:
# what lies here outside of git cannot come along, and a clone without history will do.
tree_clone() {
    local commit work=$try/git
    git -C "$ROOT" rev-parse -q --verify HEAD >/dev/null || die 77 "$ROOT is no clone of a git repository"
    mkdir "$work"
    git init -q --bare -b main "$work/source.git"
    # Objects of what is not yet committed do not go into this repository.
    mkdir "$work/objects"
    commit=$(
        cd "$ROOT"
        objects=$(realpath "$(git rev-parse --git-path objects)")
        export GIT_ALTERNATE_OBJECT_DIRECTORIES=$objects GIT_OBJECT_DIRECTORY=$work/objects GIT_INDEX_FILE=$work/index
        git read-tree HEAD
        git add -A
        commit=$(git -c user.name=fresh -c user.email=fresh@localhost commit-tree -m 'What is tried' "$(git write-tree)")
        git push -q "$work/source.git" "$commit:refs/heads/main"
        echo "$commit"
    )
    git -C "$work/source.git" bundle create -q "$1/srv/cuio.bundle" HEAD main
    rm -rf "$work"
    enter "$user" git clone -q /srv/cuio.bundle cuio >"$TAP_OUTPUT" 2>&1 ||
        die 1 "cannot clone $commit in the bare Debian: $(tail -n 3 "$TAP_OUTPUT")"
}
