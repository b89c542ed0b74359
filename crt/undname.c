/*
 * undname.c: the parser of Microsoft's decorated C++ names (undname.h).
 *
 * Pure: reads the name, builds texts in the caller's memory.  The grammar is known from what compilers make of
 * declarations.  A type is two texts, what stands left and right of the name that is declared, as C has them.
 */
#include "crt/undname.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

static const char *fail(struct parser *s)
{
    s->failed = true;
    return "";
}

/* Joins texts, up to NULL. */
static const char *join(struct parser *s, const char *first, ...)
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
            return fail(s);
        }
        memcpy(at, text, length);
        at += length;
    }
    __builtin_va_end(list);
    *at = 0;
    s->work = at + 1;
    return start;
}

static bool enter(struct parser *s)
{
    if (++s->depth > DEPTH_MOST)
        s->failed = true;
    return !s->failed;
}

static bool take(struct parser *s, char c)
{
    if (s->failed || *s->p != c)
        return false;
    s->p++;
    return true;
}

static bool take_text(struct parser *s, const char *text)
{
    size_t length = strlen(text);
    if (s->failed || strncmp(s->p, text, length))
        return false;
    s->p += length;
    return true;
}

/* A word of the compiler's, with its underscores or without, or not at all; with a space after it. */
static const char *keyword(const struct parser *s, const char *word)
{
    if (s->flags & UNDNAME_NO_KEYWORDS_)
        return "";
    return s->flags & UNDNAME_NO_UNDERSCORES_ ? word + 2 : word;
}

static const char *number(struct parser *s)
{
    char text[24];
    bool negative = take(s, '?');
    uint64_t value = 0;
    if (*s->p >= '0' && *s->p <= '9') {
        value = (uint64_t)(*s->p++ - '0') + 1;
    } else {
        while (*s->p >= 'A' && *s->p <= 'P')
            value = value << 4 | (uint64_t)(*s->p++ - 'A');
        if (!take(s, '@'))
            return fail(s);
    }
    snprintf(text, sizeof text, "%s%llu", negative ? "-" : "", (unsigned long long)value);
    return join(s, text, NULL);
}

static const char *symbol(struct parser *s);
static struct type type_parse(struct parser *s, bool argument);
static const char *qualified(struct parser *s);

static const char *remember(struct parser *s, const char *name)
{
    for (unsigned i = 0; i < s->backs.name_count; i++)
        if (!strcmp(s->backs.names[i], name))
            return name;
    if (s->backs.name_count < BACK_MOST)
        s->backs.names[s->backs.name_count++] = name;
    return name;
}

static const char *identifier(struct parser *s)
{
    char *start = s->work;
    size_t length = strcspn(s->p, "@");
    if (!length || s->p[length] != '@' || length + 1 > (size_t)(s->work_end - s->work))
        return fail(s);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)s->p[i] < ' ' || s->p[i] == '?')
            return fail(s);
    memcpy(start, s->p, length);
    start[length] = 0;
    s->work += length + 1;
    s->p += length + 1;
    return start;
}

static const char *back_name(struct parser *s)
{
    unsigned index = (unsigned)(*s->p++ - '0');
    return index < s->backs.name_count ? s->backs.names[index] : fail(s);
}

/* ---- templates ---- */

static const char *type_text(struct parser *s, bool argument)
{
    struct type type = type_parse(s, argument);
    return join(s, type.left, type.right, NULL);
}

static const char *member_pointer(struct parser *s, unsigned numbers)
{
    const char *text = join(s, "{", symbol(s), NULL);
    while (numbers--)
        text = join(s, text, ",", number(s), NULL);
    return join(s, text, "}", NULL);
}

