/*
 * Do bzip2, xz, zstd, lz4, libpng, TurboJPEG, iconv and gettext of the host work as Windows DLLs, under all their
 * names?
 */
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include "check.h"

static HMODULE dll;

static void load(const char *name, const char *other)
{
    dll = LoadLibraryA(name);
    CHECK(dll != NULL);
    CHECK(LoadLibraryA(other) == dll);
}

/* Declares `name` as the DLL's function. */
#define IMPORT(result, name, ...)                                                                                      \
    result (*name)(__VA_ARGS__) = (result(*)(__VA_ARGS__))GetProcAddress(dll, #name);                                  \
    CHECK(name != NULL);                                                                                               \
    if (!name)                                                                                                         \
    return

static char plain[100000], packed[150000], again[100000];

static unsigned allocated, released;

static void *bz_allocate(void *opaque, int items, int size)
{
    allocated += opaque == &allocated;
    return malloc((size_t)items * (size_t)size);
}

static void *lzma_allocate(void *opaque, size_t items, size_t size)
{
    allocated += opaque == &allocated;
    return malloc(items * size);
}

static void release(void *opaque, void *address)
{
    released += opaque == &allocated && address;
    free(address);
}

static void bzip2(void)
{
    struct {
        char *next_in;
        unsigned avail_in, in_low, in_high;
        char *next_out;
        unsigned avail_out, out_low, out_high;
        void *state;
        void *(*allocate)(void *, int, int);
        void (*release)(void *, void *);
        void *opaque;
    } s = {.allocate = bz_allocate, .release = release, .opaque = &allocated};
    load("libbz2-1.dll", "bz2");
    IMPORT(int, BZ2_bzBuffToBuffCompress, char *, unsigned *, char *, unsigned, int, int, int);
    IMPORT(int, BZ2_bzDecompressInit, void *, int, int);
    IMPORT(int, BZ2_bzDecompress, void *);
    IMPORT(int, BZ2_bzDecompressEnd, void *);
    IMPORT(const char *, BZ2_bzlibVersion, void);
    IMPORT(void *, BZ2_bzopen, const char *, const char *);
    IMPORT(int, BZ2_bzwrite, void *, void *, int);
    IMPORT(int, BZ2_bzread, void *, void *, int);
    IMPORT(void, BZ2_bzclose, void *);
    unsigned size = sizeof packed;
    CHECK(BZ2_bzlibVersion()[0] == '1');
    CHECK_EQ(BZ2_bzBuffToBuffCompress(packed, &size, plain, sizeof plain, 9, 0, 0), 0);
    CHECK(size > 100 && size < sizeof plain);
    CHECK_EQ(BZ2_bzDecompressInit(&s, 0, 0), 0);
    CHECK(allocated > 0);
    s.next_in = packed;
    s.avail_in = size;
    s.next_out = again;
    s.avail_out = sizeof again;
    CHECK_EQ(BZ2_bzDecompress(&s), 4);
    CHECK_EQ(s.out_low, sizeof plain);
    CHECK(!memcmp(plain, again, sizeof plain));
    CHECK_EQ(BZ2_bzDecompressEnd(&s), 0);
    CHECK_EQ(allocated, released);
    void *file = BZ2_bzopen(".\\x.bz2", "w");
    CHECK(file != NULL);
    CHECK_EQ(BZ2_bzwrite(file, plain, 1000), 1000);
    BZ2_bzclose(file);
    file = BZ2_bzopen("X.BZ2", "r");
    CHECK(file != NULL);
    CHECK_EQ(BZ2_bzread(file, again, 2000), 1000);
    BZ2_bzclose(file);
    CHECK(DeleteFileA("x.bz2"));
    CHECK(GetProcAddress(dll, "BZ2_bzReadOpen") == NULL); /* takes a FILE */
}

static void xz(void)
{
    struct allocator {
        void *(*allocate)(void *, size_t, size_t);
        void (*release)(void *, void *);
        void *opaque;
    };
    static const struct allocator own = {lzma_allocate, release, &allocated};
    struct {
        const void *next_in;
        size_t avail_in;
        uint64_t total_in;
        void *next_out;
        size_t avail_out;
        uint64_t total_out;
        const struct allocator *allocator;
        void *rest[10];
    } s = {.allocator = &own};
    load("liblzma-5.dll", "liblzma.dll");
    IMPORT(int, lzma_easy_buffer_encode, unsigned, int, const struct allocator *, const void *, size_t, void *,
           size_t *, size_t);
    IMPORT(int, lzma_stream_decoder, void *, uint64_t, unsigned);
    IMPORT(int, lzma_code, void *, int);
    IMPORT(void, lzma_end, void *);
    IMPORT(unsigned, lzma_crc32, const void *, size_t, unsigned);
    IMPORT(uint64_t, lzma_crc64, const void *, size_t, uint64_t);
    size_t size = 0;
    CHECK_EQ(lzma_crc32("123456789", 9, 0), 0xcbf43926);
    CHECK_EQ(lzma_crc64("123456789", 9, 0), 0x995dc9bbdf1939fa);
    for (int with = 0; with < 2; with++) {
        allocated = released = 0;
        size = 0;
        CHECK_EQ(lzma_easy_buffer_encode(6, 4, with ? &own : NULL, plain, sizeof plain, packed, &size, sizeof packed),
                 0);
        CHECK(size > 100 && size < sizeof plain);
        CHECK_EQ(allocated > 0, with);
        CHECK_EQ(allocated, released);
    }
    allocated = released = 0;
    CHECK_EQ(lzma_stream_decoder(&s, UINT64_MAX, 0), 0);
    CHECK(s.allocator == &own);
    s.next_in = packed;
    s.avail_in = size;
    s.next_out = again;
    s.avail_out = sizeof again;
    memset(again, 0, sizeof again);
    CHECK_EQ(lzma_code(&s, 3), 1);
    CHECK_EQ(s.total_out, sizeof plain);
    CHECK(!memcmp(plain, again, sizeof plain));
    lzma_end(&s);
    CHECK(allocated > 0);
    CHECK_EQ(allocated, released);
}

static void zstd(void)
{
    struct bounds {
        size_t error;
        int low, high;
    };
    load("libzstd.dll", "zstd.dll");
    IMPORT(size_t, ZSTD_compress, void *, size_t, const void *, size_t, int);
    IMPORT(size_t, ZSTD_decompress, void *, size_t, const void *, size_t);
    IMPORT(unsigned, ZSTD_isError, size_t);
    IMPORT(const char *, ZSTD_getErrorName, size_t);
    IMPORT(unsigned long long, ZSTD_getFrameContentSize, const void *, size_t);
    IMPORT(struct bounds, ZSTD_cParam_getBounds, int);
    size_t size = ZSTD_compress(packed, sizeof packed, plain, sizeof plain, 3);
    CHECK(!ZSTD_isError(size));
    CHECK_EQ(ZSTD_getFrameContentSize(packed, size), sizeof plain);
    memset(again, 0, sizeof again);
    CHECK_EQ(ZSTD_decompress(again, sizeof again, packed, size), sizeof plain);
    CHECK(!memcmp(plain, again, sizeof plain));
    size = ZSTD_decompress(again, 10, packed, size);
    CHECK(ZSTD_isError(size));
    CHECK_STR(ZSTD_getErrorName(size), "Destination buffer is too small");
    struct bounds level = ZSTD_cParam_getBounds(100);
    CHECK(!level.error && level.low < -1000 && level.high >= 19 && level.high < 100);
    CHECK(ZSTD_isError(ZSTD_cParam_getBounds(99999).error));
}

static void lz4(void)
{
    load("liblz4.dll", "lz4");
    IMPORT(int, LZ4_compress_default, const char *, char *, int, int);
    IMPORT(int, LZ4_decompress_safe, const char *, char *, int, int);
    IMPORT(size_t, LZ4F_compressFrame, void *, size_t, const void *, size_t, const void *);
    IMPORT(unsigned, LZ4F_isError, size_t);
    int size = LZ4_compress_default(plain, packed, sizeof plain, sizeof packed);
    CHECK(size > 100 && size < (int)sizeof plain);
    memset(again, 0, sizeof again);
    CHECK_EQ(LZ4_decompress_safe(packed, again, size, sizeof again), sizeof plain);
    CHECK(!memcmp(plain, again, sizeof plain));
    CHECK(LZ4_decompress_safe(packed, again, size, 10) < 0);
    CHECK(!LZ4F_isError(LZ4F_compressFrame(packed, sizeof packed, plain, sizeof plain, NULL)));
    CHECK(LZ4F_isError(LZ4F_compressFrame(packed, 10, plain, sizeof plain, NULL)));
}

static jmp_buf failed;
static int warnings;

static void on_warning(void *png, const char *text)
{
    warnings++;
}

static void on_error(void *png, const char *text)
{
    longjmp(failed, strstr(text, "CRC") || strstr(text, "Not a PNG") || strstr(text, "Read") ? 2 : 1);
}

static void png(void)
{
    load("libpng16-16.dll", "libpng16");
    IMPORT(void *, png_create_write_struct, const char *, void *, void (*)(void *, const char *),
           void (*)(void *, const char *));
    IMPORT(void *, png_create_read_struct, const char *, void *, void (*)(void *, const char *),
           void (*)(void *, const char *));
    IMPORT(void *, png_create_info_struct, void *);
    IMPORT(void, png_destroy_write_struct, void **, void **);
    IMPORT(void, png_destroy_read_struct, void **, void **, void **);
    IMPORT(void, png_init_io, void *, FILE *);
    IMPORT(void, png_set_IHDR, void *, void *, unsigned, unsigned, int, int, int, int, int);
    IMPORT(void, png_write_info, void *, void *);
    IMPORT(void, png_write_row, void *, const void *);
    IMPORT(void, png_write_end, void *, void *);
    IMPORT(void, png_read_info, void *, void *);
    IMPORT(void, png_read_row, void *, void *, void *);
    IMPORT(unsigned, png_get_image_width, void *, void *);
    IMPORT(const char *, png_get_libpng_ver, const void *);
    IMPORT(jmp_buf *, png_set_longjmp_fn, void *, void (*)(jmp_buf, int), size_t);
    const char *version = png_get_libpng_ver(NULL);
    unsigned char row[64], seen[64];
    for (int i = 0; i < 64; i++)
        row[i] = (unsigned char)(i * 3);
    FILE *file = fopen("x.png", "wb");
    void *p = png_create_write_struct(version, NULL, on_error, on_warning), *info = png_create_info_struct(p);
    CHECK(p && info);
    png_init_io(p, file);
    png_set_IHDR(p, info, 64, 2, 8, 0, 0, 0, 0);
    png_write_info(p, info);
    png_write_row(p, row);
    png_write_row(p, row);
    png_write_end(p, info);
    png_destroy_write_struct(&p, &info);
    CHECK(p == NULL);
    fclose(file);

    file = fopen("x.png", "rb");
    p = png_create_read_struct(version, NULL, on_error, on_warning);
    info = png_create_info_struct(p);
    png_init_io(p, file);
    png_read_info(p, info);
    CHECK_EQ(png_get_image_width(p, info), 64);
    png_read_row(p, seen, NULL);
    CHECK(!memcmp(row, seen, sizeof row));
    png_destroy_read_struct(&p, &info, NULL);

    /* At the end of the file: the error function is called, and leaves by longjmp. */
    p = png_create_read_struct(version, NULL, on_error, on_warning);
    info = png_create_info_struct(p);
    png_init_io(p, file);
    fseek(file, 0, SEEK_END);
    int code = setjmp(failed);
    if (!code) {
        png_read_info(p, info);
        CHECK(!"it came back");
    }
    CHECK_EQ(code, 2);
    png_destroy_read_struct(&p, &info, NULL);

    /* libpng's own way: it keeps a jmp_buf and calls the longjmp that it was given. */
    p = png_create_read_struct(version, NULL, NULL, on_warning);
    info = png_create_info_struct(p);
    png_init_io(p, file);
    code = setjmp(*png_set_longjmp_fn(p, longjmp, sizeof(jmp_buf)));
    if (!code) {
        png_read_info(p, info);
        CHECK(!"it came back");
    }
    CHECK_EQ(code, 1);
    png_destroy_read_struct(&p, &info, NULL);
    fclose(file);
    CHECK(DeleteFileA("x.png"));
}

static void jpeg(void)
{
    load("turbojpeg.dll", "libturbojpeg.dll");
    IMPORT(void *, tjInitCompress, void);
    IMPORT(void *, tjInitDecompress, void);
    IMPORT(int, tjCompress2, void *, const void *, int, int, int, int, unsigned char **, unsigned long *, int, int,
           int);
    IMPORT(int, tjDecompressHeader2, void *, unsigned char *, unsigned long, int *, int *, int *);
    IMPORT(int, tjDestroy, void *);
    IMPORT(void, tjFree, void *);
    IMPORT(unsigned long, tjBufSize, int, int, int);
    struct {
        unsigned long size, guard;
    } made = {0, 0x5a5a5a5a};
    unsigned char *jpeg = NULL;
    int width = 0, height = 0, sub = -1;
    void *c = tjInitCompress(), *d = tjInitDecompress();
    CHECK(tjBufSize(64, 64, 0) >= 64 * 64);
    CHECK_EQ(tjBufSize(-1, 5, 0), 0xffffffff);
    CHECK_EQ(tjCompress2(c, plain, 40, 0, 30, 0, &jpeg, &made.size, 0, 80, 0), 0);
    CHECK(jpeg && made.size > 100 && made.size < 100000);
    CHECK_EQ(made.guard, 0x5a5a5a5a);
    CHECK_EQ(tjDecompressHeader2(d, jpeg, made.size, &width, &height, &sub), 0);
    CHECK(width == 40 && height == 30 && sub == 0);
    tjFree(jpeg);
    CHECK_EQ(tjDestroy(c), 0);
    CHECK_EQ(tjDestroy(d), 0);
}

static void texts(void)
{
    load("libiconv-2.dll", "iconv");
    IMPORT(void *, libiconv_open, const char *, const char *);
    IMPORT(size_t, libiconv, void *, char **, size_t *, char **, size_t *);
    IMPORT(int, libiconv_close, void *);
    char out[40], *in = "gr\xc3\xbc\xc3\x9f", *to = out;
    size_t in_left = strlen(in), out_left = sizeof out;
    void *converter = libiconv_open("wchar_t", "UTF-8");
    CHECK(converter != (void *)-1);
    CHECK_EQ(libiconv(converter, &in, &in_left, &to, &out_left), 0);
    CHECK_EQ(in_left, 0);
    CHECK(!memcmp(out, L"gr\xfc\xdf", 8));
    in = "\xff";
    in_left = 1;
    errno = 0;
    CHECK_EQ(libiconv(converter, &in, &in_left, &to, &out_left), -1);
    CHECK_EQ(errno, EILSEQ);
    in = "abc";
    in_left = 3;
    out_left = 2;
    to = out;
    CHECK_EQ(libiconv(converter, &in, &in_left, &to, &out_left), -1);
    CHECK_EQ(errno, E2BIG);
    CHECK_EQ(libiconv_close(converter), 0);
    CHECK(libiconv_open("no such encoding", "UTF-8") == (void *)-1);
    CHECK_EQ(errno, EINVAL);

    load("libintl-8.dll", "intl-8");
    IMPORT(const char *, libintl_gettext, const char *);
    IMPORT(const char *, libintl_ngettext, const char *, const char *, unsigned long);
    IMPORT(const char *, libintl_textdomain, const char *);
    IMPORT(int, libintl_sprintf, char *, const char *, ...);
    CHECK_STR(libintl_gettext("message"), "message");
    CHECK_STR(libintl_ngettext("one", "many", 1), "one");
    CHECK_STR(libintl_ngettext("one", "many", 0), "many");
    CHECK_STR(libintl_textdomain(NULL), "messages");
    CHECK_STR(libintl_textdomain("own"), "own");
    CHECK_EQ(libintl_sprintf(out, "%s %d", "a", 5), 3);
    CHECK_STR(out, "a 5");
}

int main(void)
{
    unsigned seed = 1;
    for (size_t i = 0; i < sizeof plain; i++) {
        seed = seed * 1103515245 + 12345;
        plain[i] = (char)(i % 5 ? 'a' + i % 13 : seed >> 24);
    }
    bzip2();
    xz();
    zstd();
    lz4();
    png();
    jpeg();
    texts();
    return check_done();
}
