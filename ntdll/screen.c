/*
 * screen.c: follows what is written to a terminal as far as the cursor's place needs it: control characters, wrapping,
 * the escape sequences that move it, and those that ask.
 *
 * Pseudo consoles answer questions by it, as on Windows, where the console does and not whoever shows it; and so does
 * console_output.c where the terminal gives no answers.  Pure computing.
 */
#include "screen.h"

#include <string.h>

unsigned screen_width(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    if (c >= 0x300 && c <= 0x36f)
        return 0;
    for (unsigned i = 0; i < sizeof wide / sizeof *wide; i++)
        if (c >= wide[i].first && c <= wide[i].last)
            return 2;
    return 1;
}

static int within(int value, int limit)
{
    return value < 0 ? 0 : value >= limit ? limit - 1 : value;
}

static void move(struct screen *screen, int column, int row)
{
    screen->column = within(column, screen->columns);
    screen->row = within(row, screen->rows);
    screen->wraps = false;
}

static void show(struct screen *screen, uint32_t c)
{
    int width = (int)screen_width(c);
    if (screen->wraps || screen->column + width > screen->columns)
        move(screen, 0, screen->row + 1);
    screen->column += width;
    screen->wraps = screen->column >= screen->columns;
    if (screen->wraps)
        screen->column = screen->columns - 1;
}

static void control(struct screen *screen, unsigned char byte)
{
    switch (byte) {
    case '\b':
        move(screen, screen->column - 1, screen->row);
        break;
    case '\t':
        move(screen, (screen->column | 7) + 1, screen->row);
        break;
    case '\n':
    case '\v':
    case '\f':
        move(screen, screen->column, screen->row + 1);
        break;
    case '\r':
        move(screen, 0, screen->row);
        break;
    case 27:
        screen->state = SCREEN_ESCAPE;
        break;
    }
}

static void text(struct screen *screen, unsigned char byte)
{
    if (byte < 32) {
        screen->more = 0;
        control(screen, byte);
    } else if (byte < 0x80) {
        screen->more = 0;
        if (byte != 127)
            show(screen, byte);
    } else if (byte < 0xc0) {
        screen->character = screen->character << 6 | (byte & 0x3f);
        if (screen->more && !--screen->more)
            show(screen, screen->character);
    } else {
        screen->more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        screen->character = byte & (0x3fu >> screen->more);
    }
}

static void save(struct screen *screen)
{
    screen->saved_column = screen->column;
    screen->saved_row = screen->row;
}

static void escape(struct screen *screen, unsigned char byte)
{
    screen->state = SCREEN_TEXT;
    switch (byte) {
    case '[':
        screen->state = SCREEN_SEQUENCE;
        screen->prefix = 0;
        screen->count = 0;
        memset(screen->parameters, 0, sizeof screen->parameters);
        break;
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
        screen->state = SCREEN_STRING;
        break;
    case '(':
    case ')':
    case '#':
        screen->state = SCREEN_CHARSET;
        break;
    case '7':
        save(screen);
        break;
    case '8':
        move(screen, screen->saved_column, screen->saved_row);
        break;
    case 'D':
        move(screen, screen->column, screen->row + 1);
        break;
    case 'E':
        move(screen, 0, screen->row + 1);
        break;
    case 'M':
        move(screen, screen->column, screen->row - 1);
        break;
    case 'c':
        screen->saved_column = screen->saved_row = 0;
        move(screen, 0, 0);
        break;
    }
}

static enum screen_event asks(const struct screen *screen, unsigned char final)
{
    int parameter = screen->parameters[0];
    if (final == 'c')
        return screen->prefix || parameter ? SCREEN_NOTHING : SCREEN_ASKS_ATTRIBUTES;
    if (screen->prefix)
        return SCREEN_NOTHING;
    return parameter == 5 ? SCREEN_ASKS_STATUS : parameter == 6 ? SCREEN_ASKS_POSITION : SCREEN_NOTHING;
}

/* The alternate screen brings its cursor along. */
static void private_mode(struct screen *screen, bool on)
{
    for (unsigned i = 0; i <= screen->count && i < 4; i++)
        if (screen->parameters[i] == 1049 && on)
            save(screen);
        else if (screen->parameters[i] == 1049)
            move(screen, screen->saved_column, screen->saved_row);
}

static enum screen_event sequence_end(struct screen *screen, unsigned char final)
{
    int first = screen->parameters[0], n = first ? first : 1, column = screen->column, row = screen->row;
    screen->state = SCREEN_TEXT;
    if (final == 'n' || final == 'c')
        return asks(screen, final);
    if (screen->prefix) {
        if (screen->prefix == '?' && (final == 'h' || final == 'l'))
            private_mode(screen, final == 'h');
        return SCREEN_NOTHING;
    }
    switch (final) {
    case 'A':
        move(screen, column, row - n);
        break;
    case 'B':
    case 'e':
        move(screen, column, row + n);
        break;
    case 'C':
    case 'a':
        move(screen, column + n, row);
        break;
    case 'D':
        move(screen, column - n, row);
        break;
    case 'E':
        move(screen, 0, row + n);
        break;
    case 'F':
        move(screen, 0, row - n);
        break;
    case 'G':
    case '`':
        move(screen, n - 1, row);
        break;
    case 'd':
        move(screen, column, n - 1);
        break;
    case 'H':
    case 'f':
        move(screen, screen->parameters[1] - 1, n - 1);
        break;
    case 'r':
        move(screen, 0, 0);
        break;
    case 's':
        save(screen);
        break;
    case 'u':
        move(screen, screen->saved_column, screen->saved_row);
        break;
    }
    return SCREEN_NOTHING;
}

static enum screen_event sequence(struct screen *screen, unsigned char byte)
{
    if (byte >= '0' && byte <= '9') {
        int *parameter = &screen->parameters[screen->count < 4 ? screen->count : 3];
        *parameter = *parameter < 10000 ? *parameter * 10 + byte - '0' : *parameter;
    } else if (byte == ';' || byte == ':') {
        screen->count++;
    } else if (byte >= '<' && byte <= '?') {
        screen->prefix = (char)byte;
    } else if (byte >= '@') {
        return sequence_end(screen, byte);
    } else if (byte < 32) {
        screen->state = SCREEN_TEXT;
        control(screen, byte);
    }
    return SCREEN_NOTHING;
}

enum screen_event screen_feed(struct screen *screen, unsigned char byte)
{
    switch (screen->state) {
    case SCREEN_TEXT:
        text(screen, byte);
        break;
    case SCREEN_ESCAPE:
        escape(screen, byte);
        break;
    case SCREEN_SEQUENCE:
        return sequence(screen, byte);
    case SCREEN_CHARSET:
        screen->state = SCREEN_TEXT;
        break;
    case SCREEN_STRING_ESCAPE:
        screen->state = byte == '\\' ? SCREEN_TEXT : SCREEN_STRING;
        break;
    case SCREEN_STRING:
        if (byte == 27)
            screen->state = SCREEN_STRING_ESCAPE;
        else if (byte == 7)
            screen->state = SCREEN_TEXT;
        break;
    }
    return SCREEN_NOTHING;
}

void screen_resize(struct screen *screen, int columns, int rows)
{
    screen->columns = columns;
    screen->rows = rows;
    move(screen, screen->column, screen->row);
}
