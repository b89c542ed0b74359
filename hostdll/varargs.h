/*
 * varargs.h: Windows' variable arguments for host functions that take a va_list.
 */
#ifndef HOSTDLL_VARARGS_H
#define HOSTDLL_VARARGS_H

#include <stdarg.h>
#include <stdint.h>

/* ABI: what va_list is on the host. */
struct host_va_list {
    uint32_t integer_offset, float_offset;
    void *stack, *registers;
};
_Static_assert(sizeof(struct host_va_list) == sizeof(va_list), "the host's va_list");

/* Reads the slots that a Windows va_list points at; pass its address where the host's va_list is wanted. */
static inline struct host_va_list host_va_list(void *windows_va_list)
{
    return (struct host_va_list){.integer_offset = 6 * 8, .float_offset = 6 * 8 + 8 * 16, .stack = windows_va_list};
}

/* The format with the host's sizes; *made (may be NULL) is to be freed afterwards. */
const char *host_format(const char *format, char **made);

#endif
