/*
 * undname_types.c: types in decorated names.
 *
 * A type is two texts, what stands left and right of the name that is declared, as C has them.
 */
#include <string.h>
#include "crt/undname_private.h"

const char *und_cv_text(char c)
{
    switch (c) {
    case 'B':
    case 'J':
    case 'R':
        return " const";
    case 'C':
    case 'K':
    case 'S':
        return " volatile";
    case 'D':
    case 'L':
    case 'T':
        return " const volatile";
    }
    return "";
}

struct modifiers und_modifiers(struct parser *s)
{
    struct modifiers m = {"", ""};
    for (;;) {
        if (und_take(s, 'E'))
            m.after = und_join(s, m.after, *und_keyword(s, "__ptr64") ? " " : "", und_keyword(s, "__ptr64"), NULL);
        else if (und_take(s, 'F'))
            m.before =
                und_join(s, m.before, und_keyword(s, "__unaligned"), *und_keyword(s, "__unaligned") ? " " : "", NULL);
        else if (und_take(s, 'I'))
            m.after =
                und_join(s, m.after, *und_keyword(s, "__restrict") ? " " : "", und_keyword(s, "__restrict"), NULL);
        else
            return m;
    }
}

const char *und_convention(struct parser *s)
{
    static const char *const names[] = {"__cdecl", "__pascal",  "__thiscall", "__stdcall",    "__fastcall",
                                        "",        "__clrcall", "__eabi",     "__vectorcall", "__swift_1"};
    char c = *s->p;
    if (c < 'A' || c > 'T') {
        if (!und_take(s, 'w'))
            return und_fail(s);
        return "__regcall";
    }
    s->p++;
    const char *name = names[(c - 'A') / 2];
    return s->flags & UNDNAME_NO_LANGUAGE_ ? "" : *name ? und_keyword(s, name) : "";
}

/* "(int,char)", and what follows: noexcept. */
const char *und_arguments(struct parser *s)
{
    const char *text = "";
    if (und_take(s, 'X')) {
        text = "void";
    } else {
        while (!s->failed && !und_take(s, '@')) {
            if (und_take(s, 'Z')) {
                text = und_join(s, text, *text ? "," : "", "...", NULL);
                break;
            }
            text = und_join(s, text, *text ? "," : "", und_type_text(s, true), NULL);
        }
    }
    bool noexcept = und_take_text(s, "_E");
    if (!noexcept)
        und_take(s, 'Z');
    return und_join(s, "(", text, ")", noexcept && !(s->flags & UNDNAME_NO_THROW_) ? " noexcept" : "", NULL);
}

/* cv and reference of a member function's this. */
const char *und_this_text(struct parser *s)
{
    struct modifiers m = und_modifiers(s);
    const char *reference = und_take(s, 'G') ? " &" : und_take(s, 'H') ? " &&" : "";
    char c = *s->p;
    if (c < 'A' || c > 'D')
        return und_fail(s);
    s->p++;
    if ((s->flags & UNDNAME_NO_THIS_) == UNDNAME_NO_THIS_)
        return reference;
    const char *cv = und_cv_text(c);
    return und_join(s, *cv ? cv + 1 : "", m.after, reference, NULL);
}

/* The type of a function, `name` being how it is called inside; returns its two halves. */
static struct type function_type(struct parser *s, const char *inside, bool pointer, const char *cv)
{
    const char *call = und_convention(s);
    struct type result = {"", ""};
    bool none = und_take(s, '@');
    if (!none)
        result = und_type(s, false);
    const char *list = und_arguments(s);
    const char *space = *result.left && !none ? " " : "";
    if (pointer)
        return (struct type){und_join(s, result.left, space, "(", call, inside, NULL),
                             und_join(s, ")", list, cv, result.right, NULL)};
    return (struct type){und_join(s, result.left, space, call, NULL), und_join(s, list, cv, result.right, NULL)};
}

static struct type array_type(struct parser *s, const char *inside)
{
    const char *dimensions = "";
    int count = 0;
    for (const char *c = und_number(s); *c >= '0' && *c <= '9'; c++)
        count = count < 64 ? count * 10 + *c - '0' : 64;
    while (count-- > 0 && !s->failed)
        dimensions = und_join(s, dimensions, "[", und_number(s), "]", NULL);
    struct type element = und_type(s, false);
    if (!*inside)
        return (struct type){element.left, und_join(s, dimensions, element.right, NULL)};
    return (struct type){und_join(s, element.left, " (", inside, NULL),
                         und_join(s, ")", dimensions, element.right, NULL)};
}

/* After the letter of a pointer or reference; sign: "*", "&", "&&"; own: the pointer's own cv. */
static struct type pointer_type(struct parser *s, const char *sign, const char *own)
{
    struct modifiers m = und_modifiers(s);
    char c = *s->p;
    if (!c)
        return und_fail(s), (struct type){"", ""};
    s->p++;
    const char *inside = und_join(s, sign, m.after, own, NULL);
    if (c == '6' || c == '7')
        return function_type(s, inside, true, "");
    if (c == '8' || c == '9') {
        const char *class = und_qualified(s), *cv = und_this_text(s);
        const char *call_space = s->flags & (UNDNAME_NO_KEYWORDS_ | UNDNAME_NO_LANGUAGE_) ? "" : " ";
        return function_type(s, und_join(s, call_space, class, "::", inside, NULL), true, cv);
    }
    if (c >= 'Q' && c <= 'T') { /* to a member */
        const char *class = und_qualified(s);
        struct type member = und_type(s, false);
        return (struct type){und_join(s, m.before, member.left, und_cv_text(c), " ", class, "::", inside, NULL),
                             member.right};
    }
    if (c < 'A' || c > 'D')
        return und_fail(s), (struct type){"", ""};
    if (und_take(s, 'Y')) {
        const char *cv = und_cv_text(c);
        struct type array = array_type(s, inside);
        (void)cv;
        return array;
    }
    struct type target = und_type(s, false);
    return (struct type){und_join(s, m.before, target.left, und_cv_text(c), " ", inside, NULL), target.right};
}

