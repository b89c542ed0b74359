# Do files survive what the host does to them: names of any bytes, a full disk, a prefix that can not be written?
set -eu
build=$1
winrun="$build/winrun" program="$build/tests/win/file_names.exe"
[ -x "$winrun" ] && [ -f "$program" ] || exit 0

check() {
    if [ "$2" != "$3" ]; then
        printf '%s: got "%s", expected "%s"\n' "$1" "$2" "$3"
        exit 1
    fi
}

# Names of any bytes: each file holds its number; all are listed, opened, and moved without a byte of the name lost.
odd_names() {
    mkdir odd
    number=0
    for name in plain 'a\ndb' '\377\376' 'b\200' '\303\050' '\355\240\200' '\355\240\200\355\260\200' '\360\237\230\200' \
        'back\\\\slash' 'colon:' 'a*b?' '"<|>' 'dot.' 'space ' 'dots..' ' first' '...' 'tab\tx' '\001' '\177' 'con' 'NUL' \
        'com1.txt' '\357\200\242' '\357\201\201' 'A' '\303\244' 'a\314\210' '\360\200\200\257' '\300\257' \
        '\364\220\200\200' '~$~' 'name:stream' ' ' '\357\277\277'; do
        # shellcheck disable=SC2059 # the names are formats
        file=$(printf "odd/$name.")
        printf '%s' "$number" >"${file%.}"
        number=$((number + 1))
    done
    check "listed" "$("$winrun" "$program" list odd | tr -d '\r' | sort -n | tr '\n' ' ')" "$(seq -s ' ' 0 $((number - 1))) "
    (cd odd && find . -type f -printf 'moved-%P\0') | LC_ALL=C sort -z >expected
    check "moving" "$("$winrun" "$program" move odd)" ""
    (cd odd && find . -type f -printf '%P\0') | LC_ALL=C sort -z >got
    cmp -s expected got || { echo "names changed by moving"; diff -a expected got; exit 1; }
}

# Everything below needs a file system of its own: mount.sh runs in a namespace where "full" and "fixed" are such.
in_namespace() {
    map=
    [ "$(id -u)" = 0 ] || map=-r
    # shellcheck disable=SC2086 # nothing or an option
    unshare -m $map true 2>/dev/null || { echo "no mount namespaces here"; return 77; }
    # shellcheck disable=SC2086
    unshare -m $map sh -eu "$0" "$build" inside
}

full_disk() {
    mkdir full
    mount -t tmpfs -o size=1m tmpfs full
    check "a full disk" "$("$winrun" "$program" fill full/big | tr -d '\r')" "write: 112"
    check "what was written" "$(test "$(stat -c %s full/big)" -gt 500000 && echo yes)" yes
    check "copying" "$("$winrun" "$program" fill full/second | tr -d '\r' | grep -c 112)" 1
    # The prefix lies there too: what can not be stored is said, what was stored before stays.
    rm full/*
    export WINRUN_PREFIX="$PWD/full/prefix"
    "$winrun" reg add 'HKCU\Software\Kept' /v Name /d value /f >log 2>&1 || { cat log; exit 1; }
    cat /dev/zero >full/filler 2>/dev/null || true
    status=0
    i=0
    while [ $i -lt 40 ] && [ $status = 0 ]; do
        head -c 20000 /dev/urandom | od -An -tx1 | tr -d ' \n' | head -c 30000 >data
        "$winrun" reg add "HKCU\\Software\\Big$i" /v Data /d "$(cat data)" /f >log 2>&1 || status=$?
        i=$((i + 1))
    done
    check "a full registry fails" "$(test $status -ne 0 && test $status -lt 126 && echo yes)" yes
    check "its message" "$(test "$(grep -c . log)" -ge 1 && echo yes)" yes
    "$winrun" reg query 'HKCU\Software\Kept' | grep -q value || { echo "a value was lost"; exit 1; }
    rm full/filler
    "$winrun" reg add 'HKCU\Software\After' /v Name /d more /f >log 2>&1 || { cat log; exit 1; }
    "$winrun" reg query 'HKCU\Software\After' | grep -q more
    unset WINRUN_PREFIX
}

# A home directory and a prefix that can not be written: programs run, and are told when they write.
fixed_home() {
    mkdir fixed
    mount -t tmpfs tmpfs fixed
    mkdir -p fixed/prefix/drive_c/Windows fixed/home
    echo 7 >fixed/prefix/drive_c/seven
    WINRUN_PREFIX="$PWD/fixed/prefix" "$winrun" reg add 'HKCU\Software\Kept' /v Name /d value /f >/dev/null
    mount -o remount,ro fixed
    unset XDG_DATA_HOME XDG_CACHE_HOME
    export HOME="$PWD/fixed/home"
    printf 0 >file
    check "no writable home" "$("$winrun" "$program" list . 2>&1 | tr -d '\r' | grep -cx 0)" 1
    export WINRUN_PREFIX="$PWD/fixed/prefix"
    check "reading C:" "$("$winrun" "$program" list 'C:/' 2>&1 | tr -d '\r' | head -n 1)" 7
    check "writing C:" "$("$winrun" "$program" fill 'C:\new' 2>&1 | tr -d '\r')" "open: 19"
    check "writing what appears to be there" "$("$winrun" "$program" fill 'C:\ProgramData\new' 2>&1 | tr -d '\r')" "open: 19"
    "$winrun" reg query 'HKCU\Software\Kept' 2>log | grep -q value || { echo "the registry can not be read"; cat log; exit 1; }
    status=0
    "$winrun" reg add 'HKCU\Software\New' /v Name /d value /f >log 2>&1 || status=$?
    check "writing the registry" "$(test $status -ne 0 && test $status -lt 126 && echo yes)" yes
}

case ${2:-} in
inside)
    full_disk
    fixed_home
    ;;
*)
    odd_names
    in_namespace
    ;;
esac
