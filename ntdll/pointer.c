/*
 * pointer.c: encoded pointers, which keep function pointers in writable tables from being guessed.
 * The cookie is the process's own; it comes from the auxiliary vector's random bytes, so that it costs no system call.
 */
#include <sys/auxv.h>
#include "pointer.h"

static uint64_t cookie(void)
{
    const uint64_t *random = (const uint64_t *)getauxval(AT_RANDOM);
    return random ? random[1] : 0x2b992ddfa232ull;
}

PVOID WINAPI RtlEncodePointer(PVOID pointer)
{
    uint64_t key = cookie(), value = (uint64_t)pointer ^ key;
    return (PVOID)(value << (key & 63) | value >> (-key & 63));
}

PVOID WINAPI RtlDecodePointer(PVOID pointer)
{
    uint64_t key = cookie(), value = (uint64_t)pointer;
    return (PVOID)((value >> (key & 63) | value << (-key & 63)) ^ key);
}
