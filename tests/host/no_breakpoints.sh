#!/bin/sh
# Where the host forbids perf events, as containers do: are hardware breakpoints refused as documented, and does a debugger
# that does without them work?
set -u
build=$1
command -v gcc >/dev/null || { echo "no gcc"; exit 77; }
[ -e "$build/tests/win/exception_watch.exe" ] || { echo "no MinGW compiler"; exit 77; }
cat >forbid.c <<'C'
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {4, filter};
    if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return 99;
    execv(argv[1], argv + 1);
    return 99;
}
C
gcc -o forbid forbid.c || exit 1
timeout 30 ./forbid "$build/winrun" "$build/tests/win/exception_watch.exe" >out 2>&1
status=$?
[ $status != 99 ] || { echo "no system call can be forbidden here"; exit 77; }
if [ $status != 77 ] || ! grep -q 'grants no breakpoints' out; then
    echo "status $status: $(cat out)"
    exit 1
fi
timeout 30 ./forbid "$build/winrun" "$build/tests/win/debug_loop.exe" >out 2>&1 || { cat out; exit 1; }
echo "refused, and all else works"
