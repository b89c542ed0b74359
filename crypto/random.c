/*
 * random.c: random bytes under all their names: ProcessPrng, BCryptGenRandom, RtlGenRandom, CryptGenRandom.
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

/* A provider handle is a counted record; all that it can do here is make random bytes. */
struct provider {
    DWORD magic;
    LONG references;
    DWORD type;
};

#define PROVIDER_MAGIC 0x70727663u

static struct provider *provider_from_handle(ULONG_PTR handle)
{
    struct provider *provider = (struct provider *)handle;

    if (provider && provider->magic == PROVIDER_MAGIC)
        return provider;
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

#define CRYPT_VERIFYCONTEXT 0xf0000000u
#define CRYPT_DELETEKEYSET 0x10u
#define CRYPT_NEWKEYSET 8u
#define NTE_BAD_KEYSET_VALUE 0x80090016u

static BOOL context_acquire(ULONG_PTR *handle, DWORD type, DWORD flags)
{
    struct provider *provider;

    if (!handle || !type) {
        SetLastError(handle ? 0x80090014u /* NTE_BAD_PROV_TYPE */ : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (!(flags & (CRYPT_VERIFYCONTEXT | CRYPT_NEWKEYSET))) { /* no key containers are kept */
        SetLastError(NTE_BAD_KEYSET_VALUE);
        return FALSE;
    }
    provider = RtlAllocateHeap(peb_current()->ProcessHeap, HEAP_ZERO_MEMORY, sizeof *provider);
    if (!provider) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    provider->magic = PROVIDER_MAGIC;
    provider->references = 1;
    provider->type = type;
    *handle = (ULONG_PTR)provider;
    return TRUE;
}

BOOL WINAPI CryptAcquireContextW(ULONG_PTR *handle, LPCWSTR container, LPCWSTR name, DWORD type, DWORD flags)
{
    (void)container, (void)name;
    return context_acquire(handle, type, flags);
}

BOOL WINAPI CryptAcquireContextA(ULONG_PTR *handle, LPCSTR container, LPCSTR name, DWORD type, DWORD flags)
{
    (void)container, (void)name;
    return context_acquire(handle, type, flags);
}

BOOL WINAPI CryptContextAddRef(ULONG_PTR handle, DWORD *reserved, DWORD flags)
{
    struct provider *provider = provider_from_handle(handle);

    (void)reserved, (void)flags;
    if (!provider)
        return FALSE;
    __sync_fetch_and_add(&provider->references, 1);
    return TRUE;
}

BOOL WINAPI CryptReleaseContext(ULONG_PTR handle, DWORD flags)
{
    struct provider *provider = provider_from_handle(handle);

    (void)flags;
    if (!provider)
        return FALSE;
    if (__sync_sub_and_fetch(&provider->references, 1) == 0) {
        provider->magic = 0;
        RtlFreeHeap(peb_current()->ProcessHeap, 0, provider);
    }
    return TRUE;
}

BOOL WINAPI CryptGenRandom(ULONG_PTR handle, DWORD size, BYTE *buffer)
{
    if (!provider_from_handle(handle))
        return FALSE;
    if (random_bytes(buffer, size)) {
        SetLastError(ERROR_GEN_FAILURE);
        return FALSE;
    }
    return TRUE;
}
