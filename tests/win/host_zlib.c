/*
 * Does a program that imports zlib1.dll and ships none run on the host's zlib, with Windows' structures?
 * (With a zlib1.dll beside it the same checks hold on Windows and under Wine.)
 * link: tests/win/libzlib1.a
 */
#include <stdint.h>
#include "check.h"

/* As zlib.h has them for 64-bit Windows: uLong is 32 bits. */
typedef struct {
    const void *next_in;
    unsigned avail_in, total_in;
    void *next_out;
    unsigned avail_out, total_out;
    const char *msg;
    void *state;
    void *(*zalloc)(void *, unsigned, unsigned);
    void (*zfree)(void *, void *);
    void *opaque;
    int data_type;
    unsigned adler, reserved;
} z_stream;

typedef struct {
    int text;
    unsigned time;
    int xflags, os;
    void *extra;
    unsigned extra_len, extra_max;
    char *name;
    unsigned name_max;
    char *comment;
    unsigned comm_max;
    int hcrc, done;
} gz_header;

#define Z_OK 0
#define Z_STREAM_END 1
#define Z_FINISH 4
#define Z_NEED_DICT 2
#define Z_STREAM_ERROR (-2)
#define Z_DATA_ERROR (-3)
#define Z_BUF_ERROR (-5)
#define Z_VERSION_ERROR (-6)
const char *zlibVersion(void);
unsigned crc32(unsigned, const void *, unsigned), adler32(unsigned, const void *, unsigned);
unsigned crc32_combine(unsigned, unsigned, long);
int compress2(void *, unsigned *, const void *, unsigned, int), uncompress(void *, unsigned *, const void *, unsigned);
unsigned compressBound(unsigned), deflateBound(z_stream *, unsigned);
int deflateInit_(z_stream *, int, const char *, int), inflateInit_(z_stream *, const char *, int);
int deflateInit2_(z_stream *, int, int, int, int, int, const char *, int),
    inflateInit2_(z_stream *, int, const char *, int);
int deflate(z_stream *, int), deflateEnd(z_stream *), inflate(z_stream *, int), inflateEnd(z_stream *);
int deflateReset(z_stream *), inflateReset(z_stream *), deflateCopy(z_stream *, z_stream *), inflateSync(z_stream *);
int deflateSetDictionary(z_stream *, const void *, unsigned), inflateSetDictionary(z_stream *, const void *, unsigned);
int deflateSetHeader(z_stream *, gz_header *), inflateGetHeader(z_stream *, gz_header *),
    deflateParams(z_stream *, int, int);
long inflateMark(z_stream *);
int inflateBackInit_(z_stream *, int, void *, const char *, int), inflateBackEnd(z_stream *);
int inflateBack(z_stream *, unsigned (*)(void *, const unsigned char **), void *,
                int (*)(void *, unsigned char *, unsigned), void *);
void *gzopen(const char *, const char *), *gzopen_w(const wchar_t *, const char *);
int gzwrite(void *, const void *, unsigned), gzread(void *, void *, unsigned), gzclose(void *), gzeof(void *);
int gzprintf(void *, const char *, ...);
char *gzgets(void *, char *, int);
long gzseek(void *, long, int), gztell(void *);
const char *zError(int);
const unsigned *get_crc_table(void);

static unsigned char plain[300000], packed[400000], again[300000];
static unsigned plain_size = sizeof plain;

static void make_plain(void)
{
    unsigned seed = 1;
    for (unsigned i = 0; i < plain_size; i++) {
        seed = seed * 1103515245 + 12345;
        plain[i] = i % 7 ? "the quick brown fox"[i % 19] : (unsigned char)(seed >> 20);
    }
}

static void sums(void)
{
    CHECK_EQ(crc32(0, NULL, 0), 0);
    CHECK_EQ(crc32(0, "123456789", 9), 0xcbf43926);
    CHECK_EQ(adler32(1, "123456789", 9), 0x091e01de);
    CHECK_EQ(crc32_combine(crc32(0, "1234", 4), crc32(0, "56789", 5), 5), 0xcbf43926);
    CHECK_EQ(get_crc_table()[1], 0x77073096);
    CHECK_EQ(zlibVersion()[0], '1');
    CHECK_STR(zError(Z_DATA_ERROR), "data error");
}

