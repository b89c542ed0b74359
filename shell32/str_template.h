/*
 * str_template.h: the Str* functions that look at single characters, written once for both widths of character.
 *
 * shlwapi_str.c includes it twice, with CHARACTER, WIDE (the type that a character is passed in), STR(name) (the
 * function's name with A or W), LENGTH(text), UPPER(c) and ALLOCATE(bytes).
 */

CHARACTER *WINAPI STR(StrChr)(const CHARACTER *text, WIDE c)
{
    for (; text && *text; text++)
        if (*text == (CHARACTER)c)
            return (CHARACTER *)text;
    return NULL;
}

CHARACTER *WINAPI STR(StrChrI)(const CHARACTER *text, WIDE c)
{
    for (; text && *text; text++)
        if (UPPER(*text) == UPPER((CHARACTER)c))
            return (CHARACTER *)text;
    return NULL;
}

CHARACTER *WINAPI STR(StrRChr)(const CHARACTER *text, const CHARACTER *end, WIDE c)
{
    CHARACTER *found = NULL;

    for (; text && *text && (!end || text < end); text++)
        if (*text == (CHARACTER)c)
            found = (CHARACTER *)text;
    return found;
}

CHARACTER *WINAPI STR(StrRChrI)(const CHARACTER *text, const CHARACTER *end, WIDE c)
{
    CHARACTER *found = NULL;

    for (; text && *text && (!end || text < end); text++)
        if (UPPER(*text) == UPPER((CHARACTER)c))
            found = (CHARACTER *)text;
    return found;
}

/* Ordinal comparison of at most `length` characters. */
static int NAME(ordinal)(const CHARACTER *a, const CHARACTER *b, int length, bool nocase)
{
    for (; length > 0; length--, a++, b++) {
        UNSIGNED p = (UNSIGNED)(nocase ? UPPER(*a) : *a), q = (UNSIGNED)(nocase ? UPPER(*b) : *b);

        if (p != q)
            return (int)p - (int)q;
        if (!p)
            break;
    }
    return 0;
}

int WINAPI STR(StrCmpC)(const CHARACTER *a, const CHARACTER *b)
{
    return NAME(ordinal)(a, b, INT_MAX, false);
}

int WINAPI STR(StrCmpIC)(const CHARACTER *a, const CHARACTER *b)
{
    return NAME(ordinal)(a, b, INT_MAX, true);
}

int WINAPI STR(StrCmpNC)(const CHARACTER *a, const CHARACTER *b, int length)
{
    return NAME(ordinal)(a, b, length, false);
}

int WINAPI STR(StrCmpNIC)(const CHARACTER *a, const CHARACTER *b, int length)
{
    return NAME(ordinal)(a, b, length, true);
}

static CHARACTER *NAME(find)(const CHARACTER *text, const CHARACTER *what, UINT most, bool nocase)
{
    int length = what ? (int)LENGTH(what) : 0;

    if (!text || !length)
        return NULL;
    for (; *text && most; text++, most--)
        if (most >= (UINT)length && NAME(ordinal)(text, what, length, nocase) == 0)
            return (CHARACTER *)text;
    return NULL;
}

CHARACTER *WINAPI STR(StrStr)(const CHARACTER *text, const CHARACTER *what)
{
    return NAME(find)(text, what, UINT_MAX, false);
}

CHARACTER *WINAPI STR(StrStrI)(const CHARACTER *text, const CHARACTER *what)
{
    return NAME(find)(text, what, UINT_MAX, true);
}

/* The last place before `end`; the text found may reach over it. */
CHARACTER *WINAPI STR(StrRStrI)(const CHARACTER *text, const CHARACTER *end, const CHARACTER *what)
{
    CHARACTER *found = NULL;
    int length = what ? (int)LENGTH(what) : 0;

    if (!text || !length)
        return NULL;
    for (; *text && (!end || text < end); text++)
        if (NAME(ordinal)(text, what, length, true) == 0)
            found = (CHARACTER *)text;
    return found;
}

int WINAPI STR(StrCSpn)(const CHARACTER *text, const CHARACTER *set)
{
    int at = 0;

    while (text && set && text[at] && !STR(StrChr)(set, text[at]))
        at++;
    return at;
}

int WINAPI STR(StrCSpnI)(const CHARACTER *text, const CHARACTER *set)
{
    int at = 0;

    while (text && set && text[at] && !STR(StrChrI)(set, text[at]))
        at++;
    return at;
}

int WINAPI STR(StrSpn)(const CHARACTER *text, const CHARACTER *set)
{
    int at = 0;

    while (text && set && text[at] && STR(StrChr)(set, text[at]))
        at++;
    return at;
}

CHARACTER *WINAPI STR(StrPBrk)(const CHARACTER *text, const CHARACTER *set)
{
    for (; text && set && *text; text++)
        if (STR(StrChr)(set, *text))
            return (CHARACTER *)text;
    return NULL;
}

