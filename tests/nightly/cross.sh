#!/bin/sh
# Do the test suites of libraries that are cross-built with mingw-w64 pass under winrun as they pass natively?
#
#   cross.sh BUILD [LIBRARY...]
#
# The sources are Debian's (apt-get source); docs/cross-testing.md explains what is done here.  One line a library.
set -u
build=$(cd "$1" && pwd)
shift
work=${CROSS_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/winrun-cross.XXXXXX")}
mkdir -p "$work/apt/partial" "$work/source"
[ -n "${CROSS_DIR:-}" ] || trap 'rm -rf "$work"' EXIT
export WINRUN_PREFIX="$work/prefix" XDG_CACHE_HOME="$work/cache"
bad=0

for tool in cmake ninja apt-get x86_64-w64-mingw32-gcc x86_64-w64-mingw32-g++; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 0; }
done

# apt with lists of its own, of sources only.
fetch() {
    [ -s "$work/apt.sources" ] ||
        sed 's/^Types: .*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$work/apt.sources" 2>/dev/null
    set -- "$1" -qq -o Dir::Etc::sourcelist="$work/apt.sources" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$work/apt" -o APT::Sandbox::User=root
    package=$1
    shift
    [ -n "$(find "$work/apt" -name '*Sources*')" ] || apt-get "$@" update >/dev/null || return 1
    (cd "$work/source" && apt-get "$@" source --download-only --tar-only "$package" >/dev/null 2>&1)
}

archive_of() {
    for archive in "$work/source/$1"_*.orig.tar.[bgx]z*; do
        [ -e "$archive" ] && [ "${archive%.asc}" = "$archive" ] && { echo "$archive"; return; }
    done
    return 1
}

# source_of PACKAGE: its directory, unpacked.
source_of() {
    directory=$work/source/$1.d
    if [ ! -d "$directory" ]; then
        archive=$(archive_of "$1") || { fetch "$1" && archive=$(archive_of "$1"); } || return 1
        mkdir "$directory" && tar -xf "$archive" -C "$directory" --strip-components=1 || return 1
    fi
    echo "$directory"
}

cat >"$work/mingw.cmake" <<END
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32 $work/installed)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR $build/winrun)
END

# cmake_build NAME SOURCE OPTIONS...
cmake_build() {
    name=$1 from=$2
    shift 2
    cmake -S "$from" -B "$work/$name" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$work/mingw.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_INSTALL_PREFIX="$work/installed" "$@" >"$work/$name.log" 2>&1 &&
        ninja -C "$work/$name" >>"$work/$name.log" 2>&1
}

# Suites that start NAME instead of NAME.exe find a script of that name.
wrap() {
    find "$1" -name '*.exe' | while read -r program; do
        [ -e "${program%.exe}" ] && continue
        printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$build/winrun" "$program" >"${program%.exe}"
        chmod +x "${program%.exe}"
    done
}

# run_ctest NAME OPTIONS...: what ctest says in one line.
run_ctest() {
    name=$1
    shift
    (cd "$work/$name" && ctest --timeout 600 "$@") >"$work/$name.tests" 2>&1
    result=$?
    echo "$name: $(grep 'tests passed' "$work/$name.tests" || echo 'no tests ran')"
    [ $result = 0 ] || sed -n '/FAILED:/,/^Errors/p' "$work/$name.tests"
    return $result
}

zlib() {
    from=$(source_of zlib) || return 1
    # Debian leaves the resource out of its archive.
    mkdir -p "$from/win32" && printf '1 VERSIONINFO\nBEGIN\nEND\n' >"$from/win32/zlib1.rc"
    cmake_build zlib "$from" && cmake --install "$work/zlib" >/dev/null && wrap "$work/zlib" && run_ctest zlib
}

expat() {
    from=$(source_of expat) && cmake_build expat "$from/expat" -DEXPAT_SHARED_LIBS=OFF && run_ctest expat
}

libpng() {
    from=$(source_of libpng1.6) || return 1
    [ -e "$work/installed/include/zlib.h" ] || zlib >/dev/null || return 1
    cmake_build libpng "$from" -DZLIB_LIBRARY="$work/zlib/libzlibstatic.a" \
        -DZLIB_INCLUDE_DIR="$work/installed/include" && run_ctest libpng
}

libyaml() {
    from=$(source_of libyaml) && cmake_build libyaml "$from" && run_ctest libyaml
}

