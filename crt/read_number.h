/*
 * read_number.h: finding a floating-point number in a text, as a template: convert_float.c includes it for char and
 * for WCHAR, with
 *     RUNIT      the unit of the text
 *     RNAME(x)   the names it defines, and those of skips and radix, which it uses
 * defined.  msvcrt (`old`) knows neither names nor hexadecimal numbers, but takes d for e.
 */

/* Digits before or behind the point. */
static const RUNIT *RNAME(read_digits)(struct number *number, const RUNIT *p, bool hex, bool behind, bool *any)
{
    const RUNIT *start = p;
    uint64_t mantissa = number->mantissa;
    int digits = number->digits;
    bool nonzero = number->nonzero;
    for (; is_digit(*p, hex); p++) {
        nonzero |= *p != '0';
        digits += nonzero;
        if (digits <= 19)
            mantissa = mantissa * 10 + (uint64_t)(*p - '0');
    }
    number->mantissa = mantissa;
    number->digits = digits;
    number->nonzero = nonzero;
    number->scale = behind ? -(int)(p - start) : 0;
    *any |= p > start;
    char *room = put_room(number, (size_t)(p - start));
    for (size_t i = 0; room && i < (size_t)(p - start); i++)
        room[i] = (char)start[i];
    return p;
}

static bool RNAME(read_word)(const RUNIT *p, const char *word)
{
    for (; *word; word++, p++)
        if ((*p | 0x20) != *word && *p != (RUNIT)*word)
            return false;
    return true;
}

static const RUNIT *RNAME(read_name)(struct number *number, const RUNIT *p)
{
    if (RNAME(read_word)(p, "inf")) {
        number->kind = KIND_INFINITY;
        return p + (RNAME(read_word)(p, "infinity") ? 8 : 3);
    }
    if (!RNAME(read_word)(p, "nan"))
        return p;
    number->kind = RNAME(read_word)(p, "nan(snan)")  ? KIND_NAN_SIGNALING
                   : RNAME(read_word)(p, "nan(ind)") ? KIND_NAN_INDEFINITE
                                                     : KIND_NAN;
    const RUNIT *close = p + 4;
    if (p[3] != '(')
        return p + 3;
    while (is_digit(*close, false) || (unsigned)((*close | 0x20) - 'a') < 26 || *close == '_')
        close++;
    return *close == ')' ? close + 1 : p + 3;
}

static const RUNIT *RNAME(read_exponent)(struct number *number, const RUNIT *p, bool hex, bool old)
{
    const RUNIT *start = p;
    bool any = false;
    if ((*p | 0x20) != (hex ? 'p' : 'e') && !(old && (*p | 0x20) == 'd'))
        return p;
    size_t used = number->used;
    put(number, hex ? 'p' : 'e');
    p++;
    bool down = *p == '-';
    if (*p == '+' || *p == '-')
        put(number, (char)*p++);
    int exponent = 0;
    for (; is_digit(*p, false); p++, any = true) {
        exponent = exponent < 100000 ? exponent * 10 + (int)(*p - '0') : exponent;
        put(number, (char)*p);
    }
    number->scale += any ? (down ? -exponent : exponent) : 0;
    if (any)
        return p;
    number->used = used;
    return start;
}

/* Reads the longest number at `text`; returns where it ends (the start: none). */
static const RUNIT *RNAME(read)(struct number *number, const RUNIT *text, bool old)
{
    const RUNIT *p = text, *named;
    bool any = false;
    while (RNAME(skips)(*p))
        p++;
    if (*p == '+' || *p == '-')
        number->negative = *p++ == '-';
    if (!old && (named = RNAME(read_name)(number, p)) != p)
        return named;
    RUNIT point = RNAME(radix)();
    bool hex =
        !old && *p == '0' && (p[1] | 0x20) == 'x' && (is_digit(p[2], true) || (p[2] == point && is_digit(p[3], true)));
    if (hex) {
        put(number, '0');
        put(number, 'x');
        p += 2;
    }
    p = RNAME(read_digits)(number, p, hex, false, &any);
    if (*p == point && (any || is_digit(p[1], hex))) {
        put(number, '.');
        p = RNAME(read_digits)(number, p + 1, hex, true, &any);
    }
    if (!any)
        return text;
    number->kind = hex ? KIND_HEX : KIND_DECIMAL;
    return RNAME(read_exponent)(number, p, hex, old);
}
