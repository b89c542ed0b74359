/*
 * console_line.c: typing a line as in Windows' console: cursor keys, Home, End, Insert, Delete, Escape; no history.
 *
 * The host's own line editing knows the backspace alone, and takes Control-Z for itself.  So the terminal is raw while
 * a line is read, from the events of console_queue.c; in between it is as it was found, for typing ahead and for Linux
 * programs.  The cursor is moved by backspaces: what goes over several rows of the terminal is edited rightly and
 * shown roughly.
 *
 * Calls Linux.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "console_line.h"
#include "console_private.h"

#define CHARACTERS_MAX 4096

enum {
    END_OF_INPUT = -1,
    NO_KEY = 0x110000,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_INSERT,
    KEY_DELETE,
    KEY_WORD_LEFT,
    KEY_WORD_RIGHT,
    KEY_CUT_HOME,
    KEY_CUT_END
};

struct edit {
    int terminal;
    struct line_options options;
    unsigned count, at; /* characters; where the cursor is */
    size_t pending;     /* bytes on their way to the terminal */
    WCHAR half;         /* of a surrogate pair */
    NTSTATUS status;    /* why there is no more input */
    int held;           /* the key after Escape; NO_KEY: none */
    uint32_t text[CHARACTERS_MAX];
    char shown[1024];
};

static void flush(struct edit *edit)
{
    for (size_t done = 0; done < edit->pending;) {
        ssize_t n = write(edit->terminal, edit->shown + done, edit->pending - done);
        if (n < 0 && errno != EINTR)
            break;
        done += n > 0 ? (size_t)n : 0;
    }
    edit->pending = 0;
}

static void show_byte(struct edit *edit, char byte)
{
    if (edit->pending == sizeof edit->shown)
        flush(edit);
    edit->shown[edit->pending++] = byte;
}

static size_t encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(0xf00 >> length | c);
    return length;
}

/* Columns of a character as it is shown: ^X for control characters. */
static unsigned width(uint32_t c)
{
    return c < 32 || c == 127 ? 2 : screen_width(c);
}

static void show_character(struct edit *edit, uint32_t c)
{
    char bytes[4];
    if (c < 32 || c == 127) {
        show_byte(edit, '^');
        c ^= 0x40;
    }
    size_t length = encode(c, bytes);
    for (size_t i = 0; i < length; i++)
        show_byte(edit, bytes[i]);
}

static unsigned columns(const struct edit *edit, unsigned from, unsigned to)
{
    unsigned sum = 0;
    for (unsigned i = from; i < to; i++)
        sum += width(edit->text[i]);
    return sum;
}

static void back(struct edit *edit, unsigned count)
{
    while (edit->options.echo && count--)
        show_byte(edit, '\b');
}

static void go(struct edit *edit, unsigned at)
{
    if (at < edit->at)
        back(edit, columns(edit, at, edit->at));
    for (unsigned i = edit->at; edit->options.echo && i < at; i++)
        show_character(edit, edit->text[i]);
    edit->at = at;
}

/* Shows what is behind the cursor again; `gone` columns at its end are no more. */
static void show_rest(struct edit *edit, unsigned gone)
{
    unsigned at = edit->at;
    go(edit, edit->count);
    for (unsigned i = 0; edit->options.echo && i < gone; i++)
        show_byte(edit, ' ');
    back(edit, gone);
    go(edit, at);
}

/* Removes the characters from the cursor to `to`. */
static void cut(struct edit *edit, unsigned to)
{
    unsigned gone = columns(edit, edit->at, to);
    memmove(edit->text + edit->at, edit->text + to, (edit->count - to) * sizeof *edit->text);
    edit->count -= to - edit->at;
    show_rest(edit, gone);
}

static void type(struct edit *edit, uint32_t c)
{
    bool replaces = !edit->options.insert && edit->at < edit->count;
    unsigned gone = replaces ? width(edit->text[edit->at]) : 0;
    if (!replaces) {
        memmove(edit->text + edit->at + 1, edit->text + edit->at, (edit->count - edit->at) * sizeof *edit->text);
        edit->count++;
    }
    edit->text[edit->at] = c;
    go(edit, edit->at + 1);
    if (edit->at < edit->count)
        show_rest(edit, gone > width(c) ? gone - width(c) : 0);
}

/* The begin of the word before or after the cursor. */
static unsigned word_from(const struct edit *edit, bool forward)
{
    unsigned at = edit->at;
    if (forward) {
        while (at < edit->count && edit->text[at] != ' ')
            at++;
        while (at < edit->count && edit->text[at] == ' ')
            at++;
        return at;
    }
    while (at && edit->text[at - 1] == ' ')
        at--;
    while (at && edit->text[at - 1] != ' ')
        at--;
    return at;
}

/* What an event means for the line: a character, a key, or nothing.  *half: first half of a surrogate pair; 0: none. */
static int event_key(const KEY_EVENT_RECORD *event, WCHAR *half)
{
    bool control = event->dwControlKeyState & (LEFT_CTRL_PRESSED | RIGHT_CTRL_PRESSED);
    uint32_t c = event->uChar.UnicodeChar;
    switch (event->wVirtualKeyCode) {
    case VK_LEFT:
        return control ? KEY_WORD_LEFT : KEY_LEFT;
    case VK_RIGHT:
        return control ? KEY_WORD_RIGHT : KEY_RIGHT;
    case VK_HOME:
        return control ? KEY_CUT_HOME : KEY_HOME;
    case VK_END:
        return control ? KEY_CUT_END : KEY_END;
    case VK_INSERT:
        return KEY_INSERT;
    case VK_DELETE:
        return KEY_DELETE;
    }
    if (c >= 0xD800 && c <= 0xDBFF) {
        *half = (WCHAR)c;
        return NO_KEY;
    }
    if (c >= 0xDC00 && c <= 0xDFFF && *half)
        c = 0x10000 + ((*half - 0xD800u) << 10) + (c - 0xDC00);
    *half = 0;
    return c ? (int)c : NO_KEY;
}

