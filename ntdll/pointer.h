/*
 * pointer.h: encoded pointers (EncodePointer in utilapiset.h).  Any value round-trips, NULL included.
 */
#ifndef NTDLL_POINTER_H
#define NTDLL_POINTER_H

#include "win.h"

PVOID WINAPI RtlEncodePointer(PVOID pointer);
PVOID WINAPI RtlDecodePointer(PVOID pointer);

#endif
