/*
 * undname_names.c: names in decorated names: identifiers and those seen before, templates, operators, scopes.
 */
#include <string.h>
#include "crt/undname_private.h"

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
        return und_fail(s);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)s->p[i] < ' ' || s->p[i] == '?')
            return und_fail(s);
    memcpy(start, s->p, length);
    start[length] = 0;
    s->work += length + 1;
    s->p += length + 1;
    return start;
}

static const char *back_name(struct parser *s)
{
    unsigned index = (unsigned)(*s->p++ - '0');
    return index < s->backs.name_count ? s->backs.names[index] : und_fail(s);
}

/* ---- templates ---- */

const char *und_type_text(struct parser *s, bool argument)
{
    struct type type = und_type(s, argument);
    return und_join(s, type.left, type.right, NULL);
}

static const char *member_pointer(struct parser *s, unsigned numbers)
{
    const char *text = und_join(s, "{", und_symbol(s), NULL);
    while (numbers--)
        text = und_join(s, text, ",", und_number(s), NULL);
    return und_join(s, text, "}", NULL);
}

static const char *template_argument(struct parser *s)
{
    if (und_take_text(s, "$$$V") || und_take_text(s, "$$V") || und_take_text(s, "$$Z") || und_take_text(s, "$S"))
        return NULL; /* an empty pack, or the end of one */
    if (und_take_text(s, "$0"))
        return und_number(s);
    if (und_take_text(s, "$1"))
        return und_join(s, "&", und_symbol(s), NULL);
    if (und_take_text(s, "$E"))
        return und_symbol(s);
    if (und_take_text(s, "$D"))
        return und_join(s, "`template-parameter", und_number(s), "'", NULL);
    if (und_take_text(s, "$Q"))
        return und_join(s, "`non-type-template-parameter", und_number(s), "'", NULL);
    if (und_take_text(s, "$F"))
        return und_join(s, "{", und_number(s), ",", und_number(s), "}", NULL);
    if (und_take_text(s, "$G"))
        return und_join(s, "{", und_number(s), ",", und_number(s), ",", und_number(s), "}", NULL);
    if (und_take_text(s, "$H"))
        return member_pointer(s, 1);
    if (und_take_text(s, "$I"))
        return member_pointer(s, 2);
    if (und_take_text(s, "$J"))
        return member_pointer(s, 3);
    if (und_take_text(s, "$2")) {
        const char *mantissa = und_number(s), *exponent = und_number(s);
        return und_join(s, mantissa, "e", exponent, NULL);
    }
    if (und_take_text(s, "$M")) { /* of type auto: the type, and the value */
        und_type_text(s, false);
        const char *value = *s->p == '0' || *s->p == '1' || *s->p == 'E' ? NULL : und_fail(s);
        if (und_take(s, '0'))
            value = und_number(s);
        else if (und_take(s, '1'))
            value = und_join(s, "&", und_symbol(s), NULL);
        else if (und_take(s, 'E'))
            value = und_symbol(s);
        return value;
    }
    return und_type_text(s, true);
}

static const char *operator_name(struct parser *s, bool *structor);

