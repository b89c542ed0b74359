#!/bin/sh
# Does --trace print the calls that it is asked for, with their types, without changing what the program does?
set -u
build=$1
cc=x86_64-w64-mingw32-gcc
command -v $cc >/dev/null || { echo "skipped: no $cc"; exit 0; }
bad=0

# trace OPTION: runs the program; its lines on standard error go to err, without thread and time.
trace() {
    timeout 20 "$build/winrun" "$@" ./app.exe >out 2>lines </dev/null
    status=$?
    sed 's/^[0-9]* [0-9.]* *//' lines >err
    [ $status = 5 ] || { bad=1; echo "$*: status $status, expected 5"; }
    [ "$(cat out)" = "$plain" ] || { bad=1; echo "$*: the program's output has changed"; cat out; }
}

has() {
    grep -Eq "$1" err || { bad=1; echo "no line \"$1\""; grep -v -e msvcrt -e Critical -e Tick err; }
}

has_not() {
    ! grep -E "$1" err || { bad=1; echo "lines \"$1\""; }
}

cat >app.c <<'C'
#include <windows.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
int __cdecl sprintf_(char *text, const char *format, ...) __asm__("sprintf");
static jmp_buf place;
static int calls;
static int compare(const void *a, const void *b)
{
    GetTickCount();
    if (++calls == 100)
        longjmp(place, 1);
    return *(const int *)a - *(const int *)b;
}
int main(void)
{
    char text[200];
    int numbers[3] = {3, 1, 2}, many[100] = {0};
    double (*pow_found)(double, double) = (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "pow");
    double (*floor_found)(double) = (void *)GetProcAddress(GetModuleHandleA("msvcrt.dll"), "floor");
    qsort(numbers, 3, sizeof *numbers, compare);
    if (!setjmp(place))
        for (;;)
            qsort(many, 100, sizeof *many, compare); /* left by longjmp */
    sprintf_(text, "%g %d %d %d %d %d %d %s %g", 1.5, 1, 2, 3, 4, 5, 6, "end", 0.25);
    GetModuleHandleA("a\n\"b");
    SetLastError(77);
    DWORD id = GetCurrentProcessId(), error = GetLastError();
    HANDLE file = CreateFileW(L"no\x20ac file", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    printf("%s; %d%d%d %g %g %lu %d %lu\n", text, numbers[0], numbers[1], numbers[2], pow_found(2.5, 2), floor_found(3.7),
           error, id != 0 && file == INVALID_HANDLE_VALUE, GetLastError());
    lstrlenA("12345678901234567890123456789012345678901234567890123456789012345678901234567890123");
    exit(5);
}
C
$cc -fno-builtin -o app.exe app.c || exit 1
plain=$(timeout 20 "$build/winrun" ./app.exe)
[ "$plain" = "1.5 1 2 3 4 5 6 end 0.25; 123 6.25 3 77 1 2$(printf '\r')" ] || { bad=1; echo "without --trace: $plain"; }

trace --trace
has '^kernel32.CreateFileW\("no€ file", 2147483648, 0, NULL, 3, 0, 0\) = 0xffffffffffffffff \(error 2\)$'
has '^kernel32.GetModuleHandleA\("a\\n\\"b"\) = 0 \(error 126\)$'
has '^kernel32.SetLastError\(77\)$'
has '^kernel32.GetLastError\(\) = 77$'
has '^msvcrt.pow\(2.5, 2\) = 6.25$'
has '^msvcrt.floor\(3.7\) = 3$'
has '^msvcrt.qsort\(0x[0-9a-f]+, 3, 4, 0x[0-9a-f]+\)$'
has '^msvcrt.exit\(5\)$'
has '^kernel32.lstrlenA\("1234567890.*67890"\.\.\.\) = 83$'
has_not 'jmp'
trace '--trace=Kernel32.dll,!Get*,msvcrt!fl*'
has '^kernel32.CreateFileW\('
has '^msvcrt.floor\('
has_not '^kernel32.Get|^msvcrt.[^f]'
trace '--trace=Create*'
has '^kernel32.CreateFileW\('
has_not '^kernel32.[^C]|^msvcrt'
grep -Eqv '^[0-9]+ [0-9]+\.[0-9]{6} +(\.\.\. )?[a-z0-9_]+\.' lines && { bad=1; echo "lines that are not calls"; cat lines; }

# Exceptions go through traced functions as through others.
program=$build/tests/win/exception_cxx.exe
if [ -f "$program" ]; then
    timeout 60 "$build/winrun" --trace "$program" >out 2>err || { bad=1; echo "exception_cxx fails"; cat out; }
fi
timeout 20 "$build/winrun" --trace "$build/tests/win/crash.exe" memcpy >out 2>err
grep -q '^last API calls' err || { bad=1; echo "no calls in the crash report"; }

# Structures, values behind pointers, nesting, calls that are left, children, a file, a summary.
cat >more.c <<'C'
#include <windows.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
static jmp_buf place;
static int compare(const void *a, const void *b)
{
    GetTickCount();
    return *(const int *)a - *(const int *)b;
}
static int leave(const void *a, const void *b)
{
    longjmp(place, 1);
}
int main(int argc, char **argv)
{
    int numbers[4] = {1, 2, 3, 4};
    SYSTEMTIME time = {2024, 5, 0, 6, 7, 8, 9, 10};
    FILETIME file_time;
    DWORD done;
    WIN32_FIND_DATAW found;
    bsearch(numbers + 1, numbers, 4, 4, compare);
    if (!setjmp(place))
        bsearch(numbers + 1, numbers, 4, 4, leave);
    SystemTimeToFileTime(&time, &file_time);
    HANDLE file = CreateFileA("data.txt", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, "hello", 5, &done, NULL);
    CloseHandle(file);
    FindClose(FindFirstFileW(L"data.*", &found));
    if (argc < 2) {
        STARTUPINFOA startup = {sizeof startup};
        PROCESS_INFORMATION process;
        char command[] = "more.exe child";
        CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process);
        WaitForSingleObject(process.hProcess, INFINITE);
        SetCurrentDirectoryA("C:\\");
    } else {
        TerminateProcess(GetCurrentProcess(), 3);
    }
    return 0;
}
C
$cc -fno-builtin -o more.exe more.c || exit 1
timeout 20 "$build/winrun" --trace --trace-file lines ./more.exe >out 2>err || { bad=1; echo "--trace-file: status $?"; }
[ ! -s out ] && [ ! -s err ] || { bad=1; echo "--trace-file prints"; cat out err; }
sed 's/^[0-9]* [0-9.]* //' lines >err
has '^msvcrt.bsearch\(0x[0-9a-f]+, 0x[0-9a-f]+, 4, 4, 0x[0-9a-f]+\) \.\.\.$'
has '^  kernel32.GetTickCount\(\) = [0-9]+$'
has '^\.\.\. msvcrt.bsearch = 0x[0-9a-f]+$'
grep -Eq 'msvcrt.bsearch\(.*\) = \?$' lines || { bad=1; echo "no line for the call that was left"; cat lines; }
has '^kernel32.SystemTimeToFileTime\(.*\) = TRUE; 1: 2024-05-06 07:08:09.010; 2: @1714979289.0100000$'
has '^kernel32.WriteFile\(0x[0-9a-f]+, 0x[0-9a-f]+, 5, 0x[0-9a-f]+, NULL\) = TRUE; 4: 5$'
has '^kernel32.FindFirstFileW\("data.\*", 0x[0-9a-f]+\) = 0x[0-9a-f]+; 2: \{"data.txt", attributes 0x20, size 5\}$'
has '^kernel32.CreateProcessA\(NULL, "more.exe child", .*; 10: \{process 0x[0-9a-f]+, thread 0x[0-9a-f]+, ids [0-9]+, [0-9]+\}$'
[ "$(grep -c 'kernel32.WriteFile' lines)" = 2 ] || { bad=1; echo "the child's calls are not in the file"; cat lines; }
[ "$(cut -d' ' -f1 lines | sort -u | wc -l)" = 2 ] || { bad=1; echo "not two threads"; }
# Times do not go back, but for calls that are printed when they return.
grep -v -e '=' lines | awk '$2 < last { print "time goes back:", $0; bad = 1 } { last = $2 } END { exit bad }' || bad=1
timeout 20 "$build/winrun" --trace=kernel32 --trace-summary --trace-file lines ./more.exe >out 2>err
[ "$(grep -c '^process [0-9]*$' lines)" = 2 ] || { bad=1; echo "not two summaries"; cat lines; }
grep -Eq '^ *[0-9]+\.[0-9]{2} +0\.[0-9]{6} +[0-9]+ +1 +kernel32.WriteFile$' lines || { bad=1; echo "no WriteFile in the summary"; cat lines; }
grep -Eq '^100\.00 .* total$' lines || { bad=1; echo "no total"; cat lines; }
! grep -q bsearch lines || { bad=1; echo "the summary counts what was not asked for"; }
timeout 20 "$build/winrun" --trace-file /no/such/file ./more.exe >out 2>err
[ $? = 125 ] && grep -q '^winrun: --trace-file: /no/such/file: ' err || { bad=1; echo "a file that can not be opened"; cat err; }
[ $bad = 0 ]