static const char *template_argument(struct parser *s)
{
    if (take_text(s, "$$$V") || take_text(s, "$$V") || take_text(s, "$$Z") || take_text(s, "$S"))
        return NULL; /* an empty pack, or the end of one */
    if (take_text(s, "$0"))
        return number(s);
    if (take_text(s, "$1"))
        return join(s, "&", symbol(s), NULL);
    if (take_text(s, "$E"))
        return symbol(s);
    if (take_text(s, "$D"))
        return join(s, "`template-parameter", number(s), "'", NULL);
    if (take_text(s, "$Q"))
        return join(s, "`non-type-template-parameter", number(s), "'", NULL);
    if (take_text(s, "$F"))
        return join(s, "{", number(s), ",", number(s), "}", NULL);
    if (take_text(s, "$G"))
        return join(s, "{", number(s), ",", number(s), ",", number(s), "}", NULL);
    if (take_text(s, "$H"))
        return member_pointer(s, 1);
    if (take_text(s, "$I"))
        return member_pointer(s, 2);
    if (take_text(s, "$J"))
        return member_pointer(s, 3);
    if (take_text(s, "$2")) {
        const char *mantissa = number(s), *exponent = number(s);
        return join(s, mantissa, "e", exponent, NULL);
    }
    if (take_text(s, "$M")) { /* of type auto: the type, and the value */
        type_text(s, false);
        const char *value = *s->p == '0' || *s->p == '1' || *s->p == 'E' ? NULL : fail(s);
        if (take(s, '0'))
            value = number(s);
        else if (take(s, '1'))
            value = join(s, "&", symbol(s), NULL);
        else if (take(s, 'E'))
            value = symbol(s);
        return value;
    }
    return type_text(s, true);
}

static const char *operator_name(struct parser *s, bool *structor);

/* After "?$": the name and its arguments, which have back references of their own. */
static const char *template_name(struct parser *s, bool *structor)
{
    struct backs outer = s->backs;
    s->backs = (struct backs){0};
    const char *text = take(s, '?') ? operator_name(s, structor) : remember(s, identifier(s));
    text = join(s, text, "<", NULL);
    for (bool first = true; !s->failed && !take(s, '@');) {
        if (!*s->p)
            return fail(s);
        const char *argument = template_argument(s);
        if (!argument)
            continue;
        text = join(s, text, first ? "" : ",", argument, NULL);
        first = false;
    }
    size_t length = strlen(text);
    text = join(s, text, length && text[length - 1] == '>' ? " >" : ">", NULL);
    s->backs = outer;
    return text;
}

/* ---- names ---- */

static const char *const operators[] = {
    ['2'] = "operator new", ['3'] = "operator delete", ['4'] = "operator=",  ['5'] = "operator>>", ['6'] = "operator<<",
    ['7'] = "operator!",    ['8'] = "operator==",      ['9'] = "operator!=", ['A'] = "operator[]", ['C'] = "operator->",
    ['D'] = "operator*",    ['E'] = "operator++",      ['F'] = "operator--", ['G'] = "operator-",  ['H'] = "operator+",
    ['I'] = "operator&",    ['J'] = "operator->*",     ['K'] = "operator/",  ['L'] = "operator%",  ['M'] = "operator<",
    ['N'] = "operator<=",   ['O'] = "operator>",       ['P'] = "operator>=", ['Q'] = "operator,",  ['R'] = "operator()",
    ['S'] = "operator~",    ['T'] = "operator^",       ['U'] = "operator|",  ['V'] = "operator&&", ['W'] = "operator||",
    ['X'] = "operator*=",   ['Y'] = "operator+=",      ['Z'] = "operator-=",
};

