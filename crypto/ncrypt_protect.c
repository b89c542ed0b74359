/*
 * ncrypt_protect.c: ncryptprotect.h: secrets for whoever a descriptor names.
 *
 * "LOCAL=user" and its like mean this prefix here, as CryptProtectData does; groups of a domain, certificates and
 * passwords of the web are nobody here.  What is sealed has a form of its own.
 *
 * Layer: ncrypt.
 */
#include "ncrypt_key.h"
#include "ntdll/gate.h"
#include "protect.h"

#define DESCRIPTOR_MARK 0x6473656eu
#define INFO_TYPE_DESCRIPTOR_STRING 1
#define UNPROTECT_NO_DECRYPT 1

/* The headers at hand leave ncryptprotect.h out. */
struct descriptor {
    ULONG mark;
    WCHAR text[128];
};

static const char purpose[] = "ncrypt secret";

static struct descriptor *descriptor_of(void *handle)
{
    struct descriptor *descriptor = handle;

    return (ULONG_PTR)handle >= 0x10000 && descriptor->mark == DESCRIPTOR_MARK ? descriptor : NULL;
}

/* Only places of this machine. */
static bool text_known(const WCHAR *text)
{
    static const WCHAR *const known[] = {L"LOCAL=user", L"LOCAL=logon", L"LOCAL=machine"};

    for (size_t i = 0; i < ARRAYSIZE(known); i++)
        if (!wide_compare_nocase(text, known[i]))
            return true;
    return false;
}

static SECURITY_STATUS descriptor_new(const WCHAR *text, void **out)
{
    struct descriptor *descriptor = crypto_alloc(sizeof *descriptor);

    if (!descriptor)
        return NTE_NO_MEMORY;
    memcpy(descriptor->text, text, wide_length(text) * sizeof *text);
    descriptor->mark = DESCRIPTOR_MARK;
    *out = descriptor;
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptCreateProtectionDescriptor(LPCWSTR text, DWORD flags, void **out)
{
    if (!text || !out)
        return NTE_INVALID_PARAMETER;
    if (flags) /* names that were registered: none */
        return NTE_NOT_FOUND;
    if (wide_length(text) >= ARRAYSIZE(((struct descriptor *)NULL)->text))
        return NTE_INVALID_PARAMETER;
    return text_known(text) ? descriptor_new(text, out) : NTE_NOT_SUPPORTED;
}

SECURITY_STATUS WINAPI NCryptCloseProtectionDescriptor(void *handle)
{
    struct descriptor *descriptor = descriptor_of(handle);

    if (!descriptor)
        return NTE_INVALID_HANDLE;
    descriptor->mark = 0;
    crypto_free(descriptor);
    return ERROR_SUCCESS;
}

/* The caller's memory, or LocalAlloc's. */
static void *memory_for(const NCRYPT_ALLOC_PARA *para, SIZE_T size)
{
    return para && para->pfnAlloc ? (void *)guest_call(para->pfnAlloc, size, 0, 0, 0) : LocalAlloc(0, size);
}

static SECURITY_STATUS give(const NCRYPT_ALLOC_PARA *para, const void *data, ULONG size, BYTE **out, ULONG *out_size)
{
    *out = memory_for(para, size ? size : 1);
    if (!*out)
        return NTE_NO_MEMORY;
    if (size)
        memcpy(*out, data, size);
    *out_size = size;
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptGetProtectionDescriptorInfo(void *handle, const NCRYPT_ALLOC_PARA *para, DWORD type,
                                                         void **info)
{
    struct descriptor *descriptor = descriptor_of(handle);
    ULONG size;

    if (!descriptor)
        return NTE_INVALID_HANDLE;
    if (!info || type != INFO_TYPE_DESCRIPTOR_STRING)
        return NTE_INVALID_PARAMETER;
    return give(para, descriptor->text, (ULONG)(wide_length(descriptor->text) + 1) * sizeof(WCHAR), (BYTE **)info,
                &size);
}

SECURITY_STATUS WINAPI NCryptProtectSecret(void *handle, DWORD flags, const BYTE *data, ULONG size,
                                           const NCRYPT_ALLOC_PARA *para, HWND window, BYTE **out, ULONG *out_size)
{
    struct descriptor *descriptor = descriptor_of(handle);
    UCHAR *sealed;
    ULONG sealed_size;
    NTSTATUS status;
    SECURITY_STATUS answer;

    (void)window;
    if (!descriptor)
        return NTE_INVALID_HANDLE;
    if (!data || !size || !out || !out_size)
        return NTE_INVALID_PARAMETER;
    if (flags & ~(DWORD)NCRYPT_SILENT_FLAG)
        return NTE_BAD_FLAGS;
    status = protect_seal(purpose, NULL, 0, data, size, (const UCHAR *)descriptor->text, sizeof descriptor->text,
                          &sealed, &sealed_size);
    if (status)
        return ncrypt_result(status);
    answer = give(para, sealed, sealed_size, out, out_size);
    crypto_free(sealed);
    return answer;
}

SECURITY_STATUS WINAPI NCryptUnprotectSecret(void **handle, DWORD flags, const BYTE *blob, ULONG size,
                                             const NCRYPT_ALLOC_PARA *para, HWND window, BYTE **out, ULONG *out_size)
{
    UCHAR *data;
    const UCHAR *clear;
    ULONG data_size, clear_size;
    SECURITY_STATUS answer = ERROR_SUCCESS;
    bool only_descriptor = flags & UNPROTECT_NO_DECRYPT;

    (void)window;
    if (!blob || !size || (!only_descriptor && (!out || !out_size)))
        return NTE_INVALID_PARAMETER;
    if (flags & ~(DWORD)(NCRYPT_SILENT_FLAG | UNPROTECT_NO_DECRYPT))
        return NTE_BAD_FLAGS;
    if (protect_open(purpose, NULL, 0, blob, size, &data, &data_size, &clear, &clear_size))
        return NTE_BAD_DATA;
    if (clear_size != sizeof((struct descriptor *)NULL)->text)
        answer = NTE_BAD_DATA;
    if (!answer && !only_descriptor)
        answer = give(para, data, data_size, out, out_size);
    if (!answer && handle) {
        struct descriptor copy;

        memcpy(copy.text, clear, sizeof copy.text);
        copy.text[ARRAYSIZE(copy.text) - 1] = 0;
        answer = descriptor_new(copy.text, handle);
    }
    crypto_free_secret(data, data_size);
    return answer;
}