cjson() {
    from=$(source_of cjson) && cmake_build cjson "$from" -DBUILD_SHARED_LIBS=OFF -DENABLE_CUSTOM_COMPILER_FLAGS=OFF &&
        wrap "$work/cjson" && run_ctest cjson
}

jansson() {
    from=$(source_of jansson) && cmake_build jansson "$from" -DJANSSON_BUILD_DOCS=OFF && wrap "$work/jansson" &&
        run_ctest jansson
}

pcre2() {
    from=$(source_of pcre2) && cmake_build pcre2 "$from" -DPCRE2_BUILD_PCRE2_16=ON -DPCRE2_BUILD_PCRE2_32=ON \
        -DPCRE2_SUPPORT_JIT=ON && run_ctest pcre2 -E bat || return 1
    # The third test is a batch file.  Its part 3 compares with the letters of some version of Windows' French.
    (cd "$work/pcre2" && "$build/winrun" cmd /c pcre2_test.bat) >"$work/pcre2.bat.tests" 2>&1 </dev/null
    failed=$(grep 'failed' "$work/pcre2.bat.tests" | grep -v wintestoutput3)
    echo "pcre2_test.bat: $(grep -c Passed "$work/pcre2.bat.tests") passed"
    [ -z "$failed" ] && return
    echo "$failed"
    return 1
}

zstd() {
    from=$(source_of libzstd) && cmake_build zstd "$from/build/cmake" -DZSTD_BUILD_TESTS=ON -DZSTD_BUILD_SHARED=OFF &&
        wrap "$work/zstd" && run_ctest zstd -E 'fuzzer|zstreamtest'
}

# A library with a configure script; `make check` starts programs by $work/run, scripts as they are, and these find NAME.
autotools() {
    name=$1 from=$2
    shift 2
    mkdir -p "$work/$name"
    cat >"$work/run" <<END
#!/bin/sh
case \$1 in *.exe) set -- "$build/winrun" "\$@" ;; esac
exec "\$@"
END
    chmod +x "$work/run"
    (cd "$work/$name" && "$from/configure" --host=x86_64-w64-mingw32 --disable-shared LDFLAGS=-static "$@" &&
        make && make check TESTS=) >"$work/$name.log" 2>&1 || return 1
    wrap "$work/$name"
    (cd "$work/$name" && make check LOG_COMPILER="$work/run") >"$work/$name.tests" 2>&1
    result=$?
    echo "$name: $(grep -h '^# PASS' "$work/$name.tests" | awk '{n += $3} END {print n + 0}') passed"
    [ $result = 0 ] || grep '^FAIL:' "$work/$name.tests"
    return $result
}

xz() {
    from=$(source_of xz-utils) && autotools xz "$from"
}

# What libuv's suite is known to do otherwise here, with the reason.
libuv_known='
barrier_serial_thread       destroys a barrier that others still use (mended in later versions of libuv)
tcp_connect_timeout         needs a network that swallows packets
process_title               the title of a console; there is none here
process_title_big_argv      the title of a console; there is none here
platform_output             the title of a console; there is none here
'
libuv() {
    from=$(source_of libuv1) && cmake_build libuv "$from" || return 1
    rm -rf "$from/test_dir" "$from"/test_file*
    (cd "$from" && timeout 1200 "$build/winrun" "$work/libuv/uv_run_tests_a.exe") >"$work/libuv.tests" 2>&1 </dev/null
    passed=$(grep -c '^ok' "$work/libuv.tests")
    unexpected=$(sed -n 's/^not ok [0-9]* - //p' "$work/libuv.tests" | while read -r test; do
        case $test in tty*) continue ;; esac
        echo "$libuv_known" | grep -q "^$test " || echo "    $test"
    done)
    echo "libuv: $passed passed"
    [ -z "$unexpected" ] && [ "$passed" -gt 300 ] && return
    echo "$unexpected"
    return 1
}

[ $# -gt 0 ] || set -- zlib expat libpng libyaml cjson jansson pcre2 zstd xz libuv
for library; do
    "$library" && continue
    bad=$((bad + 1))
    [ -s "$work/$library.tests" ] || { echo "$library: not built"; tail -n 5 "$work/$library.log" 2>/dev/null | sed 's/^/    /'; }
done
[ $bad = 0 ]
