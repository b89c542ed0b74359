/*
 * reg.h: what the parts of reg.exe share: key names, values, options, messages.
 */
#ifndef PROGRAMS_REG_H
#define PROGRAMS_REG_H

#include "../console.h"

enum status { DONE = 0, FAILED = 1, DIFFERENT = 2 };

/* "HKLM\Software\X": the root, its whole name, and what is below. */
struct key_name {
    HKEY root;
    const WCHAR *root_name;
    WCHAR *path;
};

/* What follows REG OPERATION. */
struct options {
    const WCHAR *operation;
    const WCHAR *words[5]; /* keys or a key and a file; a key, what to do and flags */
    int word_count;
    const WCHAR *value; /* "": the default one; NULL: none named */
    const WCHAR *type, *data, *search, *separator;
    bool value_given, all_values, deep, force, show_number;
    bool in_keys, in_data, in_names, case_matters, whole; /* /k /d /v, /c, /e of a search */
    WCHAR compare;                                        /* a, d, s or n of /oa, /od, /os, /on */
    REGSAM view;
};

struct value {
    const WCHAR *name;
    DWORD name_length, type, size;
    BYTE *data;
};

/* ---- main.c ---- */
enum status fail(const WCHAR *format, ...);
enum status fail_with(LSTATUS error);
enum status bad_syntax(const struct options *options);
enum status succeed(void);
bool parse_key(const WCHAR *text, struct key_name *key);
/* As parse_key; says so if it is none. */
bool need_key(const struct options *options, int word, struct key_name *key);
WCHAR *key_text(const struct key_name *key); /* in whole; free() it */
/* Yes or no, asked on the console; 'y', 'n', or 'a' for all where that is offered. */
WCHAR ask(bool offer_all, const WCHAR *format, ...);

/* ---- value.c ---- */
const WCHAR *type_name(DWORD type);
bool type_parse(const WCHAR *name, DWORD *type);
/* What query shows; free() it. */
WCHAR *value_text(const struct value *value, const WCHAR *separator);
/* The data that /d means; NULL: it does not fit the type.  free() it. */
BYTE *value_parse(DWORD type, const WCHAR *text, const WCHAR *separator, DWORD *size);
LSTATUS value_read(HKEY key, const WCHAR *name, struct value *value); /* free() its data */
/* All values of a key, the names behind one another; free with values_free. */
struct value *values_read(HKEY key, DWORD *count);
void values_free(struct value *values, DWORD count);
/* The names of a key's subkeys, ended by NULL; free with names_free. */
WCHAR **subkeys_read(HKEY key);
void names_free(WCHAR **names);
WCHAR *path_below(const WCHAR *path, const WCHAR *name); /* free() it */

/* ---- one function each operation ---- */
enum status reg_query(const struct options *options);
enum status reg_add(const struct options *options);
enum status reg_delete(const struct options *options);
enum status reg_copy(const struct options *options);
enum status reg_compare(const struct options *options);
enum status reg_import(const struct options *options);
enum status reg_export(const struct options *options);
enum status reg_save(const struct options *options);
enum status reg_restore(const struct options *options);
enum status reg_load(const struct options *options);
enum status reg_unload(const struct options *options);
enum status reg_flags(const struct options *options);

#endif