static void whole_buffers(void)
{
    /* The word behind the length stays: it is 32 bits. */
    struct {
        unsigned length, guard;
    } size = {sizeof packed, 0xa5a5a5a5};
    CHECK(compressBound(plain_size) > plain_size);
    CHECK_EQ(compress2(packed, &size.length, plain, plain_size, 6), Z_OK);
    CHECK(size.length > 100 && size.length < plain_size);
    CHECK_EQ(size.guard, 0xa5a5a5a5);
    unsigned packed_size = size.length;
    size.length = sizeof again;
    CHECK_EQ(uncompress(again, &size.length, packed, packed_size), Z_OK);
    CHECK_EQ(size.length, plain_size);
    CHECK(!memcmp(again, plain, plain_size));
    size.length = 10;
    CHECK_EQ(uncompress(again, &size.length, packed, packed_size), Z_BUF_ERROR);
    size.length = 10;
    CHECK_EQ(compress2(packed, &size.length, plain, plain_size, 6), Z_BUF_ERROR);
}

static unsigned allocated, released;

static void *allocate(void *opaque, unsigned items, unsigned size)
{
    allocated += opaque == &allocated;
    return calloc(items, size);
}

static void release(void *opaque, void *address)
{
    released += opaque == &allocated;
    free(address);
}

/* In small pieces; returns how much came out. */
static unsigned deflate_all(z_stream *s, unsigned piece)
{
    unsigned in = 0, out = 0;
    int result;
    do {
        unsigned room = piece < sizeof packed - out ? piece : sizeof packed - out;
        if (!s->avail_in && in < plain_size) {
            s->next_in = plain + in;
            s->avail_in = piece < plain_size - in ? piece : plain_size - in;
            in += s->avail_in;
        }
        s->next_out = packed + out;
        s->avail_out = room;
        result = deflate(s, in == plain_size ? Z_FINISH : 0);
        out += room - s->avail_out;
    } while (result == Z_OK || result == Z_BUF_ERROR);
    CHECK_EQ(result, Z_STREAM_END);
    return out;
}

static int inflate_all(z_stream *s, unsigned size)
{
    s->next_in = packed;
    s->avail_in = size;
    s->next_out = again;
    s->avail_out = sizeof again;
    memset(again, 0, sizeof again);
    return inflate(s, Z_FINISH);
}

static void streams(int bits, BOOL own_memory)
{
    z_stream s = {.zalloc = own_memory ? allocate : NULL, .zfree = own_memory ? release : NULL, .opaque = &allocated};
    unsigned piece = own_memory ? 777 : 50000;
    allocated = released = 0;
    CHECK_EQ(deflateInit2_(&s, 6, 8, bits, 8, 0, "1.2.11", sizeof s), Z_OK);
    CHECK(s.state != NULL && s.msg == NULL);
    CHECK_EQ(s.total_in, 0);
    CHECK(deflateBound(&s, plain_size) > 1000);
    unsigned size = deflate_all(&s, piece);
    CHECK_EQ(s.total_in, plain_size);
    CHECK_EQ(s.total_out, size);
    if (bits == 15)
        CHECK_EQ(s.adler, adler32(1, plain, plain_size));
    if (bits == 31)
        CHECK_EQ(s.adler, crc32(0, plain, plain_size));
    CHECK_EQ(deflateReset(&s), Z_OK);
    CHECK_EQ(s.total_out, 0);
    CHECK_EQ(deflate_all(&s, piece), size);
    CHECK_EQ(deflateEnd(&s), Z_OK);
    CHECK(s.state == NULL);
    CHECK_EQ(allocated, released);
    CHECK_EQ(allocated > 0, own_memory);

    z_stream r = {.zalloc = s.zalloc, .zfree = s.zfree, .opaque = &allocated};
    CHECK_EQ(inflateInit2_(&r, bits, "1.2.11", sizeof r), Z_OK);
    CHECK_EQ(inflate_all(&r, size), Z_STREAM_END);
    CHECK_EQ(r.total_out, plain_size);
    CHECK_EQ(r.avail_in, 0);
    CHECK(!memcmp(again, plain, plain_size));
    CHECK_EQ(inflateReset(&r), Z_OK);
    packed[size / 2] ^= 0xff;
    packed[size / 2 + 1] ^= 0xff;
    int result = inflate_all(&r, size);
    CHECK(result == Z_DATA_ERROR || memcmp(again, plain, plain_size));
    CHECK(result != Z_DATA_ERROR || r.msg != NULL);
    CHECK_EQ(inflateEnd(&r), Z_OK);
    CHECK_EQ(allocated, released);
}

