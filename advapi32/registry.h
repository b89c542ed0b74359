/*
 * registry.h: what advapi32's registry functions share.  All of them stand on the Nt functions of keys.
 *
 * An HKEY is a key's handle, or one of the predefined numbers.  Bit 1 of a handle, which the table of handles
 * ignores, marks what was opened below HKEY_CLASSES_ROOT: such a key is seen as two (registry_classes.c).
 */
#ifndef ADVAPI32_REGISTRY_H
#define ADVAPI32_REGISTRY_H

#include "ntkey.h"

#define REG_MERGED ((ULONG_PTR)2)
#define VIEW_FLAGS (KEY_WOW64_32KEY | KEY_WOW64_64KEY)

static inline LSTATUS reg_error(NTSTATUS status)
{
    return (LSTATUS)RtlNtStatusToDosErrorNoTeb(status);
}

static inline bool reg_is_merged(HKEY key)
{
    return (LONG)(LONG_PTR)key > 0 && (ULONG_PTR)key & REG_MERGED;
}

static inline void *reg_alloc(SIZE_T size)
{
    return RtlAllocateHeap(peb_current()->ProcessHeap, 0, size ? size : 1);
}

static inline void reg_free(void *memory)
{
    if (memory)
        RtlFreeHeap(peb_current()->ProcessHeap, 0, memory);
}

/* registry_root.c: the handle behind an HKEY; predefined ones are opened at their first use.  *merged: HKCR. */
LSTATUS reg_handle(HKEY key, HANDLE *handle, bool *merged);

/* ---- values as the Nt functions give them: in heap memory ---- */
struct reg_value {
    ULONG type, size;
    void *data; /* with two zero WCHARs behind it */
    void *memory;
};
/* name NULL: the default value.  Sees both keys of a merged one. */
LSTATUS reg_read(HKEY key, const WCHAR *name, struct reg_value *value);
static inline bool reg_is_text(ULONG type)
{
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

/* Texts to ANSI and back, zeros included; in heap memory. */
char *reg_narrow(const void *text, ULONG size, ULONG *length);
WCHAR *reg_widen(const void *text, ULONG size, ULONG *length);

/* RegOpenKeyExW, for names relative to handles without the rules of predefined keys. */
NTSTATUS reg_open(HANDLE root, const WCHAR *name, ULONG options, ACCESS_MASK access, HANDLE *handle);

/* ---- registry_classes.c ---- */
struct reg_pair {
    HANDLE user, machine; /* NULL: not there; close with reg_pair_close */
};
LSTATUS reg_pair_open(HANDLE handle, ACCESS_MASK access, struct reg_pair *pair);
void reg_pair_close(struct reg_pair *pair);
LSTATUS reg_classes_open(HANDLE handle, const WCHAR *name, DWORD options, REGSAM access, PHKEY result);
/* Where a new key goes: the user's side if its name leads to a key that is there, else the machine's. */
LSTATUS reg_classes_parent(HANDLE handle, const WCHAR *name, HANDLE *parent);

/* One subkey or value by index, of a plain or merged key: the structure is in heap memory. */
LSTATUS reg_enum_key(HKEY key, DWORD index, KEY_NODE_INFORMATION **info);
LSTATUS reg_enum_value(HKEY key, DWORD index, KEY_VALUE_FULL_INFORMATION **info);

#endif
