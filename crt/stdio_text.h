/*
 * stdio_text.h: characters and lines of stdio, as a template: stdio_text.c includes it for char and for WCHAR, with
 *     FUNIT, FINT, FEND      the unit, the type that holds it or the end, and the end
 *     FNAME(x)               the names it defines
 *     stream_get_, stream_put_, stream_unget_     one unit of a locked stream
 * and take_line, put_text defined.
 */

FINT WINAPI FNAME(crt_fgetc_nolock)(struct stream *stream)
{
    CRT_REQUIRE(stream, FEND);
    return stream_get_(stream);
}

FINT WINAPI FNAME(crt_fgetc)(struct stream *stream)
{
    CRT_REQUIRE(stream, FEND);
    bool locked = stream_guard(stream);
    FINT c = stream_get_(stream);
    stream_unguard(stream, locked);
    return c;
}

FINT WINAPI FNAME(crt_getchar)(void)
{
    return FNAME(crt_fgetc)(crt_stdin);
}

FINT WINAPI FNAME(crt_fputc_nolock)(FINT c, struct stream *stream)
{
    CRT_REQUIRE(stream, FEND);
    return stream_put_(c, stream);
}

FINT WINAPI FNAME(crt_fputc)(FINT c, struct stream *stream)
{
    CRT_REQUIRE(stream, FEND);
    bool locked = stream_guard(stream);
    FINT result = stream_put_(c, stream);
    stream_unguard(stream, locked);
    return result;
}

FINT WINAPI FNAME(crt_putchar)(FINT c)
{
    return FNAME(crt_fputc)(c, crt_stdout);
}

FINT WINAPI FNAME(crt_ungetc_nolock)(FINT c, struct stream *stream)
{
    CRT_REQUIRE(stream, FEND);
    return stream_unget_(c, stream);
}

FINT WINAPI FNAME(crt_ungetc)(FINT c, struct stream *stream)
{
    CRT_REQUIRE(stream, FEND);
    bool locked = stream_guard(stream);
    c = stream_unget_(c, stream);
    stream_unguard(stream, locked);
    return c;
}

FUNIT *WINAPI FNAME(crt_fgets)(FUNIT *buffer, int size, struct stream *stream)
{
    CRT_REQUIRE((buffer || !size) && size >= 0 && stream, NULL);
    if (!size)
        return NULL;
    bool locked = stream_guard(stream);
    size_t length = FNAME(take_line)(buffer, (size_t)size - 1, stream);
    stream_unguard(stream, locked);
    if (!length && size > 1)
        return NULL;
    buffer[length] = 0;
    return buffer;
}

/* A line of stdin without its end; one that does not fit is an invalid parameter. */
static FUNIT *FNAME(get_line)(FUNIT *buffer, size_t size)
{
    size_t length = 0;
    bool fits = true;
    stream_lock(crt_stdin);
    FINT c = stream_get_(crt_stdin);
    bool nothing = c == FEND;
    for (; c != FEND && c != '\n'; c = stream_get_(crt_stdin)) {
        if (length + 1 < size)
            buffer[length++] = (FUNIT)c;
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

FUNIT *WINAPI FNAME(crt_gets)(FUNIT *buffer)
{
    CRT_REQUIRE(buffer, NULL);
    return FNAME(get_line)(buffer, SIZE_MAX);
}

FUNIT *WINAPI FNAME(crt_gets_s)(FUNIT *buffer, size_t size)
{
    CRT_REQUIRE(buffer && size, NULL);
    return FNAME(get_line)(buffer, size);
}

static int FNAME(put_line)(const FUNIT *text, struct stream *stream, bool end)
{
    char buffer[1024];
    bool locked = stream_guard(stream);
    bool burst = stream_begin_burst(stream, buffer, sizeof(buffer));
    bool done = FNAME(put_text)(text, stream) && (!end || stream_put_('\n', stream) != FEND);
    stream_end_burst(stream, burst);
    stream_unguard(stream, locked);
    return done ? 0 : CRT_EOF;
}

int WINAPI FNAME(crt_fputs)(const FUNIT *text, struct stream *stream)
{
    CRT_REQUIRE(text && stream, CRT_EOF);
    return FNAME(put_line)(text, stream, false);
}

int WINAPI FNAME(crt_puts)(const FUNIT *text)
{
    CRT_REQUIRE(text, CRT_EOF);
    return FNAME(put_line)(text, crt_stdout, true);
}
