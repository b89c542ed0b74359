/*
 * env.c: the environment as the C runtimes show it: getenv, putenv and their kin.
 *
 * The tables that programs see (_environ, _wenviron) are made on first use and follow every change;
 * the process's own environment is changed with them.  Values handed out stay valid until changed.
 */
#include "crt/crt.h"

static RTL_CRITICAL_SECTION environ_lock = CRT_LOCK_INIT;

int WINAPI _strnicmp(const char *, const char *, size_t);
int WINAPI _wcsnicmp(const WCHAR *, const WCHAR *, size_t);
WCHAR *WINAPI crt_wcschr(const WCHAR *, WCHAR);
WCHAR *WINAPI _wcsdup(const WCHAR *);

static char *find(const char *name)
{
    size_t length = strlen(name);
    if (!crt_environ && !crt_environ_init())
        return NULL;
    for (char **entry = crt_environ; *entry; entry++)
        if (!_strnicmp(*entry, name, length) && (*entry)[length] == '=')
            return *entry + length + 1;
    return NULL;
}

static WCHAR *find_wide(const WCHAR *name)
{
    size_t length = crt_wide_length(name);
    if (!crt_wenviron && !crt_wenviron_init())
        return NULL;
    for (WCHAR **entry = crt_wenviron; *entry; entry++)
        if (!_wcsnicmp(*entry, name, length) && (*entry)[length] == '=')
            return *entry + length + 1;
    return NULL;
}

char *WINAPI crt_getenv(const char *name)
{
    CRT_REQUIRE(name, NULL);
    crt_lock(&environ_lock);
    char *value = find(name);
    crt_unlock(&environ_lock);
    return value;
}

WCHAR *WINAPI _wgetenv(const WCHAR *name)
{
    CRT_REQUIRE(name, NULL);
    crt_lock(&environ_lock);
    WCHAR *value = find_wide(name);
    crt_unlock(&environ_lock);
    return value;
}

int WINAPI crt_getenv_s(size_t *needed, char *buffer, size_t size, const char *name)
{
    CRT_REQUIRE(needed && (buffer || !size), CRT_EINVAL);
    const char *value = crt_getenv(name);
    *needed = value ? strlen(value) + 1 : 0;
    if (buffer && size)
        buffer[0] = 0;
    if (!value || !size)
        return 0;
    if (*needed > size)
        return crt_set_errno(CRT_ERANGE);
    memcpy(buffer, value, *needed);
    return 0;
}

int WINAPI _wgetenv_s(size_t *needed, WCHAR *buffer, size_t size, const WCHAR *name)
{
    CRT_REQUIRE(needed && (buffer || !size), CRT_EINVAL);
    const WCHAR *value = _wgetenv(name);
    *needed = value ? crt_wide_length(value) + 1 : 0;
    if (buffer && size)
        buffer[0] = 0;
    if (!value || !size)
        return 0;
    if (*needed > size)
        return crt_set_errno(CRT_ERANGE);
    memcpy(buffer, value, *needed * sizeof(WCHAR));
    return 0;
}

int WINAPI _dupenv_s(char **copy, size_t *size, const char *name)
{
    CRT_REQUIRE(copy, CRT_EINVAL);
    *copy = NULL;
    if (size)
        *size = 0;
    CRT_REQUIRE(name, CRT_EINVAL);
    const char *value = crt_getenv(name);
    if (!value)
        return 0;
    size_t length = strlen(value) + 1;
    if (!(*copy = crt_malloc(length)))
        return crt_set_errno(CRT_ENOMEM);
    memcpy(*copy, value, length);
    if (size)
        *size = length;
    return 0;
}

int WINAPI _wdupenv_s(WCHAR **copy, size_t *size, const WCHAR *name)
{
    CRT_REQUIRE(copy, CRT_EINVAL);
    *copy = NULL;
    if (size)
        *size = 0;
    CRT_REQUIRE(name, CRT_EINVAL);
    const WCHAR *value = _wgetenv(name);
    if (!value)
        return 0;
    if (!(*copy = _wcsdup(value)))
        return crt_set_errno(CRT_ENOMEM);
    if (size)
        *size = crt_wide_length(value) + 1;
    return 0;
}

/*
 * Puts `entry` ("NAME=value", owned by the table from now on; NULL: remove) where `name` is in the table.  A table
 * entry is a pointer whatever its character type, so one body serves both.
 */
