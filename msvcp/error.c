/*
 * error.c: errors as std::error_code has them: texts of errno values, Win32 errors as errno values, categories.
 *
 * Layer: msvcp over kernel32.
 */
#include "msvcp/error.h"

/* errno values, those of POSIX from 100 on; the texts are the names of std::errc. */
static const char *const texts[] = {
    [1] = "operation not permitted",
    [2] = "no such file or directory",
    [3] = "no such process",
    [4] = "interrupted",
    [5] = "io error",
    [6] = "no such device or address",
    [7] = "argument list too long",
    [8] = "executable format error",
    [9] = "bad file descriptor",
    [10] = "no child process",
    [11] = "resource unavailable try again",
    [12] = "not enough memory",
    [13] = "permission denied",
    [14] = "bad address",
    [16] = "device or resource busy",
    [17] = "file exists",
    [18] = "cross device link",
    [19] = "no such device",
    [20] = "not a directory",
    [21] = "is a directory",
    [22] = "invalid argument",
    [23] = "too many files open in system",
    [24] = "too many files open",
    [25] = "inappropriate io control operation",
    [27] = "file too large",
    [28] = "no space on device",
    [29] = "invalid seek",
    [30] = "read only file system",
    [31] = "too many links",
    [32] = "broken pipe",
    [33] = "argument out of domain",
    [34] = "result out of range",
    [36] = "resource deadlock would occur",
    [38] = "filename too long",
    [39] = "no lock available",
    [40] = "function not supported",
    [41] = "directory not empty",
    [42] = "illegal byte sequence",
    [100] = "address in use",
    [101] = "address not available",
    [102] = "address family not supported",
    [103] = "connection already in progress",
    [104] = "bad message",
    [105] = "operation canceled",
    [106] = "connection aborted",
    [107] = "connection refused",
    [108] = "connection reset",
    [109] = "destination address required",
    [110] = "host unreachable",
    [111] = "identifier removed",
    [112] = "operation in progress",
    [113] = "already connected",
    [114] = "too many symbolic link levels",
    [115] = "message size",
    [116] = "network down",
    [117] = "network reset",
    [118] = "network unreachable",
    [119] = "no buffer space",
    [120] = "no message available",
    [121] = "no link",
    [122] = "no message",
    [123] = "no protocol option",
    [124] = "no stream resources",
    [125] = "not a stream",
    [126] = "not connected",
    [127] = "state not recoverable",
    [128] = "not a socket",
    [129] = "not supported",
    [130] = "operation not supported",
    [132] = "value too large",
    [133] = "owner dead",
    [134] = "protocol error",
    [135] = "protocol not supported",
    [136] = "wrong protocol type",
    [137] = "stream timeout",
    [138] = "timed out",
    [139] = "text file busy",
    [140] = "operation would block",
};

const char *WINAPI msvcp_syserror_map(int error)
{
    const char *text = error >= 0 && error < (int)ARRAYSIZE(texts) ? texts[error] : NULL;
    return text ? text : "unknown error";
}

static const struct {
    USHORT win32, error;
} codes[] = {
    {ERROR_INVALID_FUNCTION, 40},
    {ERROR_FILE_NOT_FOUND, 2},
    {ERROR_PATH_NOT_FOUND, 2},
    {ERROR_TOO_MANY_OPEN_FILES, 24},
    {ERROR_ACCESS_DENIED, 13},
    {ERROR_INVALID_HANDLE, 22},
    {ERROR_NOT_ENOUGH_MEMORY, 12},
    {ERROR_INVALID_ACCESS, 13},
    {ERROR_OUTOFMEMORY, 12},
    {ERROR_INVALID_DRIVE, 19},
    {ERROR_CURRENT_DIRECTORY, 13},
    {ERROR_NOT_SAME_DEVICE, 18},
    {ERROR_WRITE_PROTECT, 13},
    {ERROR_BAD_UNIT, 19},
    {ERROR_NOT_READY, 11},
    {ERROR_SEEK, 5},
    {ERROR_WRITE_FAULT, 5},
    {ERROR_READ_FAULT, 5},
    {ERROR_SHARING_VIOLATION, 13},
    {ERROR_LOCK_VIOLATION, 39},
    {ERROR_HANDLE_DISK_FULL, 28},
    {ERROR_NOT_SUPPORTED, 129},
    {ERROR_BAD_NETPATH, 2},
    {ERROR_DEV_NOT_EXIST, 19},
    {ERROR_FILE_EXISTS, 17},
    {ERROR_CANNOT_MAKE, 13},
    {ERROR_INVALID_PARAMETER, 22},
    {ERROR_BROKEN_PIPE, 32},
    {ERROR_OPEN_FAILED, 5},
    {ERROR_BUFFER_OVERFLOW, 38},
    {ERROR_DISK_FULL, 28},
    {ERROR_INVALID_NAME, 2},
    {ERROR_NEGATIVE_SEEK, 22},
    {ERROR_BUSY_DRIVE, 16},
    {ERROR_DIR_NOT_EMPTY, 41},
    {ERROR_BUSY, 16},
    {ERROR_ALREADY_EXISTS, 17},
    {ERROR_LOCKED, 39},
    {ERROR_DIRECTORY, 22},
    {ERROR_OPERATION_ABORTED, 105},
    {ERROR_NOACCESS, 13},
    {ERROR_CANTOPEN, 5},
    {ERROR_CANTREAD, 5},
    {ERROR_CANTWRITE, 5},
    {ERROR_RETRY, 11},
    {ERROR_OPEN_FILES, 16},
    {ERROR_DEVICE_IN_USE, 16},
    {ERROR_REPARSE_TAG_INVALID, 22},
    {WSAEINTR, 4},
    {WSAEBADF, 9},
    {WSAEACCES, 13},
    {WSAEFAULT, 14},
    {WSAEINVAL, 22},
    {WSAEMFILE, 24},
    {WSAEWOULDBLOCK, 140},
    {WSAEINPROGRESS, 112},
    {WSAEALREADY, 103},
    {WSAENOTSOCK, 128},
    {WSAEDESTADDRREQ, 109},
    {WSAEMSGSIZE, 115},
    {WSAEPROTOTYPE, 136},
    {WSAENOPROTOOPT, 123},
    {WSAEPROTONOSUPPORT, 135},
    {WSAEOPNOTSUPP, 130},
    {WSAEAFNOSUPPORT, 102},
    {WSAEADDRINUSE, 100},
    {WSAEADDRNOTAVAIL, 101},
    {WSAENETDOWN, 116},
    {WSAENETUNREACH, 118},
    {WSAENETRESET, 117},
    {WSAECONNABORTED, 106},
    {WSAECONNRESET, 108},
    {WSAENOBUFS, 119},
    {WSAEISCONN, 113},
    {WSAENOTCONN, 126},
    {WSAETIMEDOUT, 138},
    {WSAECONNREFUSED, 107},
    {WSAENAMETOOLONG, 38},
    {WSAEHOSTUNREACH, 110},
};

