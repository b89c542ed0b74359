/*
 * curl.c: what of libcurl.dll types alone do not tell: options and their values by number, callbacks among them, files.
 *
 * An option's number says what its value is: below 10000 a long, then pointers, functions, 64-bit numbers, blobs.
 */
#include <stdlib.h>
#include "crt/crt.h"
#include "hostdll.h"

#define LIBRARY "libcurl.so.4"
#define CURLE_UNKNOWN_OPTION 48
#define CURLM_BAD_FUNCTION_ARGUMENT 10
#define CURLM_UNKNOWN_OPTION 6

enum { OBJECT = 10000, FUNCTION = 20000, OFFSET = 30000, BLOB = 40000 };
enum {
    OPT_WRITEDATA = OBJECT + 1,
    OPT_READDATA = OBJECT + 9,
    OPT_STDERR = OBJECT + 37,
    OPT_WRITEFUNCTION = FUNCTION + 11,
    OPT_READFUNCTION = FUNCTION + 12,
};

/* crt/stdio.c */
size_t WINAPI crt_fread(void *buffer, size_t size, size_t count, struct stream *stream);
size_t WINAPI crt_fwrite(const void *buffer, size_t size, size_t count, struct stream *stream);

/* Options that name files. */
static const short file_options[] = {25, 31, 65, 82, 87, 97, 118, 152, 153, 169, 170, 183, 246, 254, 260, 287, 300};

/* Options that are functions; those that are given a socket are not here. */
static const struct {
    short number;
    const char *signature;
} function_options[] = {
    {11, "size(ptr,size,size,ptr)"},   {12, "size(ptr,size,size,ptr)"},
    {56, "i32(ptr,f64,f64,f64,f64)"},  {79, "size(ptr,size,size,ptr)"},
    {94, "i32(ptr,i32,ptr,size,ptr)"}, {108, "i32(ptr,ptr,ptr)"},
    {130, "i32(ptr,i32,ptr)"},         {167, "i32(ptr,i64,i32)"},
    {184, "i32(ptr,ptr,ptr,i32,ptr)"}, {196, "size(ptr,size,size,ptr)"},
    {198, "long(ptr,ptr,i32)"},        {199, "long(ptr)"},
    {200, "i32(ptr,str,str)"},         {219, "i32(ptr,i64,i64,i64,i64)"},
    {272, "i32(ptr,ptr,ptr)"},         {283, "i32(ptr,ptr)"},
    {312, "i32(ptr,str,str,i32,i32)"},
};

static int set(void *curl, int option, const void *value)
{
    return HOST_CALL(LIBRARY, int, curl_easy_setopt, (void *, int, ...), curl, option, value);
}

/* A FILE of the program's C runtime; NULL is its standard output or input. */
static size_t write_file(char *data, size_t size, size_t count, void *file)
{
    return crt_fwrite(data, size, count, file ? file : crt_stdout);
}

static size_t read_file(char *data, size_t size, size_t count, void *file)
{
    return crt_fread(data, size, count, file ? file : crt_stdin);
}

static void set_defaults(void *curl)
{
    set(curl, OPT_WRITEFUNCTION, (void *)write_file);
    set(curl, OPT_WRITEDATA, NULL);
    set(curl, OPT_READFUNCTION, (void *)read_file);
    set(curl, OPT_READDATA, NULL);
}

void *WINAPI curl_easy_init_windows(void)
{
    void *curl = HOST_CALL(LIBRARY, void *, curl_easy_init, (void));
    if (curl)
        set_defaults(curl);
    return curl;
}

void WINAPI curl_easy_reset_windows(void *curl)
{
    HOST_CALL(LIBRARY, void, curl_easy_reset, (void *), curl);
    set_defaults(curl);
}

static int set_function(void *curl, int option, const void *value)
{
    if (!value && option == OPT_WRITEFUNCTION)
        return set(curl, option, (void *)write_file);
    if (!value && option == OPT_READFUNCTION)
        return set(curl, option, (void *)read_file);
    for (size_t i = 0; i < sizeof function_options / sizeof *function_options; i++)
        if (function_options[i].number == option - FUNCTION)
            return set(curl, option, host_callback(value, function_options[i].signature));
    return value ? CURLE_UNKNOWN_OPTION : set(curl, option, NULL);
}