/* After "?$": the name and its arguments, which have back references of their own. */
static const char *template_name(struct parser *s, bool *structor)
{
    struct backs outer = s->backs;
    s->backs = (struct backs){0};
    const char *text = und_take(s, '?') ? operator_name(s, structor) : remember(s, identifier(s));
    text = und_join(s, text, "<", NULL);
    for (bool first = true; !s->failed && !und_take(s, '@');) {
        if (!*s->p)
            return und_fail(s);
        const char *argument = template_argument(s);
        if (!argument)
            continue;
        text = und_join(s, text, first ? "" : ",", argument, NULL);
        first = false;
    }
    size_t length = strlen(text);
    text = und_join(s, text, length && text[length - 1] == '>' ? " >" : ">", NULL);
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

/* Type descriptors and what belongs to them, after "_R". */
static const char *rtti_name(struct parser *s)
{
    switch (*s->p++) {
    case '0': {
        const char *text = und_type_text(s, false);
        return und_join(s, text, " `RTTI Type Descriptor'", NULL);
    }
    case '1': {
        const char *a = und_number(s), *b = und_number(s), *c = und_number(s), *d = und_number(s);
        return und_join(s, "`RTTI Base Class Descriptor at (", a, ",", b, ",", c, ",", d, ")'", NULL);
    }
    case '2':
        return "`RTTI Base Class Array'";
    case '3':
        return "`RTTI Class Hierarchy Descriptor'";
    case '4':
        return "`RTTI Complete Object Locator'";
    }
    s->p--;
    return und_fail(s);
}

/* "dynamic initializer for 'x'": of a function's or a variable's whole name. */
static const char *dynamic_name(struct parser *s, const char *what)
{
    const char *text;
    if (und_take(s, '?')) {
        s->p--;
        text = und_symbol(s);
        und_take(s, '@');
    } else {
        text = identifier(s);
    }
    return und_join(s, "`dynamic ", what, " for '", text, "''", NULL);
}

/* After '?'.  structor: 1 a constructor, 2 a destructor, whose name is the class's. */
static const char *operator_name(struct parser *s, bool *structor)
{
    const char *found;
    char c = *s->p;
    if (!c)
        return und_fail(s);
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
        return found ? found : und_fail(s);
    }
    c = *s->p;
    if (!c)
        return und_fail(s);
    s->p++;
    if (c == 'R')
        return rtti_name(s);
    if (c == 'P') {
        found = und_take(s, '?') ? operator_name(s, structor) : und_fail(s);
        return und_join(s, "`udt returning'", found, NULL);
    }
    if (c != '_') {
        found = LOOK(specials, c);
        return found ? found : und_fail(s);
    }
    c = *s->p;
    if (!c)
        return und_fail(s);
    s->p++;
    switch (c) {
    case 'E':
        return dynamic_name(s, "initializer");
    case 'F':
        return dynamic_name(s, "atexit destructor");
    case 'K':
        return und_join(s, "operator \"\" ", identifier(s), NULL);
    }
    found = LOOK(later, c);
    return found ? found : und_fail(s);
}

/* A class or namespace that encloses. */
const char *und_scope(struct parser *s)
{
    if (*s->p >= '0' && *s->p <= '9')
        return back_name(s);
    if (und_take_text(s, "?$")) {
        bool structor = false;
        return remember(s, template_name(s, &structor));
    }
    if (und_take_text(s, "?A")) {
        size_t length = strcspn(s->p, "@");
        if (s->p[length] != '@')
            return und_fail(s);
        s->p += length + 1;
        return remember(s, "`anonymous namespace'");
    }
    if (und_take(s, '?')) {
        if (*s->p == '?') /* a function, without a number */
            return und_join(s, "`", und_symbol(s), "'", NULL);
        const char *count = und_number(s);
        if (!und_take(s, '?'))
            return und_join(s, "`", count, "'", NULL);
        const char *function = und_symbol(s);
        return und_join(s, "`", function, "'::`", count, "'", NULL);
    }
    return remember(s, identifier(s));
}

/* All that encloses, outermost first, and after it "::"; `inner` is the innermost one's own name. */
const char *und_scopes(struct parser *s, const char **inner)
{
    const char *text = "";
    *inner = NULL;
    while (!s->failed && !und_take(s, '@')) {
        const char *one = und_scope(s);
        if (!*inner)
            *inner = one;
        text = und_join(s, one, "::", text, NULL);
    }
    return text;
}

/* A constructor of `outer<int>` is called `outer<int>::outer<int>`. */
const char *und_qualified(struct parser *s)
{
    const char *own, *inner, *around;
    bool structor = false, generic = false;
    if (!und_enter(s))
        return "";
    if (*s->p >= '0' && *s->p <= '9')
        own = back_name(s);
    else if (und_take_text(s, "?$")) {
        own = template_name(s, &structor);
        generic = structor;
        if (!generic)
            remember(s, own);
    } else if (und_take(s, '?'))
        own = operator_name(s, &structor);
    else
        own = remember(s, identifier(s));
    around = und_scopes(s, &inner);
    if (structor && inner)
        own = generic ? und_join(s, inner, own, NULL) : und_join(s, own, inner, NULL);
    s->depth--;
    return und_join(s, around, own, NULL);
}