static struct type tagged(struct parser *s, const char *tag)
{
    const char *name = und_qualified(s);
    return (struct type){und_join(s, s->flags & UNDNAME_NO_ECSU_ ? "" : tag, name, NULL), ""};
}

static const char *simple(char c)
{
    static const char *const names[] = {
        ['C'] = "signed char",    ['D'] = "char",  ['E'] = "unsigned char", ['F'] = "short",
        ['G'] = "unsigned short", ['H'] = "int",   ['I'] = "unsigned int",  ['J'] = "long",
        ['K'] = "unsigned long",  ['M'] = "float", ['N'] = "double",        ['O'] = "long double",
        ['X'] = "void",           ['Z'] = "...",
    };
    return LOOK(names, c);
}

static const char *extended(char c)
{
    static const char *const names[] = {
        ['D'] = "__int8",   ['E'] = "unsigned __int8",   ['F'] = "__int16",        ['G'] = "unsigned __int16",
        ['H'] = "__int32",  ['I'] = "unsigned __int32",  ['J'] = "__int64",        ['K'] = "unsigned __int64",
        ['L'] = "__int128", ['M'] = "unsigned __int128", ['N'] = "bool",           ['P'] = "auto",
        ['Q'] = "char8_t",  ['S'] = "char16_t",          ['T'] = "decltype(auto)", ['U'] = "char32_t",
        ['W'] = "wchar_t",
    };
    return LOOK(names, c);
}

/* After "$$". */
static struct type dollar_type(struct parser *s)
{
    const char *cv;
    switch (*s->p++) {
    case 'Q':
        return pointer_type(s, "&&", "");
    case 'R':
        return pointer_type(s, "&&", " volatile");
    case 'A': /* a function; of a class with a this */
        if (und_take(s, '6'))
            return function_type(s, "", false, "");
        if (und_take_text(s, "8@@")) {
            cv = und_this_text(s);
            return function_type(s, "", false, cv);
        }
        break;
    case 'B':
        if (und_take(s, 'Y'))
            return array_type(s, "");
        return und_type(s, false);
    case 'C': {
        struct modifiers m = und_modifiers(s);
        cv = und_cv_text(*s->p);
        if (*s->p < 'A' || *s->p > 'D')
            break;
        s->p++;
        if (und_take(s, 'Y')) {
            struct type array = array_type(s, "");
            return (struct type){und_join(s, m.before, array.left, cv, NULL), array.right};
        }
        struct type type = und_type(s, false);
        return (struct type){und_join(s, m.before, type.left, cv, m.after, NULL), type.right};
    }
    case 'T':
        return (struct type){"std::nullptr_t", ""};
    case 'Y':
        return (struct type){und_qualified(s), ""};
    }
    und_fail(s);
    return (struct type){"", ""};
}

static struct type type_plain(struct parser *s)
{
    const char *name;
    char c = *s->p;
    if (!c)
        return und_fail(s), (struct type){"", ""};
    s->p++;
    switch (c) {
    case 'T':
        return tagged(s, "union ");
    case 'U':
        return tagged(s, "struct ");
    case 'V':
        return tagged(s, "class ");
    case 'W':
        if (*s->p < '0' || *s->p > '7')
            break;
        s->p++;
        return tagged(s, "enum ");
    case 'P':
        return pointer_type(s, "*", "");
    case 'Q':
        return pointer_type(s, "*", " const");
    case 'R':
        return pointer_type(s, "*", " volatile");
    case 'S':
        return pointer_type(s, "*", " const volatile");
    case 'A':
        return pointer_type(s, "&", "");
    case 'B':
        return pointer_type(s, "&", " volatile");
    case 'Y':
        return array_type(s, "");
    case '?': { /* with cv of its own: results by value */
        struct modifiers m = und_modifiers(s);
        c = *s->p;
        if (c < 'A' || c > 'D')
            break;
        s->p++;
        struct type type = und_type(s, false);
        return (struct type){und_join(s, m.before, type.left, und_cv_text(c), NULL), type.right};
    }
    case '$':
        if (und_take(s, '$'))
            return dollar_type(s);
        break;
    case '_':
        name = extended(*s->p);
        if (!name)
            break;
        s->p++;
        return (struct type){name, ""};
    default:
        name = simple(c);
        if (name)
            return (struct type){name, ""};
    }
    und_fail(s);
    return (struct type){"", ""};
}

/* argument: of a list, whose longer types are remembered by number. */
struct type und_type(struct parser *s, bool argument)
{
    struct type type = {"", ""};
    const char *start = s->p;
    if (!und_enter(s))
        return type;
    if (*s->p >= '0' && *s->p <= '9') {
        unsigned index = (unsigned)(*s->p++ - '0');
        if (index < s->backs.type_count)
            type = s->backs.types[index];
        else
            und_fail(s);
    } else {
        type = type_plain(s);
        if (argument && s->p - start > 1 && s->backs.type_count < BACK_MOST && !s->failed)
            s->backs.types[s->backs.type_count++] = type;
    }
    s->depth--;
    return type;
}
