#!/bin/sh
# Damaged and foreign programs: each gives one clear line and status 126, and never a crash or a hang.
#
# Files named odd-* are damaged where Windows does not look or has a use for any value: those may also run (the
# good program prints nothing and ends with 0), or crash by themselves (its code calls a slot that nobody has bound, or
# a function that does not exist).  Then a report says so, and the address is the program's or nobody's, never ours.
set -u
build=$1
"$build/badpe" . >/dev/null || exit 1
bad=0 count=0

# An unhandled exception ended the program, and it happened in the program's code or where no code is.
crashed_by_itself() {
    case $status in
    139) grep -q '^winrun: unhandled exception c0000005 ' err || return ;;
    134) grep -q '^winrun: unhandled exception c0000139 ' err || return ;;
    *) return 1 ;;
    esac
    grep -Eq "^  at ($file[+!]|0x[0-9a-f]+\$)" err && grep -q '^What to do: ' err
}

# try FILE OPTION...
try() {
    file=$1
    shift
    timeout 20 "$build/winrun" "$@" "./$file" >out 2>err </dev/null
    status=$?
    lines=$(wc -l <err)
    count=$((count + 1))
    if [ $status = 126 ] && [ "$lines" = 1 ] && grep -q '^winrun: .*: .' err && [ ! -s out ]; then
        return
    fi
    case $file in
    odd-* | good*.exe) [ $status = 0 ] && [ "$lines" = 0 ] && return ;;
    esac
    case $file in
    odd-*) crashed_by_itself && return ;;
    esac
    bad=$((bad + 1))
    echo "$file $*: status $status, $lines lines on stderr"
    head -n 3 err
}

for file in *.exe; do
    try "$file"
done
for file in bad-*.exe; do
    [ "$file" = bad-kind-dll.exe ] || try "$file" --check # a DLL can be checked
done

# message KIND TEXT: what a person reads about programs of other kinds.
message() {
    "$build/winrun" "./bad-kind-$1.exe" 2>err >/dev/null
    if ! grep -qF "$2" err; then
        bad=$((bad + 1))
        echo "bad-kind-$1: expected \"$2\", got: $(cat err)"
    fi
}
message i386 'machine i386'
message arm64 'machine ARM64'
message dotnet '.NET program'
message dotnet-any '.NET program'
message dll 'a DLL, not a program'
message driver 'native subsystem'
message dos 'a DOS program'
message NE '(NE)'
message LE '(LE)'
message LX '(LX)'
message text 'no MZ signature'

echo "$count runs, $bad wrong"
[ $bad = 0 ]