BOOL WINAPI STR(StrTrim)(CHARACTER *text, const CHARACTER *set)
{
    size_t first = 0, length, whole;

    if (!text || !set)
        return FALSE;
    whole = LENGTH(text);
    while (text[first] && STR(StrChr)(set, text[first]))
        first++;
    length = whole;
    while (length > first && STR(StrChr)(set, text[length - 1]))
        length--;
    memmove(text, text + first, (length - first) * sizeof *text);
    text[length - first] = 0;
    return length - first != whole;
}

BOOL WINAPI STR(StrToInt64Ex)(const CHARACTER *text, DWORD flags, LONGLONG *value)
{
    bool negative, any = false;
    ULONGLONG number = 0;

    if (!text || !value)
        return FALSE;
    while (*text == ' ' || *text == '\t' || *text == '\n')
        text++;
    negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if ((flags & 1) && text[0] == '0' && (text[1] | 0x20) == 'x') { /* STIF_SUPPORT_HEX: without a sign */
        for (text += 2;; text++, any = true) {
            CHARACTER letter = (CHARACTER)(*text | 0x20);

            if (*text >= '0' && *text <= '9')
                number = number * 16 + (ULONGLONG)(*text - '0');
            else if (letter >= 'a' && letter <= 'f')
                number = number * 16 + (ULONGLONG)(letter - 'a' + 10);
            else
                break;
        }
        negative = false;
    } else {
        for (; *text >= '0' && *text <= '9'; text++, any = true)
            number = number * 10 + (ULONGLONG)(*text - '0');
    }
    *value = (LONGLONG)(negative ? -number : number);
    return any;
}

BOOL WINAPI STR(StrToIntEx)(const CHARACTER *text, DWORD flags, int *value)
{
    LONGLONG number = 0;
    BOOL good = value && STR(StrToInt64Ex)(text, flags, &number);

    if (value)
        *value = (int)number;
    return good;
}

int WINAPI STR(StrToInt)(const CHARACTER *text)
{
    LONGLONG number = 0;

    if (text && (*text == '-' || (*text >= '0' && *text <= '9')))
        STR(StrToInt64Ex)(text, 0, &number);
    return (int)number;
}

CHARACTER *WINAPI STR(StrDup)(const CHARACTER *text)
{
    size_t bytes = text ? (LENGTH(text) + 1) * sizeof *text : sizeof *text;
    CHARACTER *copy = LocalAlloc(LMEM_FIXED, bytes);

    if (copy && text)
        memcpy(copy, text, bytes);
    else if (copy)
        *copy = 0;
    return copy;
}

CHARACTER *WINAPI STR(StrNCat)(CHARACTER *text, const CHARACTER *more, int room)
{
    size_t at = LENGTH(text);

    for (int i = 0; more && i < room - 1 && more[i]; i++)
        text[at++] = more[i];
    text[at] = 0;
    return text;
}

CHARACTER *WINAPI STR(StrCatBuff)(CHARACTER *text, const CHARACTER *more, int room)
{
    int at = text ? (int)LENGTH(text) : 0;

    if (!text || at >= room)
        return text;
    for (; more && *more && at < room - 1; more++)
        text[at++] = *more;
    text[at] = 0;
    return text;
}

BOOL WINAPI STR(ChrCmpI)(WIDE a, WIDE b)
{
    return UPPER((CHARACTER)a) != UPPER((CHARACTER)b);
}

/* StrToInt's like: by the user's language rules, as CompareString orders. */
static int NAME(linguistic)(const CHARACTER *a, int a_length, const CHARACTER *b, int b_length, DWORD flags)
{
    if (!a || !b)
        return a == b ? 0 : a ? 1 : -1;
    return STR(CompareString)(LOCALE_USER_DEFAULT, flags, a, a_length, b, b_length) - CSTR_EQUAL;
}

/* At most `most` characters, fewer if the text ends before. */
static int NAME(limited)(const CHARACTER *text, int most)
{
    int length = 0;

    while (text && length < most && text[length])
        length++;
    return length;
}

int WINAPI STR(StrCmp)(const CHARACTER *a, const CHARACTER *b)
{
    return NAME(linguistic)(a, -1, b, -1, 0);
}

int WINAPI STR(StrCmpI)(const CHARACTER *a, const CHARACTER *b)
{
    return NAME(linguistic)(a, -1, b, -1, NORM_IGNORECASE);
}

int WINAPI STR(StrCmpN)(const CHARACTER *a, const CHARACTER *b, int most)
{
    return NAME(linguistic)(a, NAME(limited)(a, most), b, NAME(limited)(b, most), 0);
}

int WINAPI STR(StrCmpNI)(const CHARACTER *a, const CHARACTER *b, int most)
{
    return NAME(linguistic)(a, NAME(limited)(a, most), b, NAME(limited)(b, most), NORM_IGNORECASE);
}

BOOL WINAPI STR(StrIsIntlEqual)(BOOL exact, const CHARACTER *a, const CHARACTER *b, int most)
{
    return (exact ? STR(StrCmpN)(a, b, most) : STR(StrCmpNI)(a, b, most)) == 0;
}
