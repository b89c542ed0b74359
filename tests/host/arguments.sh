# Does the program's parser give back exactly the arguments that the shell passed?  arguments.sh BUILD
set -u
build=$1
program=$build/tests/win/print_args.exe
failed=0

same() {
    expected=$(printf '[%s]\n' "$@")
    result=$("$build/winrun" "$program" "$@" | tr -d '\r')
    if [ "$result" != "$expected" ]; then
        printf 'expected:\n%s\ngot:\n%s\n' "$expected" "$result"
        failed=1
    fi
}

same a b c
same 'two words' '' 'tab	here' '"' '""' 'a"b' 'a\"b'
same 'back\slash' 'trailing\' 'trailing two\\' 'quoted trailing \' 'a\\b' '\\server\share\'
same '\' '\\' '\\\' '\"' '\\"' '" "' 'x" \'
same '*' '?.c' '*.exe' "it's" '%PATH%' '^&|<>' '$HOME' '--opt=a b'
same 'äöü' '日本語' '😀'
same "$(printf 'line\nbreak')"

got=$("$build/winrun" --cmdline 'x "a b" c\"d' "$program" | tr -d '\r')
[ "$got" = '[a b]
[c"d]' ] || { echo "--cmdline: got $got"; failed=1; }

# Batch files are started by cmd.exe, wherever they lie and whatever their arguments have that is special there.
if [ -e "$build/programs/cmd.exe" ]; then
    mkdir 'a dir'
    printf '@echo off\r\n:again\r\nif "%%~1"=="" exit /b 7\r\necho [%%1]\r\nshift\r\ngoto again\r\n' >'a dir/My batch.BAT'
    got=$("$build/winrun" './a dir/My batch.BAT' one 'two words' 'x&y' 'a=b;c,d' '(e)|f>g<h^i' äöü; echo "status $?")
    expected='[one]
["two words"]
["x&y"]
["a=b;c,d"]
["(e)|f>g<h^i"]
[äöü]
status 7'
    [ "$(echo "$got" | tr -d '\r')" = "$expected" ] || { echo "batch file: got $got"; failed=1; }
fi
exit $failed
