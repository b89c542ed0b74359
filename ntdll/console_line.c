/*
 * console_line.c: typing a line as in Windows' console: cursor keys, Home, End, Insert, Delete, Escape; no history.
 *
 * The host's own line editing knows the backspace alone, and takes Control-Z for itself.  So the terminal is raw while
 * a line is read, and keys are taken apart here; in between it is as it was found, for typing ahead and for Linux
 * programs.  The cursor is moved by backspaces: what goes over several rows of the terminal is edited rightly and
 * shown roughly.
 *
 * Calls Linux.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "blocking.h"
#include "console_line.h"

#define CHARACTERS_MAX 4096
#define ESCAPE_TIME 25 /* ms in which the rest of a key's sequence comes */

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
    struct termios before;
    unsigned count, at; /* characters; where the cursor is */
    uint32_t text[CHARACTERS_MAX];
    char shown[1024]; /* on its way to the terminal */
    size_t pending;
    bool cancelled; /* by another thread */
    int held;       /* a byte that was read too early; -2: none */
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

/* Columns of a character as it is shown: ^X for control characters, two for East Asian ones and pictures. */
static unsigned width(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    if (c < 32 || c == 127)
        return 2;
    if (c >= 0x300 && c <= 0x36f)
        return 0;
    for (unsigned i = 0; i < sizeof wide / sizeof *wide; i++)
        if (c >= wide[i].first && c <= wide[i].last)
            return 2;
    return 1;
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

/* The next byte; -1: the end of input, -2: none in time.  timeout in ms, -1: for ever. */
static int next_byte(struct edit *edit, int timeout)
{
    struct pollfd ready = {.fd = edit->terminal, .events = POLLIN};
    unsigned char byte;
    ssize_t n;
    if (edit->held != -2) {
        int held = edit->held;
        edit->held = -2;
        return held;
    }
    if (timeout >= 0 && poll(&ready, 1, timeout) <= 0)
        return -2;
    do {
        edit->cancelled = blocking_cancelled();
        n = edit->cancelled ? 0 : read(edit->terminal, &byte, 1);
    } while (n < 0 && errno == EINTR);
    return n == 1 ? byte : -1;
}

/* ESC [ 1 ; 5 D and the like; the Escape key alone is 27. */
static int escape_key(struct edit *edit)
{
    int byte = next_byte(edit, ESCAPE_TIME), numbers[2] = {0, 0}, which = 0;
    if (byte != '[' && byte != 'O') {
        edit->held = byte; /* the Escape key, and then another one */
        return 27;
    }
    while ((byte = next_byte(edit, ESCAPE_TIME)) == ';' || (byte >= '0' && byte <= '9')) {
        if (byte == ';')
            which = 1;
        else if (numbers[which] < 1000)
            numbers[which] = numbers[which] * 10 + byte - '0';
    }
    bool control = numbers[1] >= 5 && numbers[1] <= 8;
    if (byte == '~')
        byte = numbers[0] == 1 || numbers[0] == 7 ? 'H' : numbers[0] == 4 || numbers[0] == 8 ? 'F' : numbers[0];
    switch (byte) {
    case 'C':
        return control ? KEY_WORD_RIGHT : KEY_RIGHT;
    case 'D':
        return control ? KEY_WORD_LEFT : KEY_LEFT;
    case 'H':
        return control ? KEY_CUT_HOME : KEY_HOME;
    case 'F':
        return control ? KEY_CUT_END : KEY_END;
    case 2:
        return KEY_INSERT;
    case 3:
        return KEY_DELETE;
    default:
        return NO_KEY;
    }
}

/* A character or a key. */
static int next_key(struct edit *edit)
{
    int byte = next_byte(edit, -1);
    if (byte == 27)
        return escape_key(edit);
    if (byte < 0xc2)
        return byte < 0 ? END_OF_INPUT : byte < 0x80 ? byte : 0xfffd;
    int more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1, c = byte & (0x3f >> more);
    for (; more; more--) {
        byte = next_byte(edit, ESCAPE_TIME);
        if (byte < 0 || (byte & 0xc0) != 0x80)
            return 0xfffd;
        c = c << 6 | (byte & 0x3f);
    }
    return c;
}

static void raw(struct edit *edit)
{
    struct termios settings = edit->before;
    settings.c_lflag &= ~(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
    settings.c_iflag &= ~(ICRNL | IXON);
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    tcsetattr(edit->terminal, TCSADRAIN, &settings);
}

/* As the terminal would send it: to all that run in front.  Whoever survives has lost its line. */
static void interrupt(struct edit *edit, int number)
{
    flush(edit);
    tcsetattr(edit->terminal, TCSADRAIN, &edit->before);
    kill(0, number);
    edit->count = edit->at = 0;
    raw(edit);
}

/* False: the line is complete, or there is no more. */
static bool key(struct edit *edit, int key, size_t room)
{
    switch (key) {
    case END_OF_INPUT:
        return false;
    case '\r':
    case '\n': /* typed before this line was asked for */
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

bool console_line_read(int terminal, const struct line_options *options, char *line, size_t size, size_t *length)
{
    struct edit edit;
    int next;
    edit.terminal = terminal;
    edit.options = *options;
    edit.count = edit.at = 0;
    edit.pending = 0;
    edit.held = -2;
    edit.cancelled = false;
    if (tcgetattr(terminal, &edit.before))
        return false;
    raw(&edit);
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
    tcsetattr(terminal, TCSADRAIN, &edit.before);
    *length = line_out(&edit, line);
    errno = ECANCELED;
    return !edit.cancelled;
}
