/*
 * undname.c: the parser of Microsoft's decorated C++ names (undname.h): its steps, and whole symbols.
 *
 * Pure: reads the name, builds texts in the caller's memory.  The grammar is known from what compilers make of
 * declarations.
 */
#include <stdio.h>
#include <string.h>
#include "crt/undname_private.h"

const char *und_fail(struct parser *s)
{
    s->failed = true;
    return "";
}

/* Joins texts, up to NULL. */
const char *und_join(struct parser *s, const char *first, ...)
{
    __builtin_va_list list;
    char *start = s->work, *at = start;
    if (s->failed)
        return "";
    __builtin_va_start(list, first);
    for (const char *text = first; text; text = __builtin_va_arg(list, const char *)) {
        size_t length = strlen(text);
        if (length + 1 > (size_t)(s->work_end - at)) {
            __builtin_va_end(list);
            return und_fail(s);
        }
        memcpy(at, text, length);
        at += length;
    }
    __builtin_va_end(list);
    *at = 0;
    s->work = at + 1;
    return start;
}

bool und_enter(struct parser *s)
{
    if (++s->depth > DEPTH_MOST)
        s->failed = true;
    return !s->failed;
}

bool und_take(struct parser *s, char c)
{
    if (s->failed || *s->p != c)
        return false;
    s->p++;
    return true;
}

bool und_take_text(struct parser *s, const char *text)
{
    size_t length = strlen(text);
    if (s->failed || strncmp(s->p, text, length))
        return false;
    s->p += length;
    return true;
}

/* A word of the compiler's, with its underscores or without, or not at all; with a space after it. */
const char *und_keyword(const struct parser *s, const char *word)
{
    if (s->flags & UNDNAME_NO_KEYWORDS_)
        return "";
    return s->flags & UNDNAME_NO_UNDERSCORES_ ? word + 2 : word;
}

const char *und_number(struct parser *s)
{
    char text[24];
    bool negative = und_take(s, '?');
    uint64_t value = 0;
    if (*s->p >= '0' && *s->p <= '9') {
        value = (uint64_t)(*s->p++ - '0') + 1;
    } else {
        while (*s->p >= 'A' && *s->p <= 'P')
            value = value << 4 | (uint64_t)(*s->p++ - 'A');
        if (!und_take(s, '@'))
            return und_fail(s);
    }
    snprintf(text, sizeof text, "%s%llu", negative ? "-" : "", (unsigned long long)value);
    return und_join(s, text, NULL);
}

/* ---- whole symbols ---- */

static const char *variable(struct parser *s, const char *name, char kind)
{
    static const char *const access[] = {"private: ", "protected: ", "public: "};
    struct type type = und_type(s, false);
    struct modifiers m = und_modifiers(s);
    char c = *s->p;
    if (s->failed || !((c >= 'A' && c <= 'D') || (c >= 'Q' && c <= 'T')))
        return und_fail(s);
    s->p++;
    if (c >= 'Q') /* a pointer to a member says its class once more */
        und_qualified(s);
    if (s->flags & UNDNAME_NAME_ONLY_)
        return name;
    const char *cv = und_cv_text(c);
    return und_join(s, kind < '3' && !(s->flags & UNDNAME_NO_ACCESS_) ? access[kind - '0'] : "",
                    kind < '3' && !(s->flags & UNDNAME_NO_MEMBER_) ? "static " : "", type.left, cv, m.after,
                    *type.left ? " " : "", name, type.right, NULL);
}

/* A table: "const foo::`vftable'", and for which base it is. */
static const char *table(struct parser *s, const char *name)
{
    const char *bases = "", *inner;
    struct modifiers m = und_modifiers(s);
    char c = *s->p;
    if (c < 'A' || c > 'D')
        return und_fail(s);
    s->p++;
    while (!s->failed && *s->p && *s->p != '@') {
        const char *own = und_scope(s);
        const char *around = und_scopes(s, &inner);
        bases = und_join(s, bases, *bases ? "'s `" : "{for `", around, own, NULL);
    }
    und_take(s, '@');
    if (s->flags & UNDNAME_NAME_ONLY_)
        return name;
    const char *cv = und_cv_text(c);
    return und_join(s, *cv ? cv + 1 : "", m.after, *cv || *m.after ? " " : "", name, bases, *bases ? "'}" : "", NULL);
}

/* What a letter says about a function. */
struct function_kind {
    const char *access, *word; /* static, virtual */
    bool member, thunk, has_this;
};

static struct function_kind kind_of(char c)
{
    static const char *const access[] = {"private: ", "protected: ", "public: ", ""};
    unsigned index = (unsigned)(c - 'A'), group = index / 8, within = index % 8 / 2;
    struct function_kind kind = {access[group], "", group < 3, within == 3 && group < 3, within != 1 && group < 3};
    if (group < 3)
        kind.word = within == 1 ? "static " : within == 0 ? "" : "virtual ";
    return kind;
}

