/*
 * undname_private.h: what the parts of the parser of decorated names share.
 */
#ifndef CRT_UNDNAME_PRIVATE_H
#define CRT_UNDNAME_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include "crt/undname.h"

#define DEPTH_MOST 64
#define BACK_MOST 10

struct type {
    const char *left, *right;
};

struct backs {
    const char *names[BACK_MOST];
    struct type types[BACK_MOST];
    unsigned name_count, type_count;
};

struct parser {
    const char *p;
    char *work, *work_end;
    unsigned flags, depth;
    bool failed;
    struct backs backs;
    const char *cast; /* where the type of a conversion operator goes: its name is complete only with the result */
};

/* What a table of texts has for a character. */
#define LOOK(table, c)                                                                                                 \
    ((size_t)(unsigned char)(c) < sizeof(table) / sizeof *(table) ? (table)[(unsigned char)(c)] : NULL)

/* ---- steps (undname.c): after a failure all of them do nothing ---- */

const char *und_fail(struct parser *s);
const char *und_join(struct parser *s, const char *first, ...);
bool und_enter(struct parser *s);
bool und_take(struct parser *s, char c);
bool und_take_text(struct parser *s, const char *text);
const char *und_keyword(const struct parser *s, const char *word);
const char *und_number(struct parser *s);

/* A whole symbol, as it stands inside of another one (undname.c). */
const char *und_symbol(struct parser *s);

/* ---- names: operators, templates, scopes (undname_names.c) ---- */

const char *und_type_text(struct parser *s, bool argument);
const char *und_scope(struct parser *s);
const char *und_scopes(struct parser *s, const char **inner);
const char *und_qualified(struct parser *s);

/* ---- types (undname_types.c) ---- */

/* E, F, I before cv: __ptr64, __unaligned, __restrict. */
struct modifiers {
    const char *before, *after;
};

const char *und_cv_text(char c);
struct modifiers und_modifiers(struct parser *s);
const char *und_convention(struct parser *s);
const char *und_arguments(struct parser *s);
const char *und_this_text(struct parser *s);
struct type und_type(struct parser *s, bool argument);

#endif
