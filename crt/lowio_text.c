/*
 * lowio_text.c: _read and _write, with the translations of text mode.
 *
 * Layer: crt over ReadFile and WriteFile.  Text mode turns CR LF into LF and back; Ctrl-Z ends a file.  In the UTF-8
 * and UTF-16 modes the program's side is UTF-16.  One call of WriteFile per buffer wherever it fits.
 */
#include "crt.h"

#define CTRL_Z 26
#define CONVERT_SIZE 6144 /* holds a stream's 4096 bytes with half of them line ends */

static bool read_raw(struct crt_fd *slot, void *buffer, unsigned count, DWORD *got)
{
    if (ReadFile(slot->handle, buffer, count, got, NULL)) {
        crt_thread()->raw_read += *got;
        return true;
    }
    DWORD error = GetLastError();
    *got = 0;
    if (error == ERROR_BROKEN_PIPE || error == ERROR_HANDLE_EOF)
        return true;
    crt_fail_win32(error);
    if (error == ERROR_ACCESS_DENIED) /* not opened for reading */
        crt_set_errno(CRT_EBADF);
    return false;
}

/* The byte after a CR that ended the buffer: true if it is LF (taken).  Otherwise it is given back. */
static bool read_line_feed(struct crt_fd *slot)
{
    char next;
    DWORD got;
    if (!read_raw(slot, &next, 1, &got) || !got)
        return false;
    if (next == '\n')
        return true;
    if (slot->flags & (FD_PIPE | FD_DEVICE)) {
        slot->ahead = (unsigned char)next;
    } else {
        crt_thread()->raw_read--;
        LARGE_INTEGER back = {.QuadPart = -1};
        SetFilePointerEx(slot->handle, back, NULL, FILE_CURRENT);
    }
    return false;
}

/* CR LF to LF in place.  The length left; `text` is what the last ReadFile gave. */
static unsigned translate_bytes(struct crt_fd *slot, char *text, unsigned count)
{
    char *out = text, *end = text + count;
    for (char *in = text; in < end; in++) {
        if (*in == CTRL_Z) {
            if (slot->flags & FD_DEVICE)
                *out++ = *in;
            else
                slot->flags |= FD_EOF;
            break;
        }
        if (*in != '\r') {
            *out++ = *in;
        } else if (in + 1 < end) {
            if (in[1] != '\n')
                *out++ = *in;
        } else {
            *out++ = read_line_feed(slot) ? '\n' : '\r';
        }
    }
    return (unsigned)(out - text);
}

static int read_ansi(struct crt_fd *slot, char *buffer, unsigned count)
{
    unsigned have = 0;
    if (slot->ahead != '\n') {
        buffer[have++] = (char)slot->ahead;
        slot->ahead = '\n';
    }
    DWORD got = 0;
    if (!have && !read_raw(slot, buffer, count, &got))
        return -1;
    have += got;
    if (!(slot->flags & FD_TEXT))
        return (int)have;
    if (got && buffer[0] == '\n')
        slot->flags |= FD_CRLF;
    /* Nothing for CR or Ctrl-Z to do in most buffers. */
    if (!memchr(buffer, '\r', have) && !memchr(buffer, CTRL_Z, have))
        return (int)have;
    return (int)translate_bytes(slot, buffer, have);
}

static unsigned translate_units(struct crt_fd *slot, WCHAR *text, unsigned count)
{
    WCHAR *out = text, *end = text + count;
    for (WCHAR *in = text; in < end; in++) {
        if (*in == CTRL_Z && !(slot->flags & FD_DEVICE)) {
            slot->flags |= FD_EOF;
            break;
        }
        if (*in == '\r' && in + 1 < end && in[1] == '\n')
            continue;
        *out++ = *in;
    }
    return (unsigned)(out - text);
}

/* Raw bytes with those kept from the last read in front; a character that is not whole is kept again. */
static int read_bytes_kept(struct crt_fd *slot, char *raw, unsigned size)
{
    unsigned kept = slot->ahead_count;
    memcpy(raw, slot->partial, kept);
    slot->ahead_count = 0;
    DWORD got;
    if (!read_raw(slot, raw + kept, size - kept, &got))
        return -1;
    return (int)(kept + got);
}

