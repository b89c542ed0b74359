/*
 * path_template.h: the Path* functions that only look at text, written once for both widths of character.
 *
 * shlwapi_path.c includes it twice, with CHARACTER, PATH(name) (the function's name with A or W), LENGTH(text) and
 * UPPER(c).  All characters with a meaning are ASCII, so that bytes of UTF-8 need no care.
 */

static bool NAME(is_drive)(const CHARACTER *path)
{
    CHARACTER letter = (CHARACTER)(path[0] | 0x20);

    return letter >= 'a' && letter <= 'z' && path[1] == ':';
}

/* Of servers, volumes, devices: all names that begin with two backslashes. */
static bool NAME(is_double)(const CHARACTER *path)
{
    return path[0] == '\\' && path[1] == '\\';
}

CHARACTER *WINAPI PATH(PathAddBackslash)(CHARACTER *path)
{
    size_t length;

    if (!path || (length = LENGTH(path)) >= MAX_PATH)
        return NULL;
    if (length && path[length - 1] != '\\') {
        if (length + 1 >= MAX_PATH)
            return NULL;
        path[length++] = '\\';
        path[length] = 0;
    }
    return path + length;
}

CHARACTER *WINAPI PATH(PathFindExtension)(const CHARACTER *path)
{
    const CHARACTER *dot = NULL;

    if (!path)
        return NULL;
    for (; *path; path++) {
        if (*path == '\\' || *path == ' ')
            dot = NULL;
        else if (*path == '.')
            dot = path;
    }
    return (CHARACTER *)(dot ? dot : path);
}

BOOL WINAPI PATH(PathAddExtension)(CHARACTER *path, const CHARACTER *extension)
{
    static const CHARACTER exe[] = {'.', 'e', 'x', 'e', 0};
    size_t length, more;

    if (!path || *PATH(PathFindExtension)(path))
        return FALSE;
    if (!extension)
        extension = exe;
    length = LENGTH(path), more = LENGTH(extension);
    if (length + more >= MAX_PATH)
        return FALSE;
    memcpy(path + length, extension, (more + 1) * sizeof *path);
    return TRUE;
}

void WINAPI PATH(PathRemoveExtension)(CHARACTER *path)
{
    if (path)
        *PATH(PathFindExtension)(path) = 0;
}

BOOL WINAPI PATH(PathRenameExtension)(CHARACTER *path, const CHARACTER *extension)
{
    CHARACTER *dot = PATH(PathFindExtension)(path);

    if (!dot || !extension || (size_t)(dot - path) + LENGTH(extension) >= MAX_PATH)
        return FALSE;
    memcpy(dot, extension, (LENGTH(extension) + 1) * sizeof *path);
    return TRUE;
}

CHARACTER *WINAPI PATH(PathFindFileName)(const CHARACTER *path)
{
    const CHARACTER *name = path;

    for (; path && *path; path++)
        if ((*path == '\\' || *path == '/' || *path == ':') && path[1] && path[1] != '\\' && path[1] != '/')
            name = path + 1;
    return (CHARACTER *)name;
}

void WINAPI PATH(PathStripPath)(CHARACTER *path)
{
    CHARACTER *name = PATH(PathFindFileName)(path);

    if (name != path)
        memmove(path, name, (LENGTH(name) + 1) * sizeof *path);
}

CHARACTER *WINAPI PATH(PathFindNextComponent)(const CHARACTER *path)
{
    if (!path || !*path)
        return NULL;
    while (*path && *path != '\\')
        path++;
    if (*path)
        path += path[1] == '\\' ? 2 : 1;
    return (CHARACTER *)path;
}

CHARACTER *WINAPI PATH(PathGetArgs)(const CHARACTER *path)
{
    bool quoted = false;

    for (; path && *path; path++) {
        if (*path == '"')
            quoted = !quoted;
        else if (*path == ' ' && !quoted)
            return (CHARACTER *)path + 1;
    }
    return (CHARACTER *)path;
}

void WINAPI PATH(PathRemoveArgs)(CHARACTER *path)
{
    CHARACTER *arguments = PATH(PathGetArgs)(path);

    if (!path)
        return;
    if (arguments > path && arguments[-1] == ' ')
        arguments[-1] = 0;
    else
        PATH(PathRemoveBlanks)(path);
}

