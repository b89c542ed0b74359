/*
 * fuzz_der.c: libFuzzer target for crypt32's tables: whatever the bytes, decoding as any structure ends well, and what
 * was decoded can be encoded, which is decoded again.
 */
#include "crypt32/asn.h"
#include "ntdll/systime.h"
#include "below.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (ULONG_PTR number = 1; number < 100; number++) {
        const struct asn_type *type = asn_type_find((LPCSTR)number);
        DWORD needed, length;
        BYTE *block, *again;
        void *value = type ? asn_decode(type, data, (DWORD)size, 0, &needed) : NULL;

        if (!value)
            continue;
        again = asn_encode(type, value, 0, &length, &block);
        if (again) {
            void *second = asn_decode(type, again, length, 0, &needed);

            free(second);
            free(block);
        }
        free(value);
    }
    return 0;
}
