/*
 * find.c: _findfirst and _findnext, with times and sizes of 32 or 64 bits.
 *
 * Layer: crt over FindFirstFile.
 */
#include "crt.h"

/* Layouts are ABI: _finddata32_t, _finddata64i32_t, _finddata32i64_t, __finddata64_t and the wide ones. */
#define FIND_DATA(suffix, time_type, size_type)                                                                        \
    struct find##suffix {                                                                                              \
        uint32_t attributes;                                                                                           \
        time_type created, accessed, written;                                                                          \
        size_type size;                                                                                                \
        char name[260];                                                                                                \
    };                                                                                                                 \
    struct wfind##suffix {                                                                                             \
        uint32_t attributes;                                                                                           \
        time_type created, accessed, written;                                                                          \
        size_type size;                                                                                                \
        WCHAR name[260];                                                                                               \
    }
FIND_DATA(32, int32_t, uint32_t);
FIND_DATA(64i32, int64_t, uint32_t);
FIND_DATA(32i64, int32_t, int64_t);
FIND_DATA(64, int64_t, int64_t);
_Static_assert(offsetof(struct find32, name) == 20 && offsetof(struct find64i32, name) == 36 &&
                   offsetof(struct find32i64, name) == 24 && offsetof(struct find64, name) == 40,
               "layouts of Microsoft's _finddata_t");

static int64_t find_time(FILETIME time)
{
    int64_t value = (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
    return value ? (value - 116444736000000000ll) / 10000000 : -1;
}

static int64_t find_size(const WIN32_FIND_DATAW *data)
{
    return (int64_t)((uint64_t)data->nFileSizeHigh << 32 | data->nFileSizeLow);
}

static uint32_t find_attributes(const WIN32_FIND_DATAW *data)
{
    return data->dwFileAttributes == FILE_ATTRIBUTE_NORMAL ? 0 : data->dwFileAttributes;
}

static bool put_name(char *name, const WIN32_FIND_DATAW *data)
{
    UINT codepage = AreFileApisANSI() ? CP_ACP : CP_OEMCP;
    return WideCharToMultiByte(codepage, 0, data->cFileName, -1, name, 260, NULL, NULL) != 0;
}

static bool put_wide_name(WCHAR *name, const WIN32_FIND_DATAW *data)
{
    memcpy(name, data->cFileName, sizeof(data->cFileName));
    return true;
}

static intptr_t find_failed(void)
{
    DWORD error = GetLastError();
    crt_thread()->dos_error = error;
    switch (error) {
    case ERROR_NO_MORE_FILES:
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        crt_set_errno(CRT_ENOENT);
        break;
    case ERROR_NOT_ENOUGH_MEMORY:
        crt_set_errno(CRT_ENOMEM);
        break;
    default:
        crt_set_errno(CRT_EINVAL);
    }
    return -1;
}

static intptr_t find_first(const WCHAR *pattern, WIN32_FIND_DATAW *data)
{
    HANDLE handle = FindFirstFileW(pattern, data);
    return handle == INVALID_HANDLE_VALUE ? find_failed() : (intptr_t)handle;
}

static intptr_t find_first_narrow(const char *pattern, WIN32_FIND_DATAW *data)
{
    WCHAR *wide = crt_wide_name(pattern);
    intptr_t handle = wide ? find_first(wide, data) : -1;
    crt_free(wide);
    return handle;
}

static int find_next(intptr_t handle, WIN32_FIND_DATAW *data)
{
    if (handle == -1) {
        crt_invalid(CRT_EINVAL);
        return -1;
    }
    return FindNextFileW((HANDLE)handle, data) ? 0 : (int)find_failed();
}

int WINAPI _findclose(intptr_t handle)
{
    if (FindClose((HANDLE)handle))
        return 0;
    crt_set_errno(CRT_EINVAL);
    return -1;
}

#define PUT(out, data)                                                                                                 \
    ((out)->attributes = find_attributes(data),                                                                        \
     (out)->created = (__typeof__((out)->created))find_time((data)->ftCreationTime),                                   \
     (out)->accessed = (__typeof__((out)->accessed))find_time((data)->ftLastAccessTime),                               \
     (out)->written = (__typeof__((out)->written))find_time((data)->ftLastWriteTime),                                  \
     (out)->size = (__typeof__((out)->size))find_size(data))

/* The four layouts differ in their types alone. */
#define FIND_FUNCTIONS(suffix)                                                                                         \
    intptr_t WINAPI _findfirst##suffix(const char *pattern, struct find##suffix *out)                                  \
    {                                                                                                                  \
        WIN32_FIND_DATAW data;                                                                                         \
        CRT_REQUIRE(pattern &&out, -1);                                                                                \
        intptr_t handle = find_first_narrow(pattern, &data);                                                           \
        if (handle == -1)                                                                                              \
            return -1;                                                                                                 \
        PUT(out, &data);                                                                                               \
        return put_name(out->name, &data) ? handle : -1;                                                               \
    }                                                                                                                  \
    int WINAPI _findnext##suffix(intptr_t handle, struct find##suffix *out)                                            \
    {                                                                                                                  \
        WIN32_FIND_DATAW data;                                                                                         \
        CRT_REQUIRE(out, -1);                                                                                          \
        if (find_next(handle, &data))                                                                                  \
            return -1;                                                                                                 \
        PUT(out, &data);                                                                                               \
        return put_name(out->name, &data) ? 0 : -1;                                                                    \
    }                                                                                                                  \
    intptr_t WINAPI _wfindfirst##suffix(const WCHAR *pattern, struct wfind##suffix *out)                               \
    {                                                                                                                  \
        WIN32_FIND_DATAW data;                                                                                         \
        CRT_REQUIRE(pattern &&out, -1);                                                                                \
        intptr_t handle = find_first(pattern, &data);                                                                  \
        if (handle == -1)                                                                                              \
            return -1;                                                                                                 \
        PUT(out, &data);                                                                                               \
        put_wide_name(out->name, &data);                                                                               \
        return handle;                                                                                                 \
    }                                                                                                                  \
    int WINAPI _wfindnext##suffix(intptr_t handle, struct wfind##suffix *out)                                          \
    {                                                                                                                  \
        WIN32_FIND_DATAW data;                                                                                         \
        CRT_REQUIRE(out, -1);                                                                                          \
        if (find_next(handle, &data))                                                                                  \
            return -1;                                                                                                 \
        PUT(out, &data);                                                                                               \
        put_wide_name(out->name, &data);                                                                               \
        return 0;                                                                                                      \
    }

FIND_FUNCTIONS(32)
FIND_FUNCTIONS(64i32)
FIND_FUNCTIONS(32i64)
FIND_FUNCTIONS(64)
