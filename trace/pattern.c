/*
 * pattern.c: which functions are traced.
 *
 * Part of winrun-trace.so; libc alone.
 */
#include "pattern.h"
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#define PATTERN_MAX 256

static bool glob(const char *pattern, const char *name)
{
    return fnmatch(pattern, name, FNM_CASEFOLD) == 0;
}

/* pattern may end in ".dll". */
static bool match_dll(char *pattern, const char *dll)
{
    size_t length = strlen(pattern);
    if (length > 4 && !strcasecmp(pattern + length - 4, ".dll"))
        pattern[length - 4] = 0;
    return glob(pattern, dll);
}

static bool match_one(char *pattern, const char *dll, const char *function)
{
    char *mark = strchr(pattern, '!');
    if (!mark)
        return glob(pattern, function) || match_dll(pattern, dll);
    *mark = 0;
    return match_dll(pattern, dll) && glob(mark + 1, function);
}

bool pattern_match(const char *patterns, const char *dll, const char *function)
{
    bool included = false, any_inclusion = false;
    for (const char *next = patterns; next && *next; next += *next == ',') {
        size_t length = strcspn(next, ",");
        bool exclusion = *next == '!';
        char item[PATTERN_MAX];
        if (length > exclusion && length < sizeof item) {
            memcpy(item, next + exclusion, length - exclusion);
            item[length - exclusion] = 0;
            bool match = match_one(item, dll, function);
            if (exclusion && match)
                return false;
            included |= !exclusion && match;
            any_inclusion |= !exclusion;
        }
        next += length;
    }
    return included || !any_inclusion;
}