int WINAPI PATH(PathGetDriveNumber)(const CHARACTER *path)
{
    if (path && NAME(is_double)(path) && path[2] == '?' && path[3] == '\\')
        path += 4;
    return path && NAME(is_drive)(path) ? (path[0] | 0x20) - 'a' : -1;
}

CHARACTER *WINAPI PATH(PathBuildRoot)(CHARACTER *root, int drive)
{
    if (root && drive >= 0 && drive < 26) {
        root[0] = (CHARACTER)('A' + drive);
        root[1] = ':';
        root[2] = '\\';
        root[3] = 0;
    }
    return root;
}

BOOL WINAPI PATH(PathIsFileSpec)(const CHARACTER *path)
{
    if (!path)
        return FALSE;
    for (; *path; path++)
        if (*path == '\\' || *path == ':')
            return FALSE;
    return TRUE;
}

BOOL WINAPI PATH(PathIsUNC)(const CHARACTER *path)
{
    return path && path[0] == '\\' && path[1] == '\\' && path[2] != '?';
}

static unsigned NAME(count_backslashes)(const CHARACTER *path)
{
    unsigned count = 0;

    for (; *path; path++)
        count += *path == '\\';
    return count;
}

BOOL WINAPI PATH(PathIsUNCServer)(const CHARACTER *path)
{
    return path && path[0] == '\\' && path[1] == '\\' && !NAME(count_backslashes)(path + 2);
}

BOOL WINAPI PATH(PathIsUNCServerShare)(const CHARACTER *path)
{
    return path && path[0] == '\\' && path[1] == '\\' && NAME(count_backslashes)(path + 2) == 1;
}

BOOL WINAPI PATH(PathIsRelative)(const CHARACTER *path)
{
    return !path || !*path || !(path[0] == '\\' || NAME(is_drive)(path));
}

BOOL WINAPI PATH(PathIsRoot)(const CHARACTER *path)
{
    if (!path || !*path)
        return FALSE;
    if (path[0] == '\\' && path[1] == '\\') { /* \\server, \\server\share, without a backslash at the end */
        unsigned count = NAME(count_backslashes)(path + 2);

        return count == 0 || (count == 1 && path[LENGTH(path) - 1] != '\\');
    }
    return (path[0] == '\\' && !path[1]) || (NAME(is_drive)(path) && path[2] == '\\' && !path[3]);
}

CHARACTER *WINAPI PATH(PathSkipRoot)(const CHARACTER *path)
{
    if (!path || !*path)
        return NULL;
    if (path[0] == '\\' && path[1] == '\\') {
        path += 2;
        for (int name = 0; name < 2; name++) {
            while (*path && *path != '\\')
                path++;
            if (*path)
                path++;
            else if (!name)
                return NULL;
        }
        return (CHARACTER *)path;
    }
    if (path[0] == '\\')
        return (CHARACTER *)path + 1;
    return NAME(is_drive)(path) && path[2] == '\\' ? (CHARACTER *)path + 3 : NULL;
}

BOOL WINAPI PATH(PathRemoveFileSpec)(CHARACTER *path)
{
    CHARACTER *cut = path, *at = path;

    if (!path)
        return FALSE;
    if (*at == '\\') /* one or two in front belong to the root */
        cut = ++at;
    if (*at == '\\')
        cut = ++at;
    for (; *at; at++) {
        if (*at == '\\') {
            cut = at;
        } else if (*at == ':') {
            cut = ++at;
            if (*at == '\\')
                cut++;
            if (!*at)
                break;
        }
    }
    if (!*cut)
        return FALSE;
    *cut = 0;
    return TRUE;
}

BOOL WINAPI PATH(PathStripToRoot)(CHARACTER *path)
{
    if (!path)
        return FALSE;
    while (!PATH(PathIsRoot)(path))
        if (!PATH(PathRemoveFileSpec)(path))
            return FALSE;
    return TRUE;
}

CHARACTER *WINAPI PATH(PathRemoveBackslash)(CHARACTER *path)
{
    size_t length;

    if (!path)
        return NULL;
    length = LENGTH(path);
    if (!length)
        return path;
    if (path[length - 1] == '\\' && !PATH(PathIsRoot)(path))
        path[length - 1] = 0;
    return path + length - 1;
}

void WINAPI PATH(PathRemoveBlanks)(CHARACTER *path)
{
    size_t first = 0, length;

    if (!path)
        return;
    while (path[first] == ' ')
        first++;
    length = LENGTH(path) - first;
    memmove(path, path + first, (length + 1) * sizeof *path);
    while (length && path[length - 1] == ' ')
        path[--length] = 0;
}

