/*
 * stream_wide.c: wide characters of streams.
 *
 * Layer: crt over stream.c.  In a text stream whose descriptor is ANSI a wide character is a multibyte character of
 * the locale; in binary streams and in the Unicode modes it is two bytes.
 */
#include "locale.h"

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
            bool lead = crt_codepage() == CP_UTF8 ? (c >= 0xc0 || count > 1)
                                                  : crt_codepage() && IsDBCSLeadByteEx(crt_codepage(), (BYTE)c);
            size_t wanted = !lead                             ? 1
                            : crt_codepage() != CP_UTF8       ? 2
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
