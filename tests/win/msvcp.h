/*
 * msvcp.h: for tests of msvcp140.dll: its functions by their decorated names, and its classes as C structures.
 */
#ifndef MSVCP_TEST_H
#define MSVCP_TEST_H

#include "check.h"
#include <stdbool.h>
#include <stdint.h>

static HMODULE msvcp;

/* A function of the library; a name that is not there ends the test, since nothing after it could be trusted. */
static void *msvcp_function(const char *name)
{
    if (!msvcp)
        msvcp = LoadLibraryA("msvcp140.dll");
    void *function = (void *)GetProcAddress(msvcp, name);
    if (!function) {
        printf("msvcp140.dll has no %s\n", name);
        exit(1);
    }
    return function;
}

/* CALL(result, name, types)(arguments) */
#define CALL(result, name, ...) ((result(*)(__VA_ARGS__))msvcp_function(name))

#define STREAMBUF "?$basic_streambuf@DU?$char_traits@D@std@@@std@@"
#define IOS "?$basic_ios@DU?$char_traits@D@std@@@std@@"
#define OSTREAM "?$basic_ostream@DU?$char_traits@D@std@@@std@@"
#define ISTREAM "?$basic_istream@DU?$char_traits@D@std@@@std@@"

struct locale {
    void *empty, *imp;
};

struct streambuf {
    void **vftable;
    char *first[2], **first_at[2], *next[2], **next_at[2];
    int count[2], *count_at[2];
    struct locale *locale;
    char *text; /* of ours: what is written, or to be read */
    int length, size;
};

struct ios {
    void **vftable;
    size_t standard;
    int state, except, flags;
    int64_t precision, width;
    void *array, *callbacks;
    struct locale *locale;
    struct streambuf *buffer;
    void *tie;
    char fill;
};

struct ostream {
    int *vbtable;
    int padding, vtordisp;
    struct ios ios;
};

struct istream {
    int *vbtable;
    int64_t count;
    int padding, vtordisp;
    struct ios ios;
};

struct iostream {
    int *in_vbtable;
    int64_t count;
    int *out_vbtable;
    int padding, vtordisp;
    struct ios ios;
};

enum {
    SB_OVERFLOW = 3,
    SB_PBACKFAIL,
    SB_SHOWMANYC,
    SB_UNDERFLOW,
    SB_UFLOW,
    SB_XSGETN,
    SB_XSPUTN,
    SB_SEEKOFF,
    SB_SYNC = 13
};

enum {
    F_SKIPWS = 1,
    F_UNITBUF = 2,
    F_UPPER = 4,
    F_BASE = 8,
    F_POINT = 0x10,
    F_POS = 0x20,
    F_LEFT = 0x40,
    F_RIGHT = 0x80,
    F_INTERNAL = 0x100,
    F_DEC = 0x200,
    F_OCT = 0x400,
    F_HEX = 0x800,
    F_SCI = 0x1000,
    F_FIXED = 0x2000,
    F_ALPHA = 0x4000
};
enum { S_EOF = 1, S_FAIL = 2, S_BAD = 4 };

/* A stream buffer that keeps what is written, character for character. */
static int collect(struct streambuf *sb, int c)
{
    if (c == -1 || sb->length >= sb->size)
        return -1;
    sb->text[sb->length++] = (char)c;
    return c;
}

static void *streambuf_table[15];

static void streambuf_make(struct streambuf *sb, char *text, int size)
{
    memset(sb, 0, sizeof(*sb));
    CALL(void *, "??0" STREAMBUF "IEAA@XZ", void *)(sb);
    memcpy(streambuf_table, sb->vftable, sizeof(streambuf_table));
    streambuf_table[SB_OVERFLOW] = (void *)collect;
    sb->vftable = streambuf_table;
    sb->text = text;
    sb->size = size;
}

static void ostream_make(struct ostream *stream, struct streambuf *sb)
{
    memset(stream, 0xcc, sizeof(*stream));
    CALL(void *, "??0" OSTREAM "QEAA@PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@_N@Z", void *, void *, int, int)
    (stream, sb, 0, 1);
}

/* An input stream over a text. */
static void istream_make(struct istream *stream, struct streambuf *sb, const char *text)
{
    static char copy[4096];
    strcpy(copy, text);
    streambuf_make(sb, copy, 0);
    CALL(void, "?setg@" STREAMBUF "IEAAXPEAD00@Z", void *, char *, char *, char *)(sb, copy, copy, copy + strlen(copy));
    memset(stream, 0xcc, sizeof(*stream));
    CALL(void *, "??0" ISTREAM "QEAA@PEAV?$basic_streambuf@DU?$char_traits@D@std@@@1@_N@Z", void *, void *, int, int)
    (stream, sb, 0, 1);
}

#endif
