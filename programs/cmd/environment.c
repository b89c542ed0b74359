/*
 * environment.c: SETLOCAL and ENDLOCAL: the environment, the current directory and the two settings, kept on a stack.
 */
#include "builtins.h"

struct local {
    struct local *below;
    WCHAR *block;
    WCHAR directory[4096];
    bool delayed, extensions;
};
static struct local *locals;
static unsigned depth;

static WCHAR *environment_copy(void)
{
    WCHAR *block = GetEnvironmentStringsW(), *end = block;

    while (*end)
        end += wcslen(end) + 1;
    WCHAR *copy = copy_n(block, end - block + 1);
    FreeEnvironmentStringsW(block);
    return copy;
}

/* Variables that are not in the block go, the others get its values. */
static void environment_restore(const WCHAR *block)
{
    WCHAR *now = environment_copy();

    for (const WCHAR *entry = now; *entry; entry += wcslen(entry) + 1) {
        const WCHAR *equals = wcschr(entry + 1, '=');
        if (!equals)
            continue;
        WCHAR *name = copy_n(entry, equals - entry);
        SetEnvironmentVariableW(name, NULL);
        free(name);
    }
    free(now);
    for (const WCHAR *entry = block; *entry; entry += wcslen(entry) + 1) {
        const WCHAR *equals = wcschr(entry + 1, '=');
        if (!equals)
            continue;
        WCHAR *name = copy_n(entry, equals - entry);
        SetEnvironmentVariableW(name, equals + 1);
        free(name);
    }
}

void environment_push(void)
{
    struct local *local = need(sizeof *local);

    *local = (struct local){
        .below = locals, .block = environment_copy(), .delayed = cmd.delayed, .extensions = cmd.extensions};
    GetCurrentDirectoryW(4096, local->directory);
    locals = local;
    depth++;
}

bool environment_pop(void)
{
    struct local *local = locals;

    if (!local)
        return false;
    environment_restore(local->block);
    SetCurrentDirectoryW(local->directory);
    cmd.delayed = local->delayed;
    cmd.extensions = local->extensions;
    locals = local->below;
    depth--;
    free(local->block);
    free(local);
    return true;
}

unsigned environment_depth(void)
{
    return depth;
}

int builtin_setlocal(const WCHAR *text)
{
    WCHAR *word;

    if (!cmd.batch)
        return KEEPS;
    environment_push();
    while ((word = next_argument(&text))) {
        if (same_name(word, L"enabledelayedexpansion") || same_name(word, L"disabledelayedexpansion"))
            cmd.delayed = towlower(*word) == 'e';
        else if (same_name(word, L"enableextensions") || same_name(word, L"disableextensions"))
            cmd.extensions = towlower(*word) == 'e';
        else
            out_error(L"Invalid parameter to SETLOCAL command\r\n");
        free(word);
    }
    return 0;
}

int builtin_endlocal(const WCHAR *text)
{
    (void)text;
    if (cmd.batch && depth > cmd.batch->locals)
        environment_pop();
    return KEEPS;
}
