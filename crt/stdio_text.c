/*
 * stdio_text.c: characters and lines: fgetc, fgets, fputs and their kin, narrow and wide.
 *
 * Layer: crt over stream.c.  Each function locks the stream; the _nolock ones leave that to the program.
 */
#include "crt.h"

/* Up to `room` bytes of a line with its end, by runs of the buffer. */
static size_t take_line(char *out, size_t room, struct stream *stream)
{
    char *start = out, *end = out + room;
    while (out < end) {
        if (stream->cnt > 0) {
            size_t run = (size_t)(end - out) < (size_t)stream->cnt ? (size_t)(end - out) : (size_t)stream->cnt;
            char *line_end = memchr(stream->ptr, '\n', run);
            if (line_end)
                run = (size_t)(line_end + 1 - stream->ptr);
            memcpy(out, stream->ptr, run);
            out += run;
            stream->ptr += run;
            stream->cnt -= (int)run;
            if (line_end)
                break;
            continue;
        }
        int c = stream_getc(stream);
        if (c == CRT_EOF)
            break;
        *out++ = (char)c;
        if (c == '\n')
            break;
    }
    return (size_t)(out - start);
}

static size_t take_line_wide(WCHAR *out, size_t room, struct stream *stream)
{
    size_t length = 0;
    while (length < room) {
        crt_wint c = stream_getwc(stream);
        if (c == CRT_WEOF)
            break;
        out[length++] = c;
        if (c == '\n')
            break;
    }
    return length;
}

static bool put_text(const char *text, struct stream *stream)
{
    size_t length = strlen(text);
    return stream_write(stream, text, length) == length;
}

static bool put_text_wide(const WCHAR *text, struct stream *stream)
{
    for (; *text; text++)
        if (stream_putwc(*text, stream) == CRT_WEOF)
            return false;
    return true;
}

/* A wide character may be several bytes: one write for them. */
static crt_wint put_wide(WCHAR c, struct stream *stream)
{
    char buffer[16];
    bool burst = stream_begin_burst(stream, buffer, sizeof(buffer));
    crt_wint result = stream_putwc(c, stream);
    stream_end_burst(stream, burst);
    return result;
}

#define FUNIT char
#define FINT int
#define FEND CRT_EOF
#define FNAME(x) x
#define stream_get_ stream_getc
#define stream_put_ stream_putc
#define stream_unget_ stream_ungetc
#include "stdio_text.h"
#undef FUNIT
#undef FINT
#undef FEND
#undef FNAME
#undef stream_get_
#undef stream_put_
#undef stream_unget_

#define FUNIT WCHAR
#define FINT crt_wint
#define FEND CRT_WEOF
#define FNAME(x) x##_wide
#define stream_get_ stream_getwc
#define stream_put_ put_wide
#define stream_unget_ stream_ungetwc
#include "stdio_text.h"