/* After "_". */
static const char *const specials[] = {
    ['0'] = "operator/=",
    ['1'] = "operator%=",
    ['2'] = "operator>>=",
    ['3'] = "operator<<=",
    ['4'] = "operator&=",
    ['5'] = "operator|=",
    ['6'] = "operator^=",
    ['7'] = "`vftable'",
    ['8'] = "`vbtable'",
    ['9'] = "`vcall'",
    ['A'] = "`typeof'",
    ['B'] = "`local static guard'",
    ['C'] = "`string'",
    ['D'] = "`vbase destructor'",
    ['E'] = "`vector deleting destructor'",
    ['F'] = "`default constructor closure'",
    ['G'] = "`scalar deleting destructor'",
    ['H'] = "`vector constructor iterator'",
    ['I'] = "`vector destructor iterator'",
    ['J'] = "`vector vbase constructor iterator'",
    ['K'] = "`virtual displacement map'",
    ['L'] = "`eh vector constructor iterator'",
    ['M'] = "`eh vector destructor iterator'",
    ['N'] = "`eh vector vbase constructor iterator'",
    ['O'] = "`copy constructor closure'",
    ['S'] = "`local vftable'",
    ['T'] = "`local vftable constructor closure'",
    ['U'] = "operator new[]",
    ['V'] = "operator delete[]",
    ['X'] = "`placement delete closure'",
    ['Y'] = "`placement delete[] closure'",
};

/* After "__". */
static const char *const later[] = {
    ['A'] = "`managed vector constructor iterator'",
    ['B'] = "`managed vector destructor iterator'",
    ['C'] = "`eh vector copy constructor iterator'",
    ['D'] = "`eh vector vbase copy constructor iterator'",
    ['G'] = "`vector copy constructor iterator'",
    ['H'] = "`vector vbase copy constructor iterator'",
    ['I'] = "`managed vector copy constructor iterator'",
    ['J'] = "`local static thread guard'",
    ['L'] = "operator co_await",
    ['M'] = "operator<=>",
};

#define LOOK(table, c)                                                                                                 \
    ((size_t)(unsigned char)(c) < sizeof(table) / sizeof *(table) ? (table)[(unsigned char)(c)] : NULL)

/* Type descriptors and what belongs to them, after "_R". */
static const char *rtti_name(struct parser *s)
{
    switch (*s->p++) {
    case '0': {
        const char *text = type_text(s, false);
        return join(s, text, " `RTTI Type Descriptor'", NULL);
    }
    case '1': {
        const char *a = number(s), *b = number(s), *c = number(s), *d = number(s);
        return join(s, "`RTTI Base Class Descriptor at (", a, ",", b, ",", c, ",", d, ")'", NULL);
    }
    case '2':
        return "`RTTI Base Class Array'";
    case '3':
        return "`RTTI Class Hierarchy Descriptor'";
    case '4':
        return "`RTTI Complete Object Locator'";
    }
    s->p--;
    return fail(s);
}

/* "dynamic initializer for 'x'": of a function's or a variable's whole name. */
static const char *dynamic_name(struct parser *s, const char *what)
{
    const char *text;
    if (take(s, '?')) {
        s->p--;
        text = symbol(s);
        take(s, '@');
    } else {
        text = identifier(s);
    }
    return join(s, "`dynamic ", what, " for '", text, "''", NULL);
}

/* After '?'.  structor: 1 a constructor, 2 a destructor, whose name is the class's. */
static const char *operator_name(struct parser *s, bool *structor)
{
    const char *found;
    char c = *s->p;
    if (!c)
        return fail(s);
    s->p++;
    switch (c) {
    case '0':
    case '1':
        *structor = true;
        return c == '0' ? "" : "~";
    case 'B':
        return s->cast = "operator ";
    case '_':
        break;
    default:
        found = LOOK(operators, c);
        return found ? found : fail(s);
    }
    c = *s->p;
    if (!c)
        return fail(s);
    s->p++;
    if (c == 'R')
        return rtti_name(s);
    if (c == 'P') {
        found = take(s, '?') ? operator_name(s, structor) : fail(s);
        return join(s, "`udt returning'", found, NULL);
    }
    if (c != '_') {
        found = LOOK(specials, c);
        return found ? found : fail(s);
    }
    c = *s->p;
    if (!c)
        return fail(s);
    s->p++;
    switch (c) {
    case 'E':
        return dynamic_name(s, "initializer");
    case 'F':
        return dynamic_name(s, "atexit destructor");
    case 'K':
        return join(s, "operator \"\" ", identifier(s), NULL);
    }
    found = LOOK(later, c);
    return found ? found : fail(s);
}

