/*
 * protect.h: data that can be read again in this prefix only.
 */
#ifndef CRYPTO_PROTECT_H
#define CRYPTO_PROTECT_H

#include "win.h"

/* `purpose` keeps data of different kinds apart.  What is returned is RtlAllocateHeap's. */
NTSTATUS protect_seal(const char *purpose, const UCHAR *entropy, ULONG entropy_size, const UCHAR *data, ULONG size,
                      const UCHAR *clear, ULONG clear_size, UCHAR **sealed, ULONG *sealed_size);
/* STATUS_INVALID_SIGNATURE: it has been changed, or was made elsewhere or with another entropy. */
NTSTATUS protect_open(const char *purpose, const UCHAR *entropy, ULONG entropy_size, const UCHAR *sealed,
                      ULONG sealed_size, UCHAR **data, ULONG *size, const UCHAR **clear, ULONG *clear_size);

#endif