static int set_object(void *curl, int option, const void *value)
{
    char path[HOST_PATH_SIZE];
    if (option == OPT_STDERR)
        return CURLE_UNKNOWN_OPTION; /* a FILE that the library itself would write to */
    for (size_t i = 0; i < sizeof file_options / sizeof *file_options; i++)
        if (file_options[i] == option - OBJECT && value && *(const char *)value)
            return set(curl, option, host_path(value, path));
    return set(curl, option, value);
}

int WINAPI curl_easy_setopt_windows(void *curl, int option, uint64_t value)
{
    if (option < OBJECT)
        return HOST_CALL(LIBRARY, int, curl_easy_setopt, (void *, int, ...), curl, option, (long)(int32_t)value);
    if (option < FUNCTION)
        return set_object(curl, option, (const void *)value);
    if (option < OFFSET)
        return set_function(curl, option, (const void *)value);
    return set(curl, option, (const void *)value);
}

int WINAPI curl_easy_getinfo_windows(void *curl, int info, void *result)
{
    enum { LONG_INFO = 0x200000, SOCKET_INFO = 0x500000, TYPE_MASK = 0xf00000 };
    long number = 0;
    if ((info & TYPE_MASK) == SOCKET_INFO)
        return CURLE_UNKNOWN_OPTION;
    bool is_long = (info & TYPE_MASK) == LONG_INFO;
    int error =
        HOST_CALL(LIBRARY, int, curl_easy_getinfo, (void *, int, ...), curl, info, is_long ? (void *)&number : result);
    if (!error && is_long)
        *(int32_t *)result = (int32_t)number;
    return error;
}

int WINAPI curl_multi_setopt_windows(void *multi, int option, uint64_t value)
{
    enum { TIMERFUNCTION = FUNCTION + 4, PUSHFUNCTION = FUNCTION + 14 };
    if (option < OBJECT)
        value = (uint64_t)(int64_t)(int32_t)value;
    else if (option == TIMERFUNCTION)
        value = (uint64_t)host_callback((void *)value, "i32(ptr,long,ptr)");
    else if (option == PUSHFUNCTION)
        value = (uint64_t)host_callback((void *)value, "i32(ptr,ptr,size,ptr,ptr)");
    else if (option >= FUNCTION && option < OFFSET && value)
        return CURLM_UNKNOWN_OPTION; /* it is given sockets */
    return HOST_CALL(LIBRARY, int, curl_multi_setopt, (void *, int, ...), multi, option, value);
}

int WINAPI curl_share_setopt_windows(void *share, int option, uint64_t value)
{
    enum { LOCKFUNC = 3, UNLOCKFUNC = 4 };
    if (option == LOCKFUNC)
        value = (uint64_t)host_callback((void *)value, "void(ptr,i32,i32,ptr)");
    else if (option == UNLOCKFUNC)
        value = (uint64_t)host_callback((void *)value, "void(ptr,i32,ptr)");
    return HOST_CALL(LIBRARY, int, curl_share_setopt, (void *, int, ...), share, option, value);
}

/* Further sockets would be the program's. */
int WINAPI curl_multi_wait_windows(void *multi, void *more, unsigned count, int timeout, int *result)
{
    if (more && count)
        return CURLM_BAD_FUNCTION_ARGUMENT;
    return HOST_CALL(LIBRARY, int, curl_multi_wait, (void *, void *, unsigned, int, int *), multi, NULL, 0, timeout,
                     result);
}

int WINAPI curl_multi_poll_windows(void *multi, void *more, unsigned count, int timeout, int *result)
{
    if (more && count)
        return CURLM_BAD_FUNCTION_ARGUMENT;
    return HOST_CALL(LIBRARY, int, curl_multi_poll, (void *, void *, unsigned, int, int *), multi, NULL, 0, timeout,
                     result);
}