/* The errno value (one of std::errc) that a Win32 error stands for; 0: none. */
int WINAPI msvcp_winerror_map(int error)
{
    for (size_t i = 0; i < ARRAYSIZE(codes); i++)
        if (codes[i].win32 == error)
            return codes[i].error;
    return 0;
}

/* Windows' text of an error, without the line's end; the length. */
ULONG WINAPI msvcp_winerror_message(ULONG error, char *text, ULONG size)
{
    ULONG length =
        FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, text, size, NULL);

    while (length && (text[length - 1] == '\n' || text[length - 1] == '\r' || text[length - 1] == '.'))
        length--;
    if (length < size)
        text[length] = 0;
    return length;
}

/* --- categories: objects with a vftable, since programs ask them for name and message -------------------------------
 */

enum { CATEGORY_DELETE, CATEGORY_NAME, CATEGORY_MESSAGE, CATEGORY_DEFAULT, CATEGORY_EQUIVALENT_CONDITION };

extern const void *generic_category_vftable[], *iostream_category_vftable[], *system_category_vftable[];

struct error_category *WINAPI error_category_delete(struct error_category *category, unsigned flags)
{
    if (flags & 1)
        crt_free(category);
    return category;
}

const char *WINAPI generic_category_name(const struct error_category *category)
{
    (void)category;
    return "generic";
}

const char *WINAPI iostream_category_name(const struct error_category *category)
{
    (void)category;
    return "iostream";
}

const char *WINAPI system_category_name(const struct error_category *category)
{
    (void)category;
    return "system";
}

struct std_string *WINAPI generic_category_message(const struct error_category *category, struct std_string *result,
                                                   int error)
{
    (void)category;
    string_init(result, msvcp_syserror_map(error));
    return result;
}

struct std_string *WINAPI iostream_category_message(const struct error_category *category, struct std_string *result,
                                                    int error)
{
    (void)category;
    string_init(result, error == 1 ? "iostream stream error" : msvcp_syserror_map(error));
    return result;
}

struct std_string *WINAPI system_category_message(const struct error_category *category, struct std_string *result,
                                                  int error)
{
    char text[512];

    (void)category;
    if (!msvcp_winerror_message((ULONG)error, text, sizeof(text)))
        strcpy(text, "unknown error");
    string_init(result, text);
    return result;
}

/* The portable condition that an error stands for. */
struct error_code *WINAPI error_category_default(const struct error_category *category, struct error_code *result,
                                                 int error)
{
    *result = (struct error_code){error, category};
    return result;
}

struct error_code *WINAPI system_category_default(const struct error_category *category, struct error_code *result,
                                                  int error)
{
    int generic = error ? msvcp_winerror_map(error) : 0;

    *result = generic || !error ? (struct error_code){generic, error_category_generic()}
                                : (struct error_code){error, category};
    return result;
}

static bool same(const struct error_category *a, const struct error_category *b)
{
    return a->address == b->address;
}

bool WINAPI error_category_equivalent_code(const struct error_category *category, const struct error_code *code,
                                           int condition)
{
    return same(category, code->category) && code->value == condition;
}

bool WINAPI error_category_equivalent_condition(const struct error_category *category, int error,
                                                const struct error_code *condition)
{
    struct error_code standard;

    VIRTUAL(category, CATEGORY_DEFAULT, &standard, (ULONG_PTR)error, 0);
    return same(standard.category, condition->category) && standard.value == condition->value;
}

#define CATEGORY_OBJECT(name, address)                                                                                 \
    const struct error_category *error_category_##name(void)                                                           \
    {                                                                                                                  \
        static struct error_category object;                                                                           \
        object = (struct error_category){name##_category_vftable, address};                                            \
        return &object;                                                                                                \
    }

CATEGORY_OBJECT(generic, 3)
CATEGORY_OBJECT(iostream, 5)
CATEGORY_OBJECT(system, 7)

void error_message(struct std_string *result, struct error_code code)
{
    VIRTUAL(code.category, CATEGORY_MESSAGE, result, (ULONG_PTR)code.value, 0);
}
