/*
 * processor.c: processor numbers and affinity.
 *
 * Layer: NT layer.  A container may give the process processors 4 and 9 only; Windows' masks have no holes, so the
 * program sees 0 and 1.  At most 64, one group.
 */
#include <cpuid.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <linux/membarrier.h>
#include <sys/auxv.h>
#include <sys/platform/x86.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "ntthread.h"
#include "ntdll/error.h"
#include "ntdll/peb.h"
#include "ntdll/processor.h"

static cpu_set_t allowed; /* the host's processors at start */
static pthread_once_t allowed_once = PTHREAD_ONCE_INIT;

bool processor_avx2;

void processor_init(void)
{
    processor_avx2 = CPU_FEATURE_ACTIVE(AVX2);
}

static void allowed_read(void)
{
    if (sched_getaffinity(process_id(), sizeof allowed, &allowed) != 0)
        CPU_SET(0, &allowed);
}

ULONG_PTR processor_mask(void)
{
    return process_peb.ActiveProcessAffinityMask;
}

ULONG processor_current(void)
{
    int now = sched_getcpu();
    ULONG number = 0;

    pthread_once(&allowed_once, allowed_read);
    for (int i = 0; i < now; i++)
        number += CPU_ISSET(i, &allowed) != 0;
    return number < process_peb.NumberOfProcessors ? number : 0;
}

NTSTATUS processor_bind(int tid, ULONG_PTR mask)
{
    cpu_set_t set;
    ULONG number = 0;

    pthread_once(&allowed_once, allowed_read);
    CPU_ZERO(&set);
    for (int i = 0; i < CPU_SETSIZE && number < 64; i++) {
        if (!CPU_ISSET(i, &allowed))
            continue;
        if (mask >> number & 1)
            CPU_SET(i, &set);
        number++;
    }
    return sched_setaffinity(tid, sizeof set, &set) == 0 ? STATUS_SUCCESS : status_from_errno(errno);
}

/* The dynamic linker has asked the processor already: to ask again costs a start some 20 us where a hypervisor answers.
 */
void processor_features(UCHAR *present)
{
    present[PF_COMPARE_EXCHANGE_DOUBLE] = present[PF_MMX_INSTRUCTIONS_AVAILABLE] = 1;
    present[PF_XMMI_INSTRUCTIONS_AVAILABLE] = present[PF_XMMI64_INSTRUCTIONS_AVAILABLE] = 1;
    present[PF_RDTSC_INSTRUCTION_AVAILABLE] = present[PF_PAE_ENABLED] = present[PF_NX_ENABLED] = 1;
    present[PF_CHANNELS_ENABLED] = present[PF_FASTFAIL_AVAILABLE] = 1;
    present[PF_SSE3_INSTRUCTIONS_AVAILABLE] = CPU_FEATURE_ACTIVE(SSE3);
    present[PF_COMPARE_EXCHANGE128] = CPU_FEATURE_ACTIVE(CMPXCHG16B);
    present[PF_XSAVE_ENABLED] = CPU_FEATURE_ACTIVE(AVX);
    present[PF_RDWRFSGSBASE_AVAILABLE] = getauxval(AT_HWCAP2) & 2 ? 1 : 0;
    present[PF_RDRAND_INSTRUCTION_AVAILABLE] = CPU_FEATURE_ACTIVE(RDRAND);
    present[PF_RDTSCP_INSTRUCTION_AVAILABLE] = 1;
    present[PF_SSSE3_INSTRUCTIONS_AVAILABLE] = CPU_FEATURE_ACTIVE(SSSE3);
    present[PF_SSE4_1_INSTRUCTIONS_AVAILABLE] = CPU_FEATURE_ACTIVE(SSE4_1);
    present[PF_SSE4_2_INSTRUCTIONS_AVAILABLE] = CPU_FEATURE_ACTIVE(SSE4_2);
    present[PF_AVX_INSTRUCTIONS_AVAILABLE] = CPU_FEATURE_ACTIVE(AVX);
    present[PF_AVX2_INSTRUCTIONS_AVAILABLE] = CPU_FEATURE_ACTIVE(AVX2);
    present[PF_AVX512F_INSTRUCTIONS_AVAILABLE] = CPU_FEATURE_ACTIVE(AVX512F);
}

BOOLEAN WINAPI RtlIsProcessorFeaturePresent(ULONG feature)
{
    UCHAR present[PROCESSOR_FEATURES] = {0};

    if (feature >= PROCESSOR_FEATURES)
        return FALSE;
    if (feature == PF_FASTFAIL_AVAILABLE) /* asked by each program's start-up code */
        return TRUE;
    processor_features(present);
    return present[feature];
}

ULONG WINAPI NtGetCurrentProcessorNumber(void)
{
    return processor_current();
}

/* Every other thread has passed a memory barrier when this returns. */
NTSTATUS WINAPI NtFlushProcessWriteBuffers(void)
{
    static _Atomic int registered;

    if (!registered) {
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
        registered = 1;
    }
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
        syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
    return STATUS_SUCCESS;
}

void processor_brand(char *out)
{
    unsigned words[12] = {0};
    for (unsigned i = 0; i < 3; i++)
        __get_cpuid(0x80000002 + i, &words[i * 4], &words[i * 4 + 1], &words[i * 4 + 2], &words[i * 4 + 3]);
    memcpy(out, words, sizeof words);
    out[sizeof words] = 0;
}

void processor_vendor(char *out)
{
    unsigned highest, words[3] = {0};
    __get_cpuid(0, &highest, &words[0], &words[2], &words[1]);
    memcpy(out, words, sizeof words);
    out[sizeof words] = 0;
}
