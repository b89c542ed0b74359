#!/bin/sh
# Do the recipes of docs/cross-testing.md work: CMake, Meson, Autotools, Cargo, Go, plain Make?  recipes.sh BUILD
#
# What is not installed is skipped, with a line that says so.  Cargo and Go compile for minutes: with NIGHTLY=1 alone.
set -u
winrun=$1/winrun failed=0 skipped=
export WINRUN_PREFIX="$PWD/prefix"
for variable in $(env | sed -n 's/^\(MAKE[A-Z]*\|MFLAGS\|CC\|CFLAGS\|CARGO_[A-Z_]*\)=.*/\1/p'); do unset "$variable"; done

command -v x86_64-w64-mingw32-gcc >/dev/null || { echo "skipped: no mingw-w64"; exit 0; }

# expect NAME STATUS TEXT: the last command's status and what its output must hold.
expect() {
    { [ "$status" = "$2" ] && grep -q "$3" out; } && return
    failed=1
    echo "$1: status $status, expected $2 and \"$3\":"
    tail -n 15 out | sed 's/^/    /'
}

has() {
    command -v "$1" >/dev/null && return
    skipped="$skipped $1"
    return 1
}

mkdir c && cd c || exit 1
cat >check.c <<'END'
#include <stdio.h>
#include <string.h>
#include <windows.h>
int main(int argc, char **argv)
{
    printf("windows %d, %d arguments\n", (int)sizeof(void *) * 8, argc);
    return argc > 1 ? !!strcmp(argv[1], "a \"b\" c") : 0;
}
END
cat >fail.c <<'END'
int main(void) { return 3; }
END

# Plain Make: a variable that is empty on Windows and stands before every program that was built.
cat >Makefile <<'END'
CC = x86_64-w64-mingw32-gcc
RUN = $(WINRUN)
check: check.exe fail.exe
	$(RUN) ./check.exe 'a "b" c'
	! $(RUN) ./fail.exe
%.exe: %.c
	$(CC) -o $@ $<
END
make -s check WINRUN="$winrun" >out 2>&1
status=$?
expect make 0 'windows 64, 2 arguments'

if has cmake; then
    cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.13)
project(recipe C)
enable_testing()
add_executable(check check.c)
add_executable(fail fail.c)
add_test(NAME good COMMAND check "a \"b\" c")
add_test(NAME bad COMMAND fail)
set_tests_properties(bad PROPERTIES WILL_FAIL TRUE)
END
    cat >mingw.cmake <<END
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR $winrun)
END
    (cmake -S . -B cmake -DCMAKE_TOOLCHAIN_FILE=mingw.cmake && cmake --build cmake && cd cmake && ctest -V) >out 2>&1
    status=$?
    expect cmake 0 '100% tests passed'
fi

if has meson && has ninja; then
    cat >meson.build <<'END'
project('recipe', 'c')
test('good', executable('check', 'check.c'), args: ['a "b" c'])
test('bad', executable('fail', 'fail.c'), should_fail: true)
END
    cat >mingw.ini <<END
[binaries]
c = 'x86_64-w64-mingw32-gcc'
strip = 'x86_64-w64-mingw32-strip'
exe_wrapper = '$winrun'
[host_machine]
system = 'windows'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
END
    (meson setup meson --cross-file mingw.ini && meson test -C meson -v) >out 2>&1
    status=$?
    expect meson 0 'Fail: *0'
fi

if [ "${NIGHTLY:-0}" = 1 ] && has autoreconf && has automake; then
    printf 'AC_INIT([recipe], [1])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n' >configure.ac
    cat >Makefile.am <<'END'
check_PROGRAMS = check fail
TESTS = check$(EXEEXT) fail$(EXEEXT)
XFAIL_TESTS = fail$(EXEEXT)
END
    (autoreconf -i && ./configure --host=x86_64-w64-mingw32 && make check LOG_COMPILER="$winrun") >out 2>&1
    status=$?
    expect autotools 0 '^# PASS: *1$'
fi
cd ..
[ "${NIGHTLY:-0}" = 1 ] || exit $failed

# Cargo needs the target's standard library: rustup target add x86_64-pc-windows-gnu.
target=x86_64-pc-windows-gnu
if has cargo && [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$target" ]; then
    mkdir -p cargo/src && cd cargo || exit 1
    printf '[package]\nname = "recipe"\nversion = "0.1.0"\nedition = "2021"\n' >Cargo.toml
    cat >src/lib.rs <<'END'
#[test]
fn this_is_windows() {
    assert_eq!(std::env::consts::OS, "windows");
    assert!(std::env::current_exe().unwrap().extension().unwrap() == "exe");
}
#[test]
#[should_panic]
fn panics() {
    panic!("caught");
}
END
    CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="$winrun" cargo test --offline --quiet --lib --target $target >out 2>&1
    status=$?
    expect cargo 0 '2 passed; 0 failed'
    cd ..
else
    skipped="$skipped cargo's-$target"
fi

if has go; then
    mkdir go && cd go || exit 1
    printf 'module recipe\n\ngo 1.19\n' >go.mod
    cat >recipe_test.go <<'END'
package recipe

import (
	"os"
	"runtime"
	"testing"
)

func TestWindows(t *testing.T) {
	if runtime.GOOS != "windows" || os.PathSeparator != '\\' {
		t.Fatal(runtime.GOOS)
	}
}
END
    GOCACHE="$PWD/cache" GOFLAGS=-mod=mod GOOS=windows GOARCH=amd64 go test -exec "$winrun" -v >out 2>&1
    status=$?
    expect go 0 '^--- PASS: TestWindows'
    cd ..
fi

[ -z "$skipped" ] || echo "skipped:$skipped"
exit $failed