static bool table_put(void ***table, size_t index, void *entry, size_t count)
{
    if (index < count) {
        if (entry)
            (*table)[index] = entry;
        else
            memmove(*table + index, *table + index + 1, (count - index) * sizeof(void *));
        return true;
    }
    if (!entry)
        return true;
    void **larger = crt_realloc(*table, (count + 2) * sizeof(void *));
    if (!larger)
        return false;
    larger[count] = entry;
    larger[count + 1] = NULL;
    *table = larger;
    return true;
}

static bool update_narrow(const char *name, size_t length, const char *entry)
{
    size_t index, count = 0;
    if (!crt_environ)
        return true;
    for (index = 0; crt_environ[index]; index++)
        if (!_strnicmp(crt_environ[index], name, length) && crt_environ[index][length] == '=')
            break;
    for (count = index; crt_environ[count]; count++)
        ;
    size_t size = entry ? strlen(entry) + 1 : 0;
    char *copy = entry ? crt_malloc(size) : NULL;
    if (entry && !copy)
        return false;
    return table_put((void ***)&crt_environ, index, entry ? memcpy(copy, entry, size) : NULL, count);
}

static bool update_wide(const WCHAR *name, size_t length, const WCHAR *entry)
{
    size_t index, count;
    if (!crt_wenviron)
        return true;
    for (index = 0; crt_wenviron[index]; index++)
        if (!_wcsnicmp(crt_wenviron[index], name, length) && crt_wenviron[index][length] == '=')
            break;
    for (count = index; crt_wenviron[count]; count++)
        ;
    WCHAR *copy = entry ? _wcsdup(entry) : NULL;
    if (entry && !copy)
        return false;
    return table_put((void ***)&crt_wenviron, index, copy, count);
}

/* Sets or (with an empty value) removes, in both tables and in the process's environment. */
static int put(const WCHAR *entry)
{
    WCHAR *equals = crt_wcschr(entry, '=');
    if (!equals || equals == entry) {
        crt_set_errno(CRT_EINVAL);
        return -1;
    }
    size_t length = (size_t)(equals - entry);
    bool remove = !equals[1];
    WCHAR *name = _wcsdup(entry);
    char *narrow = crt_narrow(CP_ACP, entry);
    int result = -1;
    if (name && narrow) {
        char *narrow_equals = strchr(narrow, '=');
        name[length] = 0;
        crt_lock(&environ_lock);
        if (!crt_environ)
            crt_environ_init();
        if (update_narrow(narrow, (size_t)(narrow_equals - narrow), remove ? NULL : narrow) &&
            update_wide(entry, length, remove ? NULL : entry) &&
            (SetEnvironmentVariableW(name, remove ? NULL : equals + 1) || remove))
            result = 0;
        crt_unlock(&environ_lock);
    }
    crt_free(name);
    crt_free(narrow);
    return result;
}

int WINAPI _wputenv(const WCHAR *entry)
{
    CRT_REQUIRE(entry, -1);
    return put(entry);
}

int WINAPI _putenv(const char *entry)
{
    CRT_REQUIRE(entry, -1);
    WCHAR *wide = crt_widen(CP_ACP, entry);
    int result = wide ? put(wide) : -1;
    crt_free(wide);
    return result;
}

int WINAPI _wputenv_s(const WCHAR *name, const WCHAR *value)
{
    CRT_REQUIRE(name && value, CRT_EINVAL);
    size_t length = crt_wide_length(name), value_length = crt_wide_length(value);
    WCHAR *entry = crt_malloc((length + value_length + 2) * sizeof(WCHAR));
    if (!entry)
        return crt_set_errno(CRT_ENOMEM);
    memcpy(entry, name, length * sizeof(WCHAR));
    entry[length] = '=';
    memcpy(entry + length + 1, value, (value_length + 1) * sizeof(WCHAR));
    int result = put(entry);
    crt_free(entry);
    return result ? CRT_EINVAL : 0;
}

int WINAPI _putenv_s(const char *name, const char *value)
{
    CRT_REQUIRE(name && value, CRT_EINVAL);
    WCHAR *wide_name = crt_widen(CP_ACP, name), *wide_value = crt_widen(CP_ACP, value);
    int result = wide_name && wide_value ? _wputenv_s(wide_name, wide_value) : CRT_ENOMEM;
    crt_free(wide_name);
    crt_free(wide_value);
    return result;
}