BOOL WINAPI PATH(PathQuoteSpaces)(CHARACTER *path)
{
    size_t length, blank = 0;

    if (!path)
        return FALSE;
    length = LENGTH(path);
    while (blank < length && path[blank] != ' ')
        blank++;
    if (blank == length || length + 3 > MAX_PATH)
        return FALSE;
    memmove(path + 1, path, length * sizeof *path);
    path[0] = path[length + 1] = '"';
    path[length + 2] = 0;
    return TRUE;
}

BOOL WINAPI PATH(PathUnquoteSpaces)(CHARACTER *path)
{
    size_t length;

    if (!path || path[0] != '"' || (length = LENGTH(path)) < 2 || path[length - 1] != '"')
        return FALSE;
    memmove(path, path + 1, (length - 2) * sizeof *path);
    path[length - 2] = 0;
    return TRUE;
}

/* Whole names that both paths begin with; a drive's backslash counts, others do not. */
int WINAPI PATH(PathCommonPrefix)(const CHARACTER *a, const CHARACTER *b, CHARACTER *prefix)
{
    int common = 0, at = 0;

    if (prefix)
        *prefix = 0;
    if (!a || !b || NAME(is_double)(a) != NAME(is_double)(b))
        return 0;
    if (NAME(is_double)(a))
        at = common = 2;
    for (;; at++) {
        bool a_ends = !a[at] || a[at] == '\\', b_ends = !b[at] || b[at] == '\\';

        if (a_ends && b_ends)
            common = at;
        if (!a[at] || !b[at] || UPPER(a[at]) != UPPER(b[at]))
            break;
    }
    if (common == 2 && NAME(is_drive)(a)) /* "C:" never stands alone */
        common = 3;
    if (common == 2 && NAME(is_double)(a))
        common = 0;
    if (prefix && common && common < MAX_PATH) {
        memcpy(prefix, a, (size_t)common * sizeof *prefix);
        prefix[common] = 0;
    }
    return common;
}

BOOL WINAPI PATH(PathIsPrefix)(const CHARACTER *prefix, const CHARACTER *path)
{
    return prefix && path && PATH(PathCommonPrefix)(path, prefix, NULL) == (int)LENGTH(prefix);
}

BOOL WINAPI PATH(PathIsSameRoot)(const CHARACTER *a, const CHARACTER *b)
{
    const CHARACTER *root = PATH(PathSkipRoot)(a);

    return a && b && root && PATH(PathCommonPrefix)(a, b, NULL) >= (int)(root - a) - (NAME(is_double)(a) ? 1 : 0);
}

BOOL WINAPI PATH(PathCanonicalize)(CHARACTER *out, const CHARACTER *path)
{
    size_t length = 0, keep = 0;

    if (!out || !path) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (LENGTH(path) >= MAX_PATH) {
        *out = 0;
        SetLastError(ERROR_FILENAME_EXCED_RANGE);
        return FALSE;
    }
    if (path[0] == '\\') {
        out[length++] = *path++;
        keep = 1;
        if (*path == '\\')
            out[length++] = *path++;
    } else if (NAME(is_drive)(path) && path[2] == '\\') {
        memcpy(out, path, 3 * sizeof *out);
        length = keep = 3;
        path += 3;
    }
    while (*path) {
        const CHARACTER *next = path;
        size_t name;

        while (*next && *next != '\\')
            next++;
        name = (size_t)(next - path);
        if (name == 1 && path[0] == '.') {
            if (!*next && length > keep)
                length--;
        } else if (name == 2 && path[0] == '.' && path[1] == '.') {
            bool up = length > keep;

            if (up)
                length--;
            while (length > keep && out[length - 1] != '\\')
                length--;
            if (up && !length) /* above the first name of a relative path is the root */
                out[length++] = '\\';
            if (!*next && length > keep && length > 1)
                length--;
        } else {
            memcpy(out + length, path, name * sizeof *out);
            length += name;
            if (*next)
                out[length++] = '\\';
        }
        path = *next ? next + 1 : next;
    }
    if (!length)
        out[length++] = '\\';
    if (length == 2 && out[1] == ':')
        out[length++] = '\\';
    out[length] = 0;
    return TRUE;
}

