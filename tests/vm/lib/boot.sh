# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One run of the guest in QEMU: start, output, time limit, end, and what to say when it went wrong.

# Reads what tests/vm/run sets: $devices, $release, $kernel, $monitor, $run_dir. A comma in an option of QEMU is one.
# shellcheck disable=SC2154,SC2054

BOOT_QEMU_PID=
BOOT_OUTPUT_PID=

# boot_script RUN-FOLDER SECONDS KERNEL-FOLDER ROOT-FOLDER QEMU-ARGUMENT...: exits with the script's status
boot_script() {
    local run=$1 seconds=$2 kernel_dir=$3 root_dir=$4 qemu status=0 ended='' told
    shift 4
    trap 'boot_stop; rm -rf "$run_dir"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP

    payload_make "$run"
    mkfifo "$run/output"
    : >"$run/console"
    [ -z "$monitor" ] || boot_monitor "$run"
    boot_command "$@"

    cat "$run/output" &
    BOOT_OUTPUT_PID=$!
    # pdeathsig: no QEMU survives this script, however it ends. TMPDIR: where QEMU keeps what the guest writes.
    TMPDIR=$run setpriv --pdeathsig TERM timeout -k 2 "$seconds" setpriv --pdeathsig KILL \
        "${qemu[@]}" </dev/null >"$run/qemu.log" 2>&1 &
    BOOT_QEMU_PID=$!

    wait -n -p ended "$BOOT_QEMU_PID" "$BOOT_OUTPUT_PID" || status=$?
    if [ "$ended" = "$BOOT_OUTPUT_PID" ]; then
        # Nobody reads the output any more: like any program in a pipe, end.
        [ "$status" = 0 ] || exit "$status"
        wait "$BOOT_QEMU_PID" || status=$?
    fi
    BOOT_QEMU_PID=
    boot_drain

    told=$(sed -n 's/^status //p' "$run/status" 2>/dev/null || true)
    if boot_oops "$run/console"; then
        boot_keep
        note "the guest's kernel reported a fault; all of the console: $BOOT_CONSOLE"
        [ "${told:-0}" != 0 ] || told=1
        exit "$told"
    fi
    if [ -n "$told" ]; then
        [ -z "${VM_KEEP-}" ] || boot_keep
        exit "$told"
    fi
    case $status in
    124 | 137)
        boot_failed "no end after $seconds seconds"
        exit 124
        ;;
    esac
    if grep -qsx up "$run/status"; then
        boot_failed "the guest ended before the script did"
    else
        boot_failed "the guest did not come up"
    fi
    exit 1
}

# Sets $qemu. The guest's own devices share the slot 0x1e, out of the way of those under test.
boot_command() {
    local device
    qemu=("${VM_QEMU:-qemu-system-x86_64}" -nodefaults -no-user-config -display none -no-reboot
        -machine pc,i8042=off,vmport=off -accel "${VM_ACCEL:-tcg}" -m "${VM_MEMORY:-512}" -smp "${VM_CPUS:-1}"
        -kernel "$kernel_dir/vmlinuz" -initrd "$kernel_dir/initrd"
        -append "console=ttyS0 panic=-1 oops=panic loglevel=5 nowatchdog no_timer_check mitigations=off systemd.show_status=auto systemd.unit=cuio-test.target ${VM_APPEND-}"
        -chardev "file,id=cuio-console,path=$run/console" -serial chardev:cuio-console
        -drive "file=$root_dir/root.img,format=raw,if=none,id=cuio-root,snapshot=on,cache=unsafe"
        -drive "file=$kernel_dir/modules.img,format=raw,if=none,id=cuio-modules,snapshot=on,cache=unsafe"
        -drive "file=$run/payload.tar,format=raw,if=none,id=cuio-payload,readonly=on"
        -device virtio-blk-pci,addr=0x1e.0,multifunction=on,drive=cuio-root,serial=cuio-root
        -device virtio-blk-pci,addr=0x1e.1,drive=cuio-modules,serial=cuio-modules
        -device virtio-blk-pci,addr=0x1e.2,drive=cuio-payload,serial=cuio-payload
        -device virtio-serial-pci,addr=0x1e.3,id=cuio-ports
        -chardev "file,id=cuio-output,path=$run/output" -chardev "file,id=cuio-status,path=$run/status"
        -device virtserialport,bus=cuio-ports.0,chardev=cuio-output,name=cuio.output
        -device virtserialport,bus=cuio-ports.0,chardev=cuio-status,name=cuio.status
        -device edu,addr=0x4)
    for device in "${devices[@]}"; do
        qemu+=(-device "$device")
    done
    [ -z "$monitor" ] || qemu+=(-chardev "pipe,id=cuio-qmp,path=$run/qmp" -mon chardev=cuio-qmp,mode=control
        -chardev "pipe,id=cuio-qmp-port,path=$run/port"
        -device virtserialport,bus=cuio-ports.0,chardev=cuio-qmp-port,name=cuio.qmp)
    qemu+=("$@")
}

# boot_monitor RUN-FOLDER: QEMU's monitor and a port of the guest as the two ends of two pipes
boot_monitor() {
    mkfifo "$1/qmp.in" "$1/qmp.out"
    ln -s qmp.out "$1/port.in"
    ln -s qmp.in "$1/port.out"
}

# The reader of the output ends when the last writer does; QEMU may have died before it opened its end.
boot_drain() {
    exec 8<>"$run_dir/output"
    exec 8>&-
    wait "$BOOT_OUTPUT_PID" || true
    BOOT_OUTPUT_PID=
}

boot_stop() {
    local pids
    trap '' INT TERM HUP
    # Not from variables: a signal may come between a start and the noting of its number.
    mapfile -t pids < <(jobs -p)
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait
}

# Prints what the kernel said, on stderr. A lockup of a busy emulated CPU is none of the guest's doing.
boot_oops() {
    local fault='Kernel panic|Oops|BUG: |general protection fault'
    grep -a -v 'soft lockup' "$1" | grep -aEq "$fault" || return 1
    tr -d '\r' <"$1" | grep -aE -m1 -A60 "$fault" | grep -av ']  ? ' >&2
}

boot_failed() {
    boot_keep
    if [ -s "$run_dir/qemu.log" ]; then
        cat "$run_dir/qemu.log" >&2
    fi
    note "$1; the console's last lines:"
    tail -n 20 "$run_dir/console" | tr -d '\r' | sed 's/^/    /' >&2
    note "all of the console: $BOOT_CONSOLE"
}

boot_keep() {
    BOOT_CONSOLE=$(mktemp "$VM/log/console-$release-$kernel-XXXXXX")
    cp "$run_dir/console" "$BOOT_CONSOLE"
    [ -z "${VM_KEEP-}" ] || note "the console's log: $BOOT_CONSOLE"
}