static void keep_bytes(struct crt_fd *slot, const char *tail, unsigned count)
{
    memcpy(slot->partial, tail, count);
    slot->ahead_count = (unsigned char)count;
}

/* How many bytes at the end of `raw` begin a UTF-8 character that is not whole (0 to 3). */
static unsigned utf8_incomplete(const char *raw, unsigned count)
{
    for (unsigned back = 1; back <= 3 && back <= count; back++) {
        unsigned char c = (unsigned char)raw[count - back];
        if (c < 0x80)
            return 0;
        if (c >= 0xc0)
            return back < (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u) ? back : 0;
    }
    return 0;
}

static int read_utf16(struct crt_fd *slot, char *buffer, unsigned count)
{
    int got = read_bytes_kept(slot, buffer, count);
    if (got <= 0)
        return got;
    unsigned units = (unsigned)got / 2, tail = (unsigned)got % 2;
    /* A CR at the end waits for its LF. */
    if (units > 1 && ((WCHAR *)buffer)[units - 1] == '\r' && tail == 0) {
        units--;
        tail = 2;
    }
    if (tail)
        keep_bytes(slot, buffer + units * 2, tail);
    return (int)translate_units(slot, (WCHAR *)buffer, units) * 2;
}

static int read_utf8(struct crt_fd *slot, char *buffer, unsigned count)
{
    /* A byte becomes at most one unit, so half of the program's buffer is what may be read. */
    unsigned size = count / 2 < 4 ? 4 : count / 2;
    char *raw = crt_malloc(size);
    if (!raw)
        return -1;
    int got = read_bytes_kept(slot, raw, size);
    if (got > 0) {
        unsigned tail = utf8_incomplete(raw, (unsigned)got);
        if (tail == (unsigned)got)
            tail = 0;
        if (!tail && got > 1 && raw[got - 1] == '\r')
            tail = 1;
        if (tail)
            keep_bytes(slot, raw + got - tail, tail);
        int units = MultiByteToWideChar(CP_UTF8, 0, raw, got - (int)tail, (WCHAR *)buffer, (int)(count / 2));
        got = (int)translate_units(slot, (WCHAR *)buffer, (unsigned)units) * 2;
    }
    crt_free(raw);
    return got;
}

int WINAPI _read(int fd, void *buffer, unsigned count)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    CRT_REQUIRE(count <= INT_MAX && (buffer || !count), -1);
    if (!count || slot->flags & FD_EOF)
        return 0;
    crt_lock(&slot->lock);
    crt_thread()->raw_read = 0;
    int result;
    if (slot->text == TEXT_ANSI || !(slot->flags & FD_TEXT))
        result = read_ansi(slot, buffer, count);
    else if (count % 2)
        result = -1;
    else
        result = slot->text == TEXT_UTF8 ? read_utf8(slot, buffer, count) : read_utf16(slot, buffer, count);
    crt_unlock(&slot->lock);
    if (result < 0 && count % 2 && slot->text != TEXT_ANSI)
        crt_invalid(CRT_EINVAL);
    return result;
}

/* --- writing ---------------------------------------------------------------------------------------------------------
 */

static bool write_raw(struct crt_fd *slot, const void *bytes, unsigned count, DWORD *written)
{
    if (WriteFile(slot->handle, bytes, count, written, NULL))
        return true;
    DWORD error = GetLastError();
    crt_fail_win32(error);
    if (error == ERROR_ACCESS_DENIED)
        crt_set_errno(CRT_EBADF);
    return false;
}

