/*
 * ftp.h: FTP: connections and what is asked of them (ftp.c), lists of directories (ftplist.c), the API (ftpapi.c).
 */
#ifndef WININET_FTP_H
#define WININET_FTP_H

#include "wininet/inet.h"
#include "ntdll/http_plugin.h"

/* A connection's object.  Names are made whole by `folder` before they are sent. */
struct ftp {
    struct http_pool *pool;
    char *base, *user, *password; /* base: "ftp://host:port" */
    char *folder;
    bool active;
    SRWLOCK lock;
};

/* A started transfer; it holds the pool. */
DWORD ftp_start(struct ftp *ftp, enum http_ftp kind, const char *path, const char *const *commands, size_t count,
                const char *list, bool text, struct http_transfer **transfer);
/* Commands alone: what the server said comes in *reply (heap memory) if wanted. */
DWORD ftp_commands(struct ftp *ftp, const char *const *commands, size_t count, char **reply);
DWORD ftp_error(struct http_transfer *transfer, enum http_result result);
char *ftp_path(const struct ftp *ftp, const WCHAR *path); /* whole, heap memory; NULL: no such name can be */
struct ftp *ftp_of(HINTERNET connection);
/* The handle becomes a connection that is logged in. */
DWORD ftp_connect(HINTERNET connection, const WCHAR *host, INTERNET_PORT port, const WCHAR *user, const WCHAR *password,
                  DWORD flags);

/* ftplist.c: the entries of a listing; false: no more.  `mlsd`: of its facts, else as `ls -l` or DIR have it. */
bool ftp_list_next(const char **text, bool mlsd, WIN32_FIND_DATAW *data);

#endif