/* A class or namespace that encloses. */
static const char *scope(struct parser *s)
{
    if (*s->p >= '0' && *s->p <= '9')
        return back_name(s);
    if (take_text(s, "?$")) {
        bool structor = false;
        return remember(s, template_name(s, &structor));
    }
    if (take_text(s, "?A")) {
        size_t length = strcspn(s->p, "@");
        if (s->p[length] != '@')
            return fail(s);
        s->p += length + 1;
        return remember(s, "`anonymous namespace'");
    }
    if (take(s, '?')) {
        if (*s->p == '?') /* a function, without a number */
            return join(s, "`", symbol(s), "'", NULL);
        const char *count = number(s);
        if (!take(s, '?'))
            return join(s, "`", count, "'", NULL);
        const char *function = symbol(s);
        return join(s, "`", function, "'::`", count, "'", NULL);
    }
    return remember(s, identifier(s));
}

/* All that encloses, outermost first, and after it "::"; `inner` is the innermost one's own name. */
static const char *scopes(struct parser *s, const char **inner)
{
    const char *text = "";
    *inner = NULL;
    while (!s->failed && !take(s, '@')) {
        const char *one = scope(s);
        if (!*inner)
            *inner = one;
        text = join(s, one, "::", text, NULL);
    }
    return text;
}

/* A constructor of `outer<int>` is called `outer<int>::outer<int>`. */
static const char *qualified(struct parser *s)
{
    const char *own, *inner, *around;
    bool structor = false, generic = false;
    if (!enter(s))
        return "";
    if (*s->p >= '0' && *s->p <= '9')
        own = back_name(s);
    else if (take_text(s, "?$")) {
        own = template_name(s, &structor);
        generic = structor;
        if (!generic)
            remember(s, own);
    } else if (take(s, '?'))
        own = operator_name(s, &structor);
    else
        own = remember(s, identifier(s));
    around = scopes(s, &inner);
    if (structor && inner)
        own = generic ? join(s, inner, own, NULL) : join(s, own, inner, NULL);
    s->depth--;
    return join(s, around, own, NULL);
}

/* ---- types ---- */

static const char *cv_text(char c)
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

/* E, F, I before cv: __ptr64, __unaligned, __restrict. */
struct modifiers {
    const char *before, *after;
};

static struct modifiers modifiers(struct parser *s)
{
    struct modifiers m = {"", ""};
    for (;;) {
        if (take(s, 'E'))
            m.after = join(s, m.after, *keyword(s, "__ptr64") ? " " : "", keyword(s, "__ptr64"), NULL);
        else if (take(s, 'F'))
            m.before = join(s, m.before, keyword(s, "__unaligned"), *keyword(s, "__unaligned") ? " " : "", NULL);
        else if (take(s, 'I'))
            m.after = join(s, m.after, *keyword(s, "__restrict") ? " " : "", keyword(s, "__restrict"), NULL);
        else
            return m;
    }
}

static const char *convention(struct parser *s)
{
    static const char *const names[] = {"__cdecl", "__pascal",  "__thiscall", "__stdcall",    "__fastcall",
                                        "",        "__clrcall", "__eabi",     "__vectorcall", "__swift_1"};
    char c = *s->p;
    if (c < 'A' || c > 'T') {
        if (!take(s, 'w'))
            return fail(s);
        return "__regcall";
    }
    s->p++;
    const char *name = names[(c - 'A') / 2];
    return s->flags & UNDNAME_NO_LANGUAGE_ ? "" : *name ? keyword(s, name) : "";
}