/* LF to CR LF, a buffer at a time.  The count of the program's bytes that were written. */
static unsigned write_ansi(struct crt_fd *slot, const char *text, unsigned count, bool *failed)
{
    char converted[CONVERT_SIZE];
    unsigned done = 0;
    while (done < count) {
        unsigned length = 0, taken = done;
        while (taken < count && length < CONVERT_SIZE - 1) {
            const char *line_feed = memchr(text + taken, '\n', count - taken);
            size_t run = line_feed ? (size_t)(line_feed - (text + taken)) : count - taken;
            if (run > CONVERT_SIZE - 1 - length)
                run = CONVERT_SIZE - 1 - length;
            memcpy(converted + length, text + taken, run);
            length += (unsigned)run;
            taken += (unsigned)run;
            if (line_feed && text + taken == line_feed && length < CONVERT_SIZE - 1) {
                converted[length++] = '\r';
                converted[length++] = '\n';
                taken++;
            }
        }
        DWORD written;
        if (!write_raw(slot, converted, length, &written)) {
            *failed = true;
            break;
        }
        if (written < length) /* disk full: how much of the program's text that was */
            return done + (taken - done) * written / length;
        done = taken;
    }
    return done;
}

/* UTF-16 from the program, with CR LF, as UTF-16 or UTF-8. */
static unsigned write_units(struct crt_fd *slot, const WCHAR *text, unsigned count, bool *failed)
{
    enum { CHUNK = 512 };
    WCHAR lines[CHUNK * 2];
    char bytes[CHUNK * 2 * 3];
    unsigned done = 0;
    while (done < count) {
        unsigned length = 0, taken = done;
        while (taken < count && length < CHUNK * 2 - 2) {
            if (text[taken] == '\n')
                lines[length++] = '\r';
            lines[length++] = text[taken++];
        }
        /* A pair of surrogates stays together. */
        if (taken < count && IS_HIGH_SURROGATE(lines[length - 1]) && taken - done > 1)
            length--, taken--;
        const void *raw = lines;
        unsigned size = length * 2;
        if (slot->text == TEXT_UTF8) {
            size = (unsigned)WideCharToMultiByte(CP_UTF8, 0, lines, (int)length, bytes, sizeof(bytes), NULL, NULL);
            raw = bytes;
        }
        DWORD written;
        if (!write_raw(slot, raw, size, &written)) {
            *failed = true;
            break;
        }
        if (written < size)
            break;
        done = taken;
    }
    return done;
}

/* A Unicode text descriptor that is a console gets UTF-16 itself. */
static bool console_write(struct crt_fd *slot, const WCHAR *text, unsigned count, bool *failed, unsigned *done)
{
    DWORD mode, written;
    if (!(slot->flags & FD_DEVICE) || !GetConsoleMode(slot->handle, &mode))
        return false;
    *failed = !WriteConsoleW(slot->handle, text, count, &written, NULL);
    *done = *failed ? 0 : written;
    return true;
}

static int write_locked(struct crt_fd *slot, const void *buffer, unsigned count)
{
    bool failed = false;
    unsigned done;
    DWORD written = 0;
    if (slot->flags & FD_APPEND) {
        LARGE_INTEGER zero = {.QuadPart = 0};
        SetFilePointerEx(slot->handle, zero, NULL, FILE_END);
    }
    if (slot->flags & FD_TEXT && slot->text != TEXT_ANSI) {
        if (!console_write(slot, buffer, count / 2, &failed, &done))
            done = write_units(slot, buffer, count / 2, &failed);
        done *= 2;
    } else if (slot->flags & FD_TEXT && memchr(buffer, '\n', count)) {
        done = write_ansi(slot, buffer, count, &failed);
    } else {
        failed = !write_raw(slot, buffer, count, &written);
        done = written;
    }
    if (failed && !done)
        return -1;
    if (!done && !(slot->flags & FD_DEVICE && *(const char *)buffer == CTRL_Z)) {
        crt_thread()->dos_error = 0;
        crt_set_errno(CRT_ENOSPC);
        return -1;
    }
    return (int)done;
}

int WINAPI _write(int fd, const void *buffer, unsigned count)
{
    struct crt_fd *slot = fd_get(fd);
    if (!slot)
        return -1;
    if (!count)
        return 0;
    CRT_REQUIRE(buffer && !(slot->flags & FD_TEXT && slot->text != TEXT_ANSI && count % 2), -1);
    crt_lock(&slot->lock);
    int result = write_locked(slot, buffer, count);
    crt_unlock(&slot->lock);
    return result;
}
