/*
 * memory.c: blocks of memory: the C runtimes' memcpy and friends, by the host's library.
 *
 * Layer: crt.
 */
#include "crt.h"

void *WINAPI crt_memcpy(void *to, const void *from, size_t size)
{
    return memmove(to, from, size); /* Microsoft's allows overlap */
}

void *WINAPI crt_memmove(void *to, const void *from, size_t size)
{
    return memmove(to, from, size);
}

void *WINAPI crt_memset(void *block, int value, size_t size)
{
    return memset(block, value, size);
}

int WINAPI crt_memcmp(const void *a, const void *b, size_t size)
{
    int order = memcmp(a, b, size);
    return order < 0 ? -1 : order > 0;
}

void *WINAPI crt_memchr(const void *block, int value, size_t size)
{
    return (void *)memchr(block, value, size);
}