static const char *function(struct parser *s, const char *name, struct function_kind kind, const char *adjust)
{
    const char *cv = kind.has_this ? und_this_text(s) : "";
    const char *call = und_convention(s);
    struct type result = {"", ""};
    bool none = und_take(s, '@');
    if (!none)
        result = und_type(s, false);
    const char *list = und_arguments(s);
    if (s->cast && !none) { /* a conversion: its name is its result */
        name = und_join(s, name, result.left, result.right, NULL);
        result = (struct type){"", ""};
        none = true;
    }
    s->cast = NULL;
    if (s->flags & UNDNAME_NAME_ONLY_)
        return und_join(s, name, adjust, NULL);
    if (s->flags & UNDNAME_NO_RETURNS_)
        result = (struct type){"", ""};
    return und_join(s, kind.thunk ? "[thunk]:" : "", kind.thunk && s->flags & UNDNAME_NO_ACCESS_ ? " " : "",
                    s->flags & UNDNAME_NO_ACCESS_ ? "" : kind.access, s->flags & UNDNAME_NO_MEMBER_ ? "" : kind.word,
                    result.left, *result.left ? " " : "", call, *call ? " " : "", name, adjust, list, cv, result.right,
                    NULL);
}

/* Thunks: virtual bases with their displacement, and calls through a table. */
static const char *special_function(struct parser *s, const char *name)
{
    char c = *s->p;
    if (und_take(s, 'B')) {
        const char *offset = und_number(s);
        und_take(s, 'A');
        const char *call = und_convention(s);
        return und_join(s, "[thunk]: ", call, *call ? " " : "", name, "{", offset, ",{flat}}' }'", NULL);
    }
    bool extended = und_take(s, 'R');
    c = *s->p;
    if (c < '0' || c > '5')
        return und_fail(s);
    s->p++;
    static const char *const access[] = {"private: ", "protected: ", "public: "};
    struct function_kind kind = {access[(c - '0') / 2], "virtual ", true, true, true};
    const char *a = und_number(s), *b = und_number(s);
    const char *adjust = und_join(s, "`vtordisp{", a, ",", b, NULL);
    if (extended) {
        const char *d = und_number(s), *e = und_number(s);
        adjust = und_join(s, "`vtordispex{", a, ",", b, ",", d, ",", e, NULL);
    }
    return function(s, name, kind, und_join(s, adjust, "}' ", NULL));
}

/* After the name: what it is. */
static const char *encoded(struct parser *s, const char *name)
{
    char c = *s->p;
    if (!c)
        return s->cast ? und_fail(s) : name;
    s->p++;
    switch (c) {
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
        return variable(s, name, c);
    case '5':
        return und_join(s, name, "{", und_number(s), "}'", NULL);
    case '6':
    case '7':
        return table(s, name);
    case '8':
    case '9':
        return name;
    case '$':
        return special_function(s, name);
    }
    if (c < 'A' || c > 'Z')
        return und_fail(s);
    struct function_kind kind = kind_of(c);
    const char *adjust = "";
    if (kind.thunk)
        adjust = und_join(s, "`adjustor{", und_number(s), "}' ", NULL);
    return function(s, name, kind, adjust);
}

/* A string literal: what is said of it is its checksum and its first characters. */
static const char *string_literal(struct parser *s)
{
    s->p += strlen(s->p);
    return "`string'";
}

const char *und_symbol(struct parser *s)
{
    const char *text;
    const char *cast = s->cast;
    if (!und_take(s, '?') || !und_enter(s))
        return und_fail(s);
    s->cast = NULL;
    if (!strncmp(s->p, "?_C@", 4))
        text = string_literal(s);
    else
        text = encoded(s, und_qualified(s));
    s->cast = cast;
    s->depth--;
    return text;
}

size_t undname(const char *name, unsigned flags, char *out, size_t size, char *work, size_t work_size)
{
    struct parser s = {.p = name, .work = work, .work_end = work + work_size, .flags = flags};
    const char *text;
    if (flags & UNDNAME_TYPE_ONLY_ || *name == '.') {
        if (*s.p == '.')
            s.p++;
        text = und_type_text(&s, false);
    } else if (*name == '?') {
        text = und_symbol(&s);
    } else {
        return 0;
    }
    if (s.failed || *s.p)
        return 0;
    size_t length = strlen(text), copied = length < size ? length : size ? size - 1 : 0;
    if (size) {
        memcpy(out, text, copied);
        out[copied] = 0;
    }
    return length;
}
