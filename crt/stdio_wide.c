/*
 * stdio_wide.c: the wide side of stdio.
 *
 * Layer: crt over stream.c.  In a text stream whose descriptor is ANSI a wide character is a multibyte character of
 * the locale; in binary streams and in the Unicode modes it is two bytes.
 */
#include "crt.h"

static bool is_multibyte(struct stream *stream)
{
    if (stream->flag & STREAM_STRING)
        return false;
    struct crt_fd *slot = fd_get(stream->file);
    return slot && slot->flags & FD_TEXT && slot->text == TEXT_ANSI;
}

crt_wint stream_getwc(struct stream *stream)
{
    if (is_multibyte(stream)) {
        char bytes[5];
        size_t count = 0;
        for (;;) {
            int c = stream_getc(stream);
            if (c == CRT_EOF)
                return CRT_WEOF;
            bytes[count++] = (char)c;
            bool lead = crt_codepage == CP_UTF8 ? (c >= 0xc0 || count > 1)
                                                : crt_codepage && IsDBCSLeadByteEx(crt_codepage, (BYTE)c);
            size_t wanted = !lead                             ? 1
                            : crt_codepage != CP_UTF8         ? 2
                            : (unsigned char)bytes[0] >= 0xf0 ? 4
                            : (unsigned char)bytes[0] >= 0xe0 ? 3
                                                              : 2;
            if (count < wanted)
                continue;
            WCHAR wide;
            return crt_bytes_to_wide(&wide, bytes, count) >= 0 ? wide : CRT_WEOF;
        }
    }
    WCHAR wide;
    return stream_read(stream, &wide, sizeof(wide)) == sizeof(wide) ? wide : CRT_WEOF;
}

crt_wint stream_putwc(WCHAR c, struct stream *stream)
{
    if (is_multibyte(stream)) {
        char bytes[8];
        int length = crt_wide_to_bytes(bytes, c);
        if (length < 0) {
            crt_set_errno(CRT_EILSEQ);
            return CRT_WEOF;
        }
        for (int i = 0; i < length; i++)
            if (stream_putc(bytes[i], stream) == CRT_EOF)
                return CRT_WEOF;
        return c;
    }
    return stream_write(stream, &c, sizeof(c)) == sizeof(c) ? c : CRT_WEOF;
}

crt_wint stream_ungetwc(crt_wint c, struct stream *stream)
{
    char bytes[8];
    int length = (int)sizeof(WCHAR);
    if (c == CRT_WEOF)
        return CRT_WEOF;
    memcpy(bytes, &c, sizeof(c));
    if (is_multibyte(stream))
        length = crt_wide_to_bytes(bytes, c);
    if (length < 0)
        return CRT_WEOF;
    if (!stream->base && stream_ungetc(bytes[length - 1], stream) != CRT_EOF)
        length--;
    if (stream->base && stream->ptr - stream->base < length && stream->cnt == 0)
        stream->ptr = stream->base + length;
    while (length--)
        if (stream_ungetc((unsigned char)bytes[length], stream) == CRT_EOF)
            return CRT_WEOF;
    return c;
}

crt_wint WINAPI _fgetwc_nolock(struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_WEOF);
    return stream_getwc(stream);
}

crt_wint WINAPI crt_fgetwc(struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_WEOF);
    stream_lock(stream);
    crt_wint c = stream_getwc(stream);
    stream_unlock(stream);
    return c;
}

crt_wint WINAPI crt_getwchar(void)
{
    return crt_fgetwc(crt_stdin);
}

crt_wint WINAPI _fputwc_nolock(WCHAR c, struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_WEOF);
    return stream_putwc(c, stream);
}

crt_wint WINAPI crt_fputwc(WCHAR c, struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_WEOF);
    char buffer[16];
    stream_lock(stream);
    bool burst = stream_begin_burst(stream, buffer, sizeof(buffer));
    crt_wint result = stream_putwc(c, stream);
    stream_end_burst(stream, burst);
    stream_unlock(stream);
    return result;
}

crt_wint WINAPI crt_putwchar(WCHAR c)
{
    return crt_fputwc(c, crt_stdout);
}

crt_wint WINAPI _ungetwc_nolock(crt_wint c, struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_WEOF);
    return stream_ungetwc(c, stream);
}

crt_wint WINAPI crt_ungetwc(crt_wint c, struct stream *stream)
{
    CRT_REQUIRE(stream, CRT_WEOF);
    stream_lock(stream);
    c = stream_ungetwc(c, stream);
    stream_unlock(stream);
    return c;
}

WCHAR *WINAPI crt_fgetws(WCHAR *buffer, int size, struct stream *stream)
{
    CRT_REQUIRE((buffer || !size) && size >= 0 && stream, NULL);
    if (!size)
        return NULL;
    WCHAR *out = buffer, *end = buffer + size - 1;
    stream_lock(stream);
    while (out < end) {
        crt_wint c = stream_getwc(stream);
        if (c == CRT_WEOF)
            break;
        *out++ = c;
        if (c == '\n')
            break;
    }
    stream_unlock(stream);
    if (out == buffer && size > 1)
        return NULL;
    *out = 0;
    return buffer;
}

static WCHAR *get_line(WCHAR *buffer, size_t size)
{
    size_t length = 0;
    bool fits = true;
    stream_lock(crt_stdin);
    crt_wint c = stream_getwc(crt_stdin);
    bool nothing = c == CRT_WEOF;
    for (; c != CRT_WEOF && c != '\n'; c = stream_getwc(crt_stdin)) {
        if (length + 1 < size)
            buffer[length++] = c;
        else
            fits = false;
    }
    stream_unlock(crt_stdin);
    if (nothing)
        return NULL;
    buffer[length] = 0;
    if (!fits) {
        *buffer = 0;
        crt_invalid(CRT_ERANGE);
        return NULL;
    }
    return buffer;
}

WCHAR *WINAPI _getws(WCHAR *buffer)
{
    CRT_REQUIRE(buffer, NULL);
    return get_line(buffer, SIZE_MAX);
}

WCHAR *WINAPI _getws_s(WCHAR *buffer, size_t size)
{
    CRT_REQUIRE(buffer && size, NULL);
    return get_line(buffer, size);
}

static bool put_text(const WCHAR *text, struct stream *stream)
{
    for (; *text; text++)
        if (stream_putwc(*text, stream) == CRT_WEOF)
            return false;
    return true;
}

int WINAPI crt_fputws(const WCHAR *text, struct stream *stream)
{
    CRT_REQUIRE(text && stream, CRT_EOF);
    char buffer[1024];
    stream_lock(stream);
    bool burst = stream_begin_burst(stream, buffer, sizeof(buffer));
    bool done = put_text(text, stream);
    stream_end_burst(stream, burst);
    stream_unlock(stream);
    return done ? 0 : CRT_EOF;
}

int WINAPI _putws(const WCHAR *text)
{
    CRT_REQUIRE(text, CRT_EOF);
    char buffer[1024];
    stream_lock(crt_stdout);
    bool burst = stream_begin_burst(crt_stdout, buffer, sizeof(buffer));
    bool done = put_text(text, crt_stdout) && stream_putwc('\n', crt_stdout) != CRT_WEOF;
    stream_end_burst(crt_stdout, burst);
    stream_unlock(crt_stdout);
    return done ? 0 : CRT_EOF;
}