CHARACTER *WINAPI PATH(PathCombine)(CHARACTER *out, const CHARACTER *directory, const CHARACTER *file)
{
    CHARACTER joined[2 * MAX_PATH + 2];
    size_t length = 0;

    if (!out)
        return NULL;
    if ((!directory && !file) || (directory && LENGTH(directory) >= MAX_PATH) || (file && LENGTH(file) >= MAX_PATH)) {
        *out = 0;
        return NULL;
    }
    if (!file || !*file) {
        length = LENGTH(directory);
        memcpy(joined, directory, length * sizeof *joined);
    } else if (directory && *directory && PATH(PathIsRelative)(file)) {
        length = LENGTH(directory);
        memcpy(joined, directory, length * sizeof *joined);
        if (joined[length - 1] != '\\')
            joined[length++] = '\\';
    } else if (directory && *directory && file[0] == '\\' && file[1] != '\\') { /* from the root of the first */
        length = LENGTH(directory);
        memcpy(joined, directory, (length + 1) * sizeof *joined);
        PATH(PathStripToRoot)(joined);
        length = LENGTH(joined);
        if (length && joined[length - 1] == '\\')
            length--;
    }
    if (file)
        memcpy(joined + length, file, LENGTH(file) * sizeof *joined), length += LENGTH(file);
    joined[length] = 0;
    if (length >= MAX_PATH || !PATH(PathCanonicalize)(out, joined)) {
        *out = 0;
        return NULL;
    }
    return out;
}

BOOL WINAPI PATH(PathAppend)(CHARACTER *path, const CHARACTER *more)
{
    if (!path || !more)
        return FALSE;
    if (!NAME(is_double)(more))
        while (*more == '\\')
            more++;
    return PATH(PathCombine)(path, path, more) != NULL;
}

BOOL WINAPI PATH(PathRelativePathTo)(CHARACTER *out, const CHARACTER *from, DWORD from_attributes, const CHARACTER *to,
                                     DWORD to_attributes)
{
    CHARACTER base[MAX_PATH], target[MAX_PATH];
    size_t length = 0, rest;
    const CHARACTER *at;
    int common;

    if (!out || !from || !to || LENGTH(from) >= MAX_PATH || LENGTH(to) >= MAX_PATH)
        return FALSE;
    *out = 0;
    memcpy(base, from, (LENGTH(from) + 1) * sizeof *base);
    memcpy(target, to, (LENGTH(to) + 1) * sizeof *target);
    if (!(from_attributes & FILE_ATTRIBUTE_DIRECTORY))
        PATH(PathRemoveFileSpec)(base);
    if (!(to_attributes & FILE_ATTRIBUTE_DIRECTORY))
        PATH(PathRemoveFileSpec)(target);
    common = PATH(PathCommonPrefix)(base, target, NULL);
    if (!common)
        return FALSE;
    if (common > (int)LENGTH(base)) /* "C:" counts as three */
        common = (int)LENGTH(base);
    at = base + common;
    if (*at == '\\')
        at++;
    if (!*at)
        out[length++] = '.';
    while (*at) {
        at = PATH(PathFindNextComponent)(at);
        if (length + 4 >= MAX_PATH)
            return FALSE;
        out[length++] = '.', out[length++] = '.';
        if (*at)
            out[length++] = '\\';
    }
    to += common;
    if (*to && *to != '\\')
        to--;
    rest = LENGTH(to);
    if (length + rest >= MAX_PATH)
        return FALSE;
    memcpy(out + length, to, (rest + 1) * sizeof *out);
    return TRUE;
}

/* *, ? and names in a list with semicolons. */
static bool NAME(matches)(const CHARACTER *name, const CHARACTER *mask)
{
    for (; *mask && *mask != ';'; mask++, name++) {
        if (*mask == '*') {
            do {
                if (NAME(matches)(name, mask + 1))
                    return true;
            } while (*name++);
            return false;
        }
        if (!*name || (*mask != '?' && UPPER(*mask) != UPPER(*name)))
            return false;
    }
    return !*name;
}

BOOL WINAPI PATH(PathMatchSpec)(const CHARACTER *name, const CHARACTER *masks)
{
    if (!name || !masks)
        return FALSE;
    if (masks[0] == '*' && masks[1] == '.' && masks[2] == '*' && !masks[3])
        return TRUE;
    for (; *masks; masks++) {
        while (*masks == ' ')
            masks++;
        if (NAME(matches)(name, masks))
            return TRUE;
        while (*masks && *masks != ';')
            masks++;
        if (!*masks)
            break;
    }
    return FALSE;
}

