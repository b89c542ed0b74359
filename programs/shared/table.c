/*
 * table.c: see table.h.
 */
#include "programs/table.h"

bool parse_format(const WCHAR *word, enum format *format)
{
    static const WCHAR *const names[] = {L"table", L"list", L"csv"};

    for (int i = 0; i < 3; i++)
        if (same_name(word, names[i])) {
            *format = i;
            return true;
        }
    return false;
}

void table_add(struct table *table, const WCHAR *const *cells)
{
    if (table->rows == table->room) {
        size_t room = table->room ? table->room * 2 : 16;
        WCHAR **larger = need(room * table->column_count * sizeof *larger);
        if (table->rows)
            memcpy(larger, table->cells, table->rows * table->column_count * sizeof *larger);
        free(table->cells);
        table->cells = larger;
        table->room = room;
    }
    for (unsigned i = 0; i < table->column_count; i++)
        table->cells[table->rows * table->column_count + i] = copy_string(cells[i] ? cells[i] : L"N/A");
    table->rows++;
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->rows * table->column_count; i++)
        free(table->cells[i]);
    free(table->cells);
    table->cells = NULL;
    table->rows = table->room = 0;
}

static const WCHAR *cell(const struct table *table, size_t row, unsigned column)
{
    return table->cells[row * table->column_count + column];
}

static void show_csv(const struct table *table)
{
    struct text line = {0};

    for (unsigned i = 0; table->header && i < table->column_count; i++) {
        text_add(&line, i ? L",\"" : L"\"");
        text_add(&line, table->columns[i].name);
        text_char(&line, '"');
    }
    if (table->header)
        text_add(&line, L"\r\n");
    for (size_t row = 0; row < table->rows; row++) {
        for (unsigned i = 0; i < table->column_count; i++) {
            text_add(&line, i ? L",\"" : L"\"");
            for (const WCHAR *p = cell(table, row, i); *p; p++)
                text_char(&line, *p == '\n' ? ',' : *p);
            text_char(&line, '"');
        }
        text_add(&line, L"\r\n");
    }
    write_text(GetStdHandle(STD_OUTPUT_HANDLE), line.data ? line.data : L"", line.length);
    free(text_take(&line));
}

static void show_list(const struct table *table)
{
    struct text line = {0};
    int widest = 0;

    for (unsigned i = 0; i < table->column_count; i++)
        if ((int)wcslen(table->columns[i].name) > widest)
            widest = (int)wcslen(table->columns[i].name);
    for (size_t row = 0; row < table->rows; row++) {
        text_add(&line, L"\r\n");
        for (unsigned i = 0; i < table->column_count; i++) {
            size_t start = line.length;
            text_add(&line, table->columns[i].name);
            text_char(&line, ':');
            for (const WCHAR *p = cell(table, row, i);; p++) {
                while (line.length - start < (size_t)widest + 2)
                    text_char(&line, ' ');
                for (; *p && *p != '\n'; p++)
                    text_char(&line, *p);
                text_add(&line, L"\r\n");
                start = line.length;
                if (!*p)
                    break;
            }
        }
    }
    write_text(GetStdHandle(STD_OUTPUT_HANDLE), line.data ? line.data : L"", line.length);
    free(text_take(&line));
}

static void pad(struct text *line, const WCHAR *value, size_t length, int width, bool right)
{
    int missing = width - (int)length;

    for (int i = 0; right && i < missing; i++)
        text_char(line, ' ');
    text_add_n(line, value, missing < 0 ? (size_t)width : length);
    for (int i = 0; !right && i < missing; i++)
        text_char(line, ' ');
}

/* How much of a cell of several parts stands on the next line: whole parts, joined by ", ". */
static WCHAR *next_part(const WCHAR **p, int width, bool wrap)
{
    struct text part = {0};

    while (**p) {
        size_t length = wcscspn(*p, L"\n");
        bool last = !(*p)[length];
        if (part.length && part.length + length + !last > (size_t)width)
            break;
        text_add_n(&part, *p, length);
        *p += length + !last;
        if (!last)
            text_add(&part, L", ");
        if (!wrap)
            break;
    }
    return text_take(&part);
}

static void show_row(const struct table *table, size_t row, const int *widths)
{
    const WCHAR *rest[TABLE_COLUMNS];
    struct text line = {0};
    bool more = true;

    for (unsigned i = 0; i < table->column_count; i++)
        rest[i] = cell(table, row, i);
    while (more) {
        more = false;
        for (unsigned i = 0; i < table->column_count; i++) {
            WCHAR *part = next_part(&rest[i], widths[i], true);
            if (i)
                text_char(&line, ' ');
            pad(&line, part, wcslen(part), widths[i], table->columns[i].right);
            free(part);
            more |= *rest[i] != 0;
        }
        text_add(&line, L"\r\n");
    }
    write_text(GetStdHandle(STD_OUTPUT_HANDLE), line.data, line.length);
    free(text_take(&line));
}

static void show_table(const struct table *table)
{
    int widths[TABLE_COLUMNS];
    struct text line = {0};

    for (unsigned i = 0; i < table->column_count; i++) {
        widths[i] = table->columns[i].width;
        if (!widths[i]) {
            widths[i] = (int)wcslen(table->columns[i].name);
            for (size_t row = 0; row < table->rows; row++)
                if ((int)wcslen(cell(table, row, i)) > widths[i])
                    widths[i] = (int)wcslen(cell(table, row, i));
        }
    }
    for (unsigned i = 0; table->header && i < table->column_count; i++) {
        if (i)
            text_char(&line, ' ');
        pad(&line, table->columns[i].name, wcslen(table->columns[i].name), widths[i], table->columns[i].right);
    }
    for (unsigned i = 0; table->header && i < table->column_count; i++) {
        text_add(&line, i ? L" " : L"\r\n");
        for (int k = 0; k < widths[i]; k++)
            text_char(&line, '=');
    }
    if (table->header)
        print(L"%s\r\n", line.data);
    free(text_take(&line));
    for (size_t row = 0; row < table->rows; row++)
        show_row(table, row, widths);
}

void table_show(const struct table *table)
{
    if (table->format == FORMAT_CSV) {
        show_csv(table);
    } else if (table->format == FORMAT_LIST) {
        show_list(table);
    } else {
        if (table->header)
            print(L"\r\n");
        show_table(table);
    }
}
