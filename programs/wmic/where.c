/*
 * where.c: the conditions of WHERE: comparisons joined by AND, OR, NOT and parentheses.
 */
#include "wmic.h"

struct parser {
    const WCHAR *p;
    const struct class *class;
    WCHAR *const *values;
    bool bad;
};

static bool parse_or(struct parser *parser);

static void skip(struct parser *parser)
{
    parser->p += wcsspn(parser->p, L" \t");
}

static bool accept_word(struct parser *parser, const WCHAR *word)
{
    size_t length = wcslen(word);

    skip(parser);
    if (_wcsnicmp(parser->p, word, length) || (iswalpha(*word) && iswalnum(parser->p[length])))
        return false;
    parser->p += length;
    return true;
}

/* A text in quotes, or a bare word.  The caller frees it. */
static WCHAR *literal(struct parser *parser)
{
    struct text text = {0};

    skip(parser);
    WCHAR quote = *parser->p == '\'' || *parser->p == '"' ? *parser->p++ : 0;
    while (*parser->p && (quote ? *parser->p != quote : !wcschr(L" \t()", *parser->p))) {
        if (*parser->p == '\\' && quote && parser->p[1])
            parser->p++;
        text_char(&text, *parser->p++);
    }
    if (quote && *parser->p)
        parser->p++;
    else if (quote || !text.length)
        parser->bad = true;
    return text_take(&text);
}

/* LIKE: % and _ stand for * and ?. */
static bool is_like(const WCHAR *value, const WCHAR *pattern)
{
    WCHAR *copy = copy_string(pattern);

    for (WCHAR *p = copy; *p; p++)
        *p = *p == '%' ? '*' : *p == '_' ? '?' : *p;
    bool fits = name_fits(copy, value);
    free(copy);
    return fits;
}

static int order(const WCHAR *a, const WCHAR *b)
{
    WCHAR *end_a, *end_b;
    unsigned long long x = _wcstoui64(a, &end_a, 10), y = _wcstoui64(b, &end_b, 10);

    if (*a && *b && !*end_a && !*end_b)
        return x < y ? -1 : x > y;
    return _wcsicmp(a, b);
}

static bool parse_comparison(struct parser *parser)
{
    static const WCHAR *const operators[] = {L"<>", L"!=", L"<=", L">=", L"=", L"<", L">", L"like"};
    int operator= 0;

    skip(parser);
    size_t length = 0;
    while (iswalnum(parser->p[length]) || parser->p[length] == '_')
        length++;
    int property = property_index(parser->class, parser->p, length);
    parser->p += length;
    while (operator< 8 && !accept_word(parser, operators[operator]))
        operator++;
    if (property < 0 || operator== 8) {
        parser->bad = true;
        return false;
    }
    WCHAR *wanted = literal(parser);
    int difference = order(parser->values[property], wanted);
    bool result = operator<= 1 ? difference != 0 :
                  operator== 2 ? difference <= 0
                  :
                  operator== 3 ? difference >= 0
                  :
                  operator== 4 ? difference == 0
                  :
                  operator== 5 ? difference < 0
                  :
                  operator== 6 ? difference > 0
                               : is_like(parser->values[property], wanted);
    free(wanted);
    return result;
}

static bool parse_one(struct parser *parser)
{
    if (accept_word(parser, L"not"))
        return !parse_one(parser);
    if (!accept_word(parser, L"("))
        return parse_comparison(parser);
    bool result = parse_or(parser);
    if (!accept_word(parser, L")"))
        parser->bad = true;
    return result;
}

static bool parse_and(struct parser *parser)
{
    bool result = parse_one(parser);
    while (!parser->bad && accept_word(parser, L"and"))
        result &= parse_one(parser);
    return result;
}

static bool parse_or(struct parser *parser)
{
    bool result = parse_and(parser);
    while (!parser->bad && accept_word(parser, L"or"))
        result |= parse_and(parser);
    return result;
}

int where_holds(const WCHAR *expression, const struct class *class, WCHAR *const *values)
{
    struct parser parser = {.p = expression, .class = class, .values = values};
    bool result = parse_or(&parser);

    skip(&parser);
    return parser.bad || *parser.p ? -1 : result;
}