HRESULT WINAPI PATH(PathMatchSpecEx)(const CHARACTER *name, const CHARACTER *masks, DWORD flags)
{
    if ((flags & 0xfu) == 0) { /* PMSF_NORMAL: one mask, which may hold semicolons */
        for (const CHARACTER *at = masks; at && *at; at++)
            if (*at == ';')
                return S_FALSE;
    }
    return PATH(PathMatchSpec)(name, masks) ? S_OK : S_FALSE;
}

int WINAPI PATH(PathParseIconLocation)(CHARACTER *path)
{
    CHARACTER *comma = NULL;
    int number = 0;

    if (!path)
        return 0;
    for (CHARACTER *at = path; *at; at++)
        if (*at == ',')
            comma = at;
    if (comma) {
        bool negative = comma[1] == '-';

        for (CHARACTER *at = comma + 1 + negative; *at >= '0' && *at <= '9'; at++)
            number = number * 10 + (*at - '0');
        if (negative)
            number = -number;
        *comma = 0;
    }
    PATH(PathUnquoteSpaces)(path);
    PATH(PathRemoveBlanks)(path);
    return number;
}

/* "[3]" before the extension, as browsers add it to names that are taken. */
void WINAPI PATH(PathUndecorate)(CHARACTER *path)
{
    CHARACTER *extension = PATH(PathFindExtension)(path), *at = extension;

    if (!path || at == path || *--at != ']')
        return;
    while (at > path && at[-1] >= '0' && at[-1] <= '9')
        at--;
    if (at <= path + 1 || at[-1] != '[' || at[-2] == '\\' || at[-2] == '/')
        return;
    memmove(at - 1, extension, (LENGTH(extension) + 1) * sizeof *path);
}

BOOL WINAPI PATH(PathMakePretty)(CHARACTER *path)
{
    if (!path)
        return FALSE;
    for (CHARACTER *at = path; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            return FALSE;
    for (CHARACTER *at = path + (*path != 0); *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (CHARACTER)(*at | 0x20);
    return TRUE;
}

/* Shortens from the left: "...\name". */
BOOL WINAPI PATH(PathCompactPathEx)(CHARACTER *out, const CHARACTER *path, UINT room, DWORD flags)
{
    const CHARACTER *name = PATH(PathFindFileName)(path);
    size_t length = path ? LENGTH(path) : 0, name_length, keep;

    (void)flags;
    if (!path || !out)
        return FALSE;
    if (!room)
        return TRUE;
    if (length < room) {
        memcpy(out, path, (length + 1) * sizeof *out);
        return TRUE;
    }
    name_length = LENGTH(name);
    if (room < 5 + (name == path)) { /* only dots fit */
        for (UINT i = 0; i + 1 < room; i++)
            out[i] = '.';
        if (name != path && room == 5)
            out[3] = '\\';
        out[room - 1] = 0;
        return TRUE;
    }
    if (name == path) { /* one name: cut at its end */
        memcpy(out, path, (room - 4) * sizeof *out);
        out[room - 4] = out[room - 3] = out[room - 2] = '.';
        out[room - 1] = 0;
        return TRUE;
    }
    if (name_length + 5 > room) { /* .../na... */
        keep = room > 8 ? room - 8 : 0;
        out[0] = out[1] = out[2] = '.', out[3] = '\\';
        memcpy(out + 4, name, keep * sizeof *out);
        for (size_t i = 4 + keep; i + 1 < room; i++)
            out[i] = '.';
        out[room - 1] = 0;
        return TRUE;
    }
    keep = room - name_length - 5;
    memcpy(out, path, keep * sizeof *out);
    out[keep] = out[keep + 1] = out[keep + 2] = '.';
    out[keep + 3] = '\\';
    memcpy(out + keep + 4, name, (name_length + 1) * sizeof *out);
    return TRUE;
}

/* A scheme of letters, digits, "+", "-", "." of two or more characters, and a colon. */
BOOL WINAPI PATH(PathIsURL)(const CHARACTER *path)
{
    size_t length = 0;

    if (!path)
        return FALSE;
    for (; path[length] && path[length] != ':'; length++) {
        CHARACTER c = path[length], letter = (CHARACTER)(c | 0x20);

        if (!((letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))
            return FALSE;
    }
    return path[length] == ':' && length >= 2;
}