static void misuse(void)
{
    z_stream s = {0};
    CHECK_EQ(deflateInit_(&s, 6, "1.2.11", sizeof s + 8), Z_VERSION_ERROR);
    CHECK_EQ(deflateInit_(&s, 6, "2.0", sizeof s), Z_VERSION_ERROR);
    CHECK_EQ(deflateInit_(&s, 6, NULL, sizeof s), Z_VERSION_ERROR);
    CHECK_EQ(deflateInit_(&s, 77, "1.2.11", sizeof s), Z_STREAM_ERROR);
    CHECK_EQ(inflateInit2_(&s, 99, "1.2.11", sizeof s), Z_STREAM_ERROR);
    CHECK_EQ(deflate(&s, 0), Z_STREAM_ERROR);
    CHECK_EQ(deflate(NULL, 0), Z_STREAM_ERROR);
    CHECK_EQ(inflate(&s, 0), Z_STREAM_ERROR);
    CHECK_EQ(inflateEnd(&s), Z_STREAM_ERROR);
    CHECK_EQ(deflateEnd(NULL), Z_STREAM_ERROR);
    CHECK_EQ(inflateMark(&s), -65536);
}

static void copies_and_dictionaries(void)
{
    z_stream s = {0}, t = {0};
    static const char dictionary[] = "the quick brown fox jumps";
    CHECK_EQ(deflateInit_(&s, 9, "1.2.11", sizeof s), Z_OK);
    CHECK_EQ(deflateSetDictionary(&s, dictionary, sizeof dictionary), Z_OK);
    s.next_in = plain;
    s.avail_in = 1000;
    s.next_out = packed;
    s.avail_out = sizeof packed;
    CHECK_EQ(deflate(&s, 0), Z_OK);
    CHECK_EQ(deflateCopy(&t, &s), Z_OK);
    CHECK(t.state != s.state);
    CHECK_EQ(deflateParams(&s, 1, 0), Z_OK);
    deflateEnd(&s);
    CHECK_EQ(deflate(&t, Z_FINISH), Z_STREAM_END);
    CHECK_EQ(t.total_in, 1000 + sizeof dictionary); /* zlib counts it */
    unsigned size = t.total_out;
    CHECK_EQ(deflateEnd(&t), Z_OK);
    z_stream r = {0};
    CHECK_EQ(inflateInit_(&r, "1.2.11", sizeof r), Z_OK);
    CHECK_EQ(inflate_all(&r, size), Z_NEED_DICT);
    CHECK_EQ(r.adler, adler32(1, dictionary, sizeof dictionary));
    CHECK_EQ(inflateSetDictionary(&r, "wrong", 5), Z_DATA_ERROR);
    CHECK_EQ(inflateSetDictionary(&r, dictionary, sizeof dictionary), Z_OK);
    CHECK_EQ(inflate(&r, Z_FINISH), Z_STREAM_END);
    CHECK_EQ(r.total_out, 1000);
    CHECK(!memcmp(again, plain, 1000));
    CHECK_EQ(inflateEnd(&r), Z_OK);
}

