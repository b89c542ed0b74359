# Does the program see Windows' variables and the host's, with paths in Windows' form?  environment.sh BUILD
set -u
build=$1
program=$build/tests/win/print_args.exe
failed=0

# check NAME EXPECTED
check() {
    got=$("$build/winrun" "$program" --env "$1" | tr -d '\r')
    [ "$got" = "$2" ] || { echo "$1: got $got, expected $2"; failed=1; }
}

export WINRUN_TEST_PLAIN='plain /value:x' USER=tester HOME=/root/x PATH="/usr/bin:$PATH" TMPDIR=/tmp
check WINRUN_TEST_PLAIN 'plain /value:x'
check winrun_test_plain 'plain /value:x'
check OS Windows_NT
check SystemRoot 'C:\Windows'
check windir 'C:\Windows'
check USERNAME tester
check USERPROFILE 'C:\Users\tester'
check APPDATA 'C:\Users\tester\AppData\Roaming'
check TEMP 'Z:\tmp'
check HOME 'Z:\root\x'
check SHELL '(none)'
check PROCESSOR_ARCHITECTURE AMD64
check NUMBER_OF_PROCESSORS "$(nproc)"
case $("$build/winrun" "$program" --env PATH) in
'C:\Windows\system32;C:\Windows;'*';Z:\usr\bin'*) ;;
*) echo "PATH: $("$build/winrun" "$program" --env PATH)"; failed=1 ;;
esac
# The profile is where the directories are, whoever the user is; containers often do not say.
for user in tester ''; do
    out=$(env -u LOGNAME USER="$user" "$build/winrun" --prefix "$PWD/profile$user" cmd /c \
        'echo x>%USERPROFILE%\x.txt&& echo x>%LOCALAPPDATA%\y.txt&& type %USERPROFILE%\x.txt')
    [ "$out" = "$(printf 'x\r')" ] || { echo "profile of '$user': got $out"; failed=1; }
done
exit $failed
