/*
 * prefixkey.h: the secret of a prefix.
 */
#ifndef NTDLL_PREFIXKEY_H
#define NTDLL_PREFIXKEY_H

#include "win.h"

#define PREFIX_KEY_SIZE 32

/* The prefix's secret, which lies in its file "secret" that only its user can read; made at the first call. */
NTSTATUS prefix_key(UCHAR key[PREFIX_KEY_SIZE]);

#endif