/* Pressed keys count; a terminal's keys are let go at once, which nobody wants to know of a line. */
static int next_key(struct edit *edit)
{
    INPUT_RECORD record, next;
    const KEY_EVENT_RECORD *event = &record.Event.KeyEvent, *up = &next.Event.KeyEvent;
    if (edit->held != NO_KEY) {
        int held = edit->held;
        edit->held = NO_KEY;
        return held;
    }
    edit->status = console_queue_wait(edit->terminal, 1, -1);
    if (edit->status)
        return END_OF_INPUT;
    console_queue_take(&record, 1);
    if (record.EventType != KEY_EVENT || !event->bKeyDown)
        return NO_KEY;
    if (console_queue_peek(&next, 1) && next.EventType == KEY_EVENT && !up->bKeyDown &&
        up->wVirtualKeyCode == event->wVirtualKeyCode)
        console_queue_take(&next, 1);
    int key = event_key(event, &edit->half);
    if (!(event->dwControlKeyState & LEFT_ALT_PRESSED) || key > NO_KEY)
        return key;
    edit->held = key; /* a terminal sends the same for Alt as for Escape and then a key */
    return 27;
}

size_t console_character(const INPUT_RECORD *record, char *out)
{
    static WCHAR half;
    int c = NO_KEY;
    if (record->EventType == KEY_EVENT && record->Event.KeyEvent.bKeyDown)
        c = event_key(&record->Event.KeyEvent, &half);
    return c < NO_KEY ? encode((uint32_t)c, out) : 0;
}

/* As the terminal would send it: to all that run in front.  Whoever survives has lost its line. */
static void interrupt(struct edit *edit, int number)
{
    flush(edit);
    console_edit(edit->terminal, false);
    kill(0, number);
    edit->count = edit->at = 0;
    console_edit(edit->terminal, true);
}

/* False: the line is complete, or there is no more. */
static bool key(struct edit *edit, int key, size_t room)
{
    switch (key) {
    case END_OF_INPUT:
        return false;
    case '\r':
        edit->text[edit->count++] = '\r';
        return false;
    case 3:
    case 28:
        if (edit->options.processed)
            interrupt(edit, key == 3 ? SIGINT : SIGQUIT);
        else
            type(edit, (uint32_t)key);
        return true;
    case 8:
    case 127:
        if (edit->at) {
            go(edit, edit->at - 1);
            cut(edit, edit->at + 1);
        }
        return true;
    case 27:
        go(edit, 0);
        cut(edit, edit->count);
        return true;
    case KEY_LEFT:
        go(edit, edit->at - (edit->at > 0));
        return true;
    case KEY_RIGHT:
        go(edit, edit->at + (edit->at < edit->count));
        return true;
    case KEY_WORD_LEFT:
    case KEY_WORD_RIGHT:
        go(edit, word_from(edit, key == KEY_WORD_RIGHT));
        return true;
    case KEY_HOME:
        go(edit, 0);
        return true;
    case KEY_END:
        go(edit, edit->count);
        return true;
    case KEY_INSERT:
        edit->options.insert = !edit->options.insert;
        return true;
    case KEY_DELETE:
        if (edit->at < edit->count)
            cut(edit, edit->at + 1);
        return true;
    case KEY_CUT_HOME: {
        unsigned to = edit->at;
        go(edit, 0);
        cut(edit, to);
        return true;
    }
    case KEY_CUT_END:
        cut(edit, edit->count);
        return true;
    case NO_KEY:
        return true;
    default:
        if (edit->count + 4 < CHARACTERS_MAX && (edit->count + 2) * 4 < room)
            type(edit, (uint32_t)key);
        else
            show_byte(edit, '\a');
        return true;
    }
}

/* With CR LF if it was ended by Enter. */
static size_t line_out(const struct edit *edit, char *line)
{
    size_t length = 0;
    for (unsigned i = 0; i < edit->count; i++) {
        length += encode(edit->text[i], line + length);
        if (i + 1 == edit->count && edit->text[i] == '\r')
            line[length++] = '\n';
    }
    return length;
}

NTSTATUS console_line_read(int terminal, const struct line_options *options, char *line, size_t size, size_t *length)
{
    struct edit edit;
    int next;
    memset(&edit, 0, offsetof(struct edit, text));
    edit.terminal = terminal;
    edit.options = *options;
    edit.held = NO_KEY;
    if (!console_edit(terminal, true))
        return STATUS_INVALID_DEVICE_REQUEST;
    do {
        flush(&edit);
        next = next_key(&edit);
        if (next == 4 && !edit.count) /* Control-D: the end of input, as on every terminal here */
            next = END_OF_INPUT;
    } while (key(&edit, next, size));
    if (options->echo && next != END_OF_INPUT) {
        show_byte(&edit, '\r');
        show_byte(&edit, '\n');
    }
    flush(&edit);
    console_edit(terminal, false);
    *length = edit.status == STATUS_CANCELLED ? 0 : line_out(&edit, line);
    return edit.status == STATUS_CANCELLED ? STATUS_CANCELLED : STATUS_SUCCESS;
}