/* "(int,char)", and what follows: noexcept. */
static const char *arguments(struct parser *s)
{
    const char *text = "";
    if (take(s, 'X')) {
        text = "void";
    } else {
        while (!s->failed && !take(s, '@')) {
            if (take(s, 'Z')) {
                text = join(s, text, *text ? "," : "", "...", NULL);
                break;
            }
            text = join(s, text, *text ? "," : "", type_text(s, true), NULL);
        }
    }
    bool noexcept = take_text(s, "_E");
    if (!noexcept)
        take(s, 'Z');
    return join(s, "(", text, ")", noexcept && !(s->flags & UNDNAME_NO_THROW_) ? " noexcept" : "", NULL);
}

/* cv and reference of a member function's this. */
static const char *this_text(struct parser *s)
{
    struct modifiers m = modifiers(s);
    const char *reference = take(s, 'G') ? " &" : take(s, 'H') ? " &&" : "";
    char c = *s->p;
    if (c < 'A' || c > 'D')
        return fail(s);
    s->p++;
    if ((s->flags & UNDNAME_NO_THIS_) == UNDNAME_NO_THIS_)
        return reference;
    const char *cv = cv_text(c);
    return join(s, *cv ? cv + 1 : "", m.after, reference, NULL);
}

/* The type of a function, `name` being how it is called inside; returns its two halves. */
static struct type function_type(struct parser *s, const char *inside, bool pointer, const char *cv)
{
    const char *call = convention(s);
    struct type result = {"", ""};
    bool none = take(s, '@');
    if (!none)
        result = type_parse(s, false);
    const char *list = arguments(s);
    const char *space = *result.left && !none ? " " : "";
    if (pointer)
        return (struct type){join(s, result.left, space, "(", call, inside, NULL),
                             join(s, ")", list, cv, result.right, NULL)};
    return (struct type){join(s, result.left, space, call, NULL), join(s, list, cv, result.right, NULL)};
}

static struct type array_type(struct parser *s, const char *inside)
{
    const char *dimensions = "";
    int count = 0;
    for (const char *c = number(s); *c >= '0' && *c <= '9'; c++)
        count = count < 64 ? count * 10 + *c - '0' : 64;
    while (count-- > 0 && !s->failed)
        dimensions = join(s, dimensions, "[", number(s), "]", NULL);
    struct type element = type_parse(s, false);
    if (!*inside)
        return (struct type){element.left, join(s, dimensions, element.right, NULL)};
    return (struct type){join(s, element.left, " (", inside, NULL), join(s, ")", dimensions, element.right, NULL)};
}

/* After the letter of a pointer or reference; sign: "*", "&", "&&"; own: the pointer's own cv. */
static struct type pointer_type(struct parser *s, const char *sign, const char *own)
{
    struct modifiers m = modifiers(s);
    char c = *s->p;
    if (!c)
        return fail(s), (struct type){"", ""};
    s->p++;
    const char *inside = join(s, sign, m.after, own, NULL);
    if (c == '6' || c == '7')
        return function_type(s, inside, true, "");
    if (c == '8' || c == '9') {
        const char *class = qualified(s), *cv = this_text(s);
        const char *call_space = s->flags & (UNDNAME_NO_KEYWORDS_ | UNDNAME_NO_LANGUAGE_) ? "" : " ";
        return function_type(s, join(s, call_space, class, "::", inside, NULL), true, cv);
    }
    if (c >= 'Q' && c <= 'T') { /* to a member */
        const char *class = qualified(s);
        struct type member = type_parse(s, false);
        return (struct type){join(s, m.before, member.left, cv_text(c), " ", class, "::", inside, NULL), member.right};
    }
    if (c < 'A' || c > 'D')
        return fail(s), (struct type){"", ""};
    if (take(s, 'Y')) {
        const char *cv = cv_text(c);
        struct type array = array_type(s, inside);
        (void)cv;
        return array;
    }
    struct type target = type_parse(s, false);
    return (struct type){join(s, m.before, target.left, cv_text(c), " ", inside, NULL), target.right};
}

