# Is the exit status the code's low byte, but never 0 for a failure, and are all 32 bits in the file?  exitcode.sh BUILD
set -u
build=$1
program=$build/tests/win/print_args.exe
failed=0

# check CODE STATUS DECIMAL
check() {
    "$build/winrun" --exit-code-file code "$program" --exit "$1"
    status=$?
    if [ "$status" != "$2" ] || [ "$(cat code)" != "$3" ]; then
        echo "exit code $1: status $status, file $(cat code); expected $2, $3"
        failed=1
    fi
}

check 0 0 0
check 3 3 3
check 255 255 255
check 256 1 256
check 0x12345678 120 305419896
check 0xffffffff 255 4294967295

# What is not there says so in one line, however it is named: 127.
for name in nothere nothere.exe ./nothere.exe 'C:\nothere\at all.exe' 'c:/windows/system32/nothere.exe' 'Q:\nothere.exe'; do
    "$build/winrun" "$name" 2>err
    status=$?
    if [ $status != 127 ] || [ "$(cat err)" != "winrun: $name: not found" ]; then
        echo "$name: status $status, $(cat err)"
        failed=1
    fi
done
exit $failed
