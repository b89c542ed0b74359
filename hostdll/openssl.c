/*
 * openssl.c: what of libcrypto-3-x64.dll and libssl-3-x64.dll types alone do not tell: sessions over the program's
 * sockets.
 *
 * A SOCKET is no descriptor of the host; so a BIO of our own sends and receives through Winsock, and keeps to the
 * socket's mode of blocking.
 */
#include <string.h>
#include "hostdll.h"

#define CRYPTO "libcrypto.so.3"
#define SSL "libssl.so.3"

enum { CTRL_GET_CLOSE = 8, CTRL_SET_CLOSE = 9, CTRL_FLUSH = 11, CTRL_DUP = 12, C_SET_FD = 104, C_GET_FD = 105 };
enum { FLAGS_READ = 1, FLAGS_WRITE = 2, FLAGS_RETRY = 8, FLAGS_ALL = 15 };
enum { TYPE_SOURCE_SINK = 0x400, TYPE_OWN = 113 };

/* winsock/transfer.c and its neighbours, by the names that they have inside. */
int WINAPI ws_recv(ULONG_PTR socket, char *data, int length, int flags);
int WINAPI ws_send(ULONG_PTR socket, const char *data, int length, int flags);
int WINAPI ws_closesocket(ULONG_PTR socket) __asm__("closesocket");

static ULONG_PTR socket_of(void *bio)
{
    return (ULONG_PTR)HOST_CALL(CRYPTO, void *, BIO_get_data, (void *), bio);
}

static bool is_set(void *bio)
{
    return HOST_CALL(CRYPTO, int, BIO_get_init, (void *), bio);
}

static void set_socket(void *bio, ULONG_PTR socket, int close)
{
    HOST_CALL(CRYPTO, void, BIO_set_data, (void *, void *), bio, (void *)socket);
    HOST_CALL(CRYPTO, void, BIO_set_shutdown, (void *, int), bio, close);
    HOST_CALL(CRYPTO, void, BIO_set_init, (void *, int), bio, 1);
}

/* After a transfer: whether it is to be tried again. */
static int transferred(void *bio, int result, int direction)
{
    HOST_CALL(CRYPTO, void, BIO_clear_flags, (void *, int), bio, FLAGS_ALL);
    if (result < 0 && teb_current()->LastErrorValue == WSAEWOULDBLOCK)
        HOST_CALL(CRYPTO, void, BIO_set_flags, (void *, int), bio, direction | FLAGS_RETRY);
    return result;
}

static int bio_write(void *bio, const char *data, int length)
{
    return transferred(bio, ws_send(socket_of(bio), data, length, 0), FLAGS_WRITE);
}

static int bio_read(void *bio, char *data, int length)
{
    return transferred(bio, ws_recv(socket_of(bio), data, length, 0), FLAGS_READ);
}

static int bio_puts(void *bio, const char *text)
{
    return bio_write(bio, text, (int)strlen(text));
}

static int bio_destroy(void *bio)
{
    if (!bio)
        return 0;
    if (is_set(bio) && HOST_CALL(CRYPTO, int, BIO_get_shutdown, (void *), bio))
        ws_closesocket(socket_of(bio));
    HOST_CALL(CRYPTO, void, BIO_set_init, (void *, int), bio, 0);
    return 1;
}

static long bio_ctrl(void *bio, int command, long number, void *pointer)
{
    switch (command) {
    case C_SET_FD:
        bio_destroy(bio);
        set_socket(bio, (ULONG_PTR) * (int *)pointer, (int)number);
        return 1;
    case C_GET_FD:
        if (!is_set(bio))
            return -1;
        if (pointer)
            *(int *)pointer = (int)socket_of(bio);
        return (long)socket_of(bio);
    case CTRL_GET_CLOSE:
        return HOST_CALL(CRYPTO, int, BIO_get_shutdown, (void *), bio);
    case CTRL_SET_CLOSE:
        HOST_CALL(CRYPTO, void, BIO_set_shutdown, (void *, int), bio, (int)number);
        return 1;
    case CTRL_FLUSH:
    case CTRL_DUP:
        return 1;
    }
    return 0;
}

static void *make_method(void)
{
    void *method = HOST_CALL(CRYPTO, void *, BIO_meth_new, (int, const char *), TYPE_SOURCE_SINK | TYPE_OWN, "socket");
    if (!method)
        return NULL;
    HOST_CALL(CRYPTO, int, BIO_meth_set_write, (void *, void *), method, (void *)bio_write);
    HOST_CALL(CRYPTO, int, BIO_meth_set_read, (void *, void *), method, (void *)bio_read);
    HOST_CALL(CRYPTO, int, BIO_meth_set_puts, (void *, void *), method, (void *)bio_puts);
    HOST_CALL(CRYPTO, int, BIO_meth_set_ctrl, (void *, void *), method, (void *)bio_ctrl);
    HOST_CALL(CRYPTO, int, BIO_meth_set_destroy, (void *, void *), method, (void *)bio_destroy);
    return method;
}

void *WINAPI openssl_socket_method(void)
{
    static void *_Atomic method;
    if (!method)
        method = make_method(); /* two threads may each make one */
    return method;
}

void *WINAPI openssl_new_socket(ULONG_PTR socket, int close)
{
    void *bio = HOST_CALL(CRYPTO, void *, BIO_new, (void *), openssl_socket_method());
    if (bio)
        set_socket(bio, socket, close);
    return bio;
}

int WINAPI openssl_set_fd(void *ssl, int socket)
{
    void *bio = openssl_new_socket((ULONG_PTR)socket, 0);
    if (bio)
        HOST_CALL(SSL, void, SSL_set_bio, (void *, void *, void *), ssl, bio, bio);
    return bio != NULL;
}

int WINAPI openssl_set_rfd(void *ssl, int socket)
{
    void *bio = openssl_new_socket((ULONG_PTR)socket, 0);
    if (bio)
        HOST_CALL(SSL, void, SSL_set0_rbio, (void *, void *), ssl, bio);
    return bio != NULL;
}

int WINAPI openssl_set_wfd(void *ssl, int socket)
{
    void *bio = openssl_new_socket((ULONG_PTR)socket, 0);
    if (bio)
        HOST_CALL(SSL, void, SSL_set0_wbio, (void *, void *), ssl, bio);
    return bio != NULL;
}

int WINAPI openssl_get_fd(void *ssl)
{
    void *bio = HOST_CALL(SSL, void *, SSL_get_rbio, (void *), ssl);
    return bio ? (int)HOST_CALL(CRYPTO, long, BIO_ctrl, (void *, int, long, void *), bio, C_GET_FD, 0, NULL) : -1;
}