static struct type tagged(struct parser *s, const char *tag)
{
    const char *name = qualified(s);
    return (struct type){join(s, s->flags & UNDNAME_NO_ECSU_ ? "" : tag, name, NULL), ""};
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
        if (take(s, '6'))
            return function_type(s, "", false, "");
        if (take_text(s, "8@@")) {
            cv = this_text(s);
            return function_type(s, "", false, cv);
        }
        break;
    case 'B':
        if (take(s, 'Y'))
            return array_type(s, "");
        return type_parse(s, false);
    case 'C': {
        struct modifiers m = modifiers(s);
        cv = cv_text(*s->p);
        if (*s->p < 'A' || *s->p > 'D')
            break;
        s->p++;
        if (take(s, 'Y')) {
            struct type array = array_type(s, "");
            return (struct type){join(s, m.before, array.left, cv, NULL), array.right};
        }
        struct type type = type_parse(s, false);
        return (struct type){join(s, m.before, type.left, cv, m.after, NULL), type.right};
    }
    case 'T':
        return (struct type){"std::nullptr_t", ""};
    case 'Y':
        return (struct type){qualified(s), ""};
    }
    fail(s);
    return (struct type){"", ""};
}

static struct type type_plain(struct parser *s)
{
    const char *name;
    char c = *s->p;
    if (!c)
        return fail(s), (struct type){"", ""};
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
        struct modifiers m = modifiers(s);
        c = *s->p;
        if (c < 'A' || c > 'D')
            break;
        s->p++;
        struct type type = type_parse(s, false);
        return (struct type){join(s, m.before, type.left, cv_text(c), NULL), type.right};
    }
    case '$':
        if (take(s, '$'))
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
    fail(s);
    return (struct type){"", ""};
}

/* argument: of a list, whose longer types are remembered by number. */
static struct type type_parse(struct parser *s, bool argument)
{
    struct type type = {"", ""};
    const char *start = s->p;
    if (!enter(s))
        return type;
    if (*s->p >= '0' && *s->p <= '9') {
        unsigned index = (unsigned)(*s->p++ - '0');
        if (index < s->backs.type_count)
            type = s->backs.types[index];
        else
            fail(s);
    } else {
        type = type_plain(s);
        if (argument && s->p - start > 1 && s->backs.type_count < BACK_MOST && !s->failed)
            s->backs.types[s->backs.type_count++] = type;
    }
    s->depth--;
    return type;
}

/* ---- whole symbols ---- */

static const char *variable(struct parser *s, const char *name, char kind)
{
    static const char *const access[] = {"private: ", "protected: ", "public: "};
    struct type type = type_parse(s, false);
    struct modifiers m = modifiers(s);
    char c = *s->p;
    if (s->failed || !((c >= 'A' && c <= 'D') || (c >= 'Q' && c <= 'T')))
        return fail(s);
    s->p++;
    if (c >= 'Q') /* a pointer to a member says its class once more */
        qualified(s);
    if (s->flags & UNDNAME_NAME_ONLY_)
        return name;
    const char *cv = cv_text(c);
    return join(s, kind < '3' && !(s->flags & UNDNAME_NO_ACCESS_) ? access[kind - '0'] : "",
                kind < '3' && !(s->flags & UNDNAME_NO_MEMBER_) ? "static " : "", type.left, cv, m.after,
                *type.left ? " " : "", name, type.right, NULL);
}