static void headers(void)
{
    z_stream s = {0}, r = {0};
    char name[20] = "", comment[20] = "", extra[8] = "";
    gz_header to = {.text = 1,
                    .time = 0x80000001,
                    .os = 3,
                    .extra = "abcd",
                    .extra_len = 4,
                    .name = "file.txt",
                    .comment = "none",
                    .hcrc = 1};
    gz_header from = {.extra = extra,
                      .extra_max = sizeof extra,
                      .name = name,
                      .name_max = sizeof name,
                      .comment = comment,
                      .comm_max = sizeof comment};
    CHECK_EQ(deflateInit2_(&s, 6, 8, 31, 8, 0, "1.2.11", sizeof s), Z_OK);
    CHECK_EQ(deflateSetHeader(&s, &to), Z_OK);
    unsigned size = deflate_all(&s, 65536);
    CHECK_EQ(deflateEnd(&s), Z_OK);
    CHECK_EQ(inflateInit2_(&r, 31, "1.2.11", sizeof r), Z_OK);
    CHECK_EQ(inflateGetHeader(&r, &from), Z_OK);
    CHECK_EQ(from.done, 0);
    CHECK_EQ(inflate_all(&r, size), Z_STREAM_END);
    CHECK_EQ(from.done, 1);
    CHECK_EQ(from.text, 1);
    CHECK_EQ(from.time, 0x80000001);
    CHECK_EQ(from.os, 3);
    CHECK_EQ(from.extra_len, 4);
    CHECK_EQ(from.hcrc, 1);
    CHECK(!memcmp(extra, "abcd", 4));
    CHECK_STR(name, "file.txt");
    CHECK_STR(comment, "none");
    CHECK_EQ(inflateEnd(&r), Z_OK);
}

static unsigned source_left;

static unsigned source(void *context, const unsigned char **data)
{
    unsigned size = source_left < 1000 ? source_left : 1000;
    *data = *(unsigned char **)context;
    *(unsigned char **)context += size;
    source_left -= size;
    return size;
}

static int sink(void *context, unsigned char *data, unsigned size)
{
    memcpy(again + *(unsigned *)context, data, size);
    *(unsigned *)context += size;
    return 0;
}

static void call_backs(void)
{
    static unsigned char window[32768];
    z_stream s = {0}, r = {0};
    unsigned char *next = packed;
    unsigned done = 0;
    CHECK_EQ(deflateInit2_(&s, 6, 8, -15, 8, 0, "1.2.11", sizeof s), Z_OK);
    source_left = deflate_all(&s, 65536);
    CHECK_EQ(deflateEnd(&s), Z_OK);
    memset(again, 0, sizeof again);
    CHECK_EQ(inflateBackInit_(&r, 15, window, "1.2.11", sizeof r), Z_OK);
    CHECK_EQ(inflateBack(&r, source, &next, sink, &done), Z_STREAM_END);
    CHECK_EQ(done, plain_size);
    CHECK(!memcmp(again, plain, plain_size));
    CHECK_EQ(inflateBackEnd(&r), Z_OK);
}

static void files(void)
{
    char text[100];
    void *file = gzopen("hello.gz", "wb9");
    CHECK(file != NULL);
    CHECK_EQ(gzwrite(file, "first\n", 6), 6);
    CHECK_EQ(gzprintf(file, "%s %d %.3f %ld %I64d\n", "second", -7, 0.5, -8L, 1LL << 40), 33);
    CHECK_EQ(gztell(file), 39);
    CHECK_EQ(gzclose(file), Z_OK);
    CHECK(GetFileAttributesW(L"hello.gz") != INVALID_FILE_ATTRIBUTES);
    file = gzopen_w(L"HELLO.gz", "rb");
    CHECK(file != NULL);
    CHECK_STR(gzgets(file, text, sizeof text), "first\n");
    CHECK_STR(gzgets(file, text, sizeof text), "second -7 0.500 -8 1099511627776\n");
    CHECK(gzgets(file, text, sizeof text) == NULL);
    CHECK_EQ(gzeof(file), 1);
    CHECK_EQ(gzseek(file, 3, SEEK_SET), 3);
    CHECK_EQ(gzread(file, text, 2), 2);
    CHECK(!memcmp(text, "st", 2));
    CHECK_EQ(gzseek(file, -100, SEEK_SET), -1);
    CHECK_EQ(gzclose(file), Z_OK);
    CHECK(gzopen("no-such-directory\\x.gz", "rb") == NULL);
    CHECK(gzopen("C:\\no such file.gz", "rb") == NULL);
    CHECK(DeleteFileW(L"hello.gz"));
}

int main(void)
{
    make_plain();
    sums();
    whole_buffers();
    for (int i = 0; i < 2; i++) {
        streams(15, i);
        streams(31, i);
        streams(-15, i);
    }
    misuse();
    copies_and_dictionaries();
    headers();
    call_backs();
    files();
    return check_done();
}
