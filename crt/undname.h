/*
 * undname.h: decorated names of Microsoft's C++ compilers as declarations, for vcruntime's __unDName and dbghelp's
 * UnDecorateSymbolName.
 */
#ifndef CRT_UNDNAME_H
#define CRT_UNDNAME_H

#include <stddef.h>

/* The bits of both functions' flags. */
#define UNDNAME_NO_UNDERSCORES_ 0x1u
#define UNDNAME_NO_KEYWORDS_ 0x2u
#define UNDNAME_NO_RETURNS_ 0x4u
#define UNDNAME_NO_MODEL_ 0x8u
#define UNDNAME_NO_LANGUAGE_ 0x10u
#define UNDNAME_NO_THIS_ 0x60u
#define UNDNAME_NO_ACCESS_ 0x80u
#define UNDNAME_NO_THROW_ 0x100u
#define UNDNAME_NO_MEMBER_ 0x200u
#define UNDNAME_NAME_ONLY_ 0x1000u
#define UNDNAME_TYPE_ONLY_ 0x2000u /* the name is a type's */
#define UNDNAME_NO_ECSU_ 0x8000u   /* no class, struct, union, enum */

/* Writes the declaration, cut to `size` bytes with its zero, and returns its whole length; 0: not a decorated name, or
 * damaged (nothing is written).  work: memory for the parts, some ten times the name's length and at least 4 KiB. */
size_t undname(const char *name, unsigned flags, char *out, size_t size, char *work, size_t work_size);

/* The same with memory from the heap (undname_api.c). */
size_t undname_with_heap(const char *name, unsigned flags, char *out, size_t size);

#endif