/* A table: "const foo::`vftable'", and for which base it is. */
static const char *table(struct parser *s, const char *name)
{
    const char *bases = "", *inner;
    struct modifiers m = modifiers(s);
    char c = *s->p;
    if (c < 'A' || c > 'D')
        return fail(s);
    s->p++;
    while (!s->failed && *s->p && *s->p != '@') {
        const char *own = scope(s);
        const char *around = scopes(s, &inner);
        bases = join(s, bases, *bases ? "'s `" : "{for `", around, own, NULL);
    }
    take(s, '@');
    if (s->flags & UNDNAME_NAME_ONLY_)
        return name;
    const char *cv = cv_text(c);
    return join(s, *cv ? cv + 1 : "", m.after, *cv || *m.after ? " " : "", name, bases, *bases ? "'}" : "", NULL);
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
    const char *cv = kind.has_this ? this_text(s) : "";
    const char *call = convention(s);
    struct type result = {"", ""};
    bool none = take(s, '@');
    if (!none)
        result = type_parse(s, false);
    const char *list = arguments(s);
    if (s->cast && !none) { /* a conversion: its name is its result */
        name = join(s, name, result.left, result.right, NULL);
        result = (struct type){"", ""};
        none = true;
    }
    s->cast = NULL;
    if (s->flags & UNDNAME_NAME_ONLY_)
        return join(s, name, adjust, NULL);
    if (s->flags & UNDNAME_NO_RETURNS_)
        result = (struct type){"", ""};
    return join(s, kind.thunk ? "[thunk]:" : "", kind.thunk && s->flags & UNDNAME_NO_ACCESS_ ? " " : "",
                s->flags & UNDNAME_NO_ACCESS_ ? "" : kind.access, s->flags & UNDNAME_NO_MEMBER_ ? "" : kind.word,
                result.left, *result.left ? " " : "", call, *call ? " " : "", name, adjust, list, cv, result.right,
                NULL);
}

/* Thunks: virtual bases with their displacement, and calls through a table. */
static const char *special_function(struct parser *s, const char *name)
{
    char c = *s->p;
    if (take(s, 'B')) {
        const char *offset = number(s);
        take(s, 'A');
        const char *call = convention(s);
        return join(s, "[thunk]: ", call, *call ? " " : "", name, "{", offset, ",{flat}}' }'", NULL);
    }
    bool extended = take(s, 'R');
    c = *s->p;
    if (c < '0' || c > '5')
        return fail(s);
    s->p++;
    static const char *const access[] = {"private: ", "protected: ", "public: "};
    struct function_kind kind = {access[(c - '0') / 2], "virtual ", true, true, true};
    const char *a = number(s), *b = number(s);
    const char *adjust = join(s, "`vtordisp{", a, ",", b, NULL);
    if (extended) {
        const char *d = number(s), *e = number(s);
        adjust = join(s, "`vtordispex{", a, ",", b, ",", d, ",", e, NULL);
    }
    return function(s, name, kind, join(s, adjust, "}' ", NULL));
}

/* After the name: what it is. */
static const char *encoded(struct parser *s, const char *name)
{
    char c = *s->p;
    if (!c)
        return s->cast ? fail(s) : name;
    s->p++;
    switch (c) {
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
        return variable(s, name, c);
    case '5':
        return join(s, name, "{", number(s), "}'", NULL);
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
        return fail(s);
    struct function_kind kind = kind_of(c);
    const char *adjust = "";
    if (kind.thunk)
        adjust = join(s, "`adjustor{", number(s), "}' ", NULL);
    return function(s, name, kind, adjust);
}

/* A string literal: what is said of it is its checksum and its first characters. */
static const char *string_literal(struct parser *s)
{
    s->p += strlen(s->p);
    return "`string'";
}

static const char *symbol(struct parser *s)
{
    const char *text;
    const char *cast = s->cast;
    if (!take(s, '?') || !enter(s))
        return fail(s);
    s->cast = NULL;
    if (!strncmp(s->p, "?_C@", 4))
        text = string_literal(s);
    else
        text = encoded(s, qualified(s));
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
        text = type_text(&s, false);
    } else if (*name == '?') {
        text = symbol(&s);
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
