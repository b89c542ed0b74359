/*
 * object.c: wincrypt.h: CryptDecodeObject and CryptEncodeObject.
 */
#include "crypt32/asn.h"
#include "crypt32/store.h"
#include "ntdll/gate.h"

/* The structure goes to the caller's room, or to a block that the caller frees.  Decoding to where it will lie makes
 * the pointers right: the size is known from a first decoding. */
static bool decode_to(const struct asn_type *type, const BYTE *data, DWORD size, DWORD flags, void *to, DWORD room)
{
    struct decoder decoder = {.base = to, .room = room, .flags = flags};
    const BYTE *at = data;
    struct der_item item;
    void *out = decoder_take(&decoder, type->size);

    return out && der_next(&at, data + size, &item) && asn_decode_item(&decoder, type, &item, out);
}

BOOL asn_give(const struct asn_type *type, const BYTE *data, DWORD size, void *out, DWORD *out_size)
{
    DWORD needed = 0, room = *out_size;
    void *first = asn_decode(type, data, size, 0, &needed);

    if (!first)
        return FALSE;
    crypt_free(first);
    *out_size = needed;
    if (out && room < needed)
        return crypt_fail(ERROR_MORE_DATA);
    return !out || decode_to(type, data, size, 0, out, needed);
}

/* X509_CERT_TO_BE_SIGNED and its like take the whole signed thing too. */
static void unwrap_signed(LPCSTR structure, const BYTE **data, DWORD *size)
{
    ULONG_PTR number = (ULONG_PTR)structure;
    const BYTE *at = *data;
    struct der_item outer, inner, next;

    if (number < 2 || number > 4 || !der_next(&at, *data + *size, &outer) || outer.tag != DER_SEQUENCE)
        return;
    at = outer.data;
    if (!der_next(&at, outer.data + outer.size, &inner) || inner.tag != DER_SEQUENCE ||
        !der_next(&at, outer.data + outer.size, &next) || next.tag != DER_SEQUENCE ||
        !der_next(&at, outer.data + outer.size, &next) || next.tag != DER_BITS || at != outer.data + outer.size)
        return;
    *data = inner.whole;
    *size = inner.whole_size;
}

BOOL WINAPI CryptDecodeObjectEx(DWORD encoding, LPCSTR structure, const BYTE *data, DWORD size, DWORD flags,
                                PCRYPT_DECODE_PARA para, void *result, DWORD *result_size)
{
    const struct asn_type *type = asn_type_find(structure);
    DWORD needed = 0;
    void *first;
    BOOL done = TRUE;

    if (!(encoding & (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)) || !type)
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    if (!result_size)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    if (!data)
        return crypt_fail((DWORD)CRYPT_E_ASN1_EOD);
    if (!(flags & CRYPT_DECODE_TO_BE_SIGNED_FLAG))
        unwrap_signed(structure, &data, &size);
    first = asn_decode(type, data, size, flags, &needed);
    if (!first)
        return FALSE;
    crypt_free(first);
    if (flags & CRYPT_DECODE_ALLOC_FLAG) {
        void *block = para && para->cbSize >= offsetof(CRYPT_DECODE_PARA, pfnFree) && para->pfnAlloc
                          ? (void *)guest_call(para->pfnAlloc, needed, 0, 0, 0)
                          : LocalAlloc(LMEM_ZEROINIT, needed);

        if (!block)
            return crypt_fail(ERROR_OUTOFMEMORY);
        if (!decode_to(type, data, size, flags, block, needed))
            return crypt_fail((DWORD)CRYPT_E_ASN1_INTERNAL);
        *(void **)result = block;
    } else if (result) {
        if (*result_size < needed) {
            done = crypt_fail(ERROR_MORE_DATA);
        } else {
            done = decode_to(type, data, size, flags, result, needed) || crypt_fail((DWORD)CRYPT_E_ASN1_INTERNAL);
        }
    }
    *result_size = needed;
    return done;
}

BOOL WINAPI CryptDecodeObject(DWORD encoding, LPCSTR structure, const BYTE *data, DWORD size, DWORD flags, void *result,
                              DWORD *result_size)
{
    return CryptDecodeObjectEx(encoding, structure, data, size, flags & ~(DWORD)CRYPT_DECODE_ALLOC_FLAG, NULL, result,
                               result_size);
}

BOOL WINAPI CryptEncodeObjectEx(DWORD encoding, LPCSTR structure, const void *value, DWORD flags,
                                PCRYPT_ENCODE_PARA para, void *result, DWORD *result_size)
{
    const struct asn_type *type = asn_type_find(structure);
    DWORD needed = 0;
    BYTE *block, *bytes;
    BOOL done;

    if (!(encoding & (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)) || !type)
        return crypt_fail(ERROR_FILE_NOT_FOUND);
    if (!value || !result_size)
        return crypt_fail(ERROR_INVALID_PARAMETER);
    bytes = asn_encode(type, value, flags, &needed, &block);
    if (!bytes)
        return FALSE;
    if (flags & CRYPT_ENCODE_ALLOC_FLAG) {
        void *made = para && para->cbSize >= offsetof(CRYPT_ENCODE_PARA, pfnFree) && para->pfnAlloc
                         ? (void *)guest_call(para->pfnAlloc, needed, 0, 0, 0)
                         : LocalAlloc(0, needed);

        done = made ? TRUE : crypt_fail(ERROR_OUTOFMEMORY);
        if (made) {
            memcpy(made, bytes, needed);
            *(void **)result = made;
        }
        *result_size = needed;
    } else {
        done = crypt_copy(bytes, needed, result, result_size);
    }
    crypt_free(block);
    return done;
}

BOOL WINAPI CryptEncodeObject(DWORD encoding, LPCSTR structure, const void *value, BYTE *result, DWORD *result_size)
{
    return CryptEncodeObjectEx(encoding, structure, value, 0, NULL, result, result_size);
}

LPVOID WINAPI CryptMemAlloc(ULONG size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, 0, size);
}

LPVOID WINAPI CryptMemRealloc(LPVOID block, ULONG size)
{
    return block ? RtlReAllocateHeap(peb_current()->ProcessHeap, 0, block, size) : CryptMemAlloc(size);
}

void WINAPI CryptMemFree(LPVOID block)
{
    crypt_free(block);
}
