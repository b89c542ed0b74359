/*
 * random.c: random bytes under all their names: ProcessPrng, BCryptGenRandom, RtlGenRandom.
 * (CryptGenRandom: csp_context.c.)
 *
 * Layer: above ntdll's random_bytes, which asks the kernel.
 */
#include <string.h>
#include "win.h"
#include "ntdll/sysinfo.h"

BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size)
{
    return random_bytes(buffer, size) == STATUS_SUCCESS;
}

/* RtlGenRandom's exported name. */
BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG size)
{
    return random_bytes(buffer, size) == STATUS_SUCCESS;
}

#define BCRYPT_USE_ENTROPY 1u
#define BCRYPT_SYSTEM_PREFERRED 2u

NTSTATUS WINAPI BCryptGenRandom(PVOID algorithm, PUCHAR buffer, ULONG size, ULONG flags)
{
    if (flags & ~(BCRYPT_USE_ENTROPY | BCRYPT_SYSTEM_PREFERRED))
        return STATUS_INVALID_PARAMETER;
    if (!algorithm && !(flags & BCRYPT_SYSTEM_PREFERRED))
        return STATUS_INVALID_HANDLE;
    return buffer ? random_bytes(buffer, size) : STATUS_INVALID_PARAMETER;
}

NTSTATUS WINAPI BCryptGetFipsAlgorithmMode(BOOLEAN *enabled)
{
    if (!enabled)
        return STATUS_INVALID_PARAMETER;
    *enabled = FALSE;
    return STATUS_SUCCESS;
}
