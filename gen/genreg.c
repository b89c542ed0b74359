/*
 * genreg.c: turns .reg files into the table of the registry's built-in part (registry_table.h).
 *
 * Runs at build time.  Keys stand level by level, so that the subkeys of one lie side by side, sorted by upper-case
 * name; everything is an index or an offset, so that nothing has to be relocated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "registry/regfile.h"

#define USER_SID "S-1-5-21-1000000001-1000000002-1000000003-1000"
#define KEYS_MAX 4000
#define NAME_BYTES 300
#define PROCESSOR_KEYS "0-255" /* in the file: that many keys */
#define PROCESSOR_LAST 255

struct value {
    char name[NAME_BYTES];
    uint32_t type;
    uint8_t *data;
    size_t size;
    struct value *next;
};

struct key {
    char name[NAME_BYTES];
    struct key *parent, *child, *sibling;
    struct value *first, *last;
    unsigned index, value_index, values;
    const struct key *same; /* whose values it has; NULL: its own */
};

static struct key root;
static struct key *current, *order[KEYS_MAX], *processors;
static unsigned key_count, value_count, name_length, data_length;

static void fail(const char *text)
{
    fprintf(stderr, "genreg: %s\n", text);
    exit(1);
}

/* Names of the built-in part are ASCII; data may be anything. */
static void narrow(struct regfile_text text, char *out, size_t size)
{
    if (text.length >= size)
        fail("a name is too long");
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] >= 0x80)
            fail("a name is not ASCII");
        out[i] = (char)text.at[i];
    }
    out[text.length] = 0;
}

/* By upper case, as the registry sorts. */
static int compare(const char *a, const char *b)
{
    for (;; a++, b++) {
        int x = *a >= 'a' && *a <= 'z' ? *a - 32 : *a, y = *b >= 'a' && *b <= 'z' ? *b - 32 : *b;
        if (x != y || !x)
            return x - y;
    }
}

static struct key *child(struct key *parent, const char *name)
{
    struct key **link = &parent->child;
    while (*link && compare((*link)->name, name) < 0)
        link = &(*link)->sibling;
    if (*link && compare((*link)->name, name) == 0)
        return *link;
    struct key *made = calloc(1, sizeof *made);
    strcpy(made->name, name);
    made->parent = parent;
    made->sibling = *link;
    *link = made;
    return made;
}

static bool on_key(void *context, struct regfile_text path, bool remove)
{
    static const char *const roots[][2] = {
        {"HKEY_LOCAL_MACHINE", "MACHINE"}, {"HKEY_USERS", "USER"}, {"HKEY_CURRENT_USER", "USER\\" USER_SID}};
    char text[2000], full[2100] = "";
    (void)context, (void)remove;
    narrow(path, text, sizeof text);
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(roots[i][0]);
        if (!strncmp(text, roots[i][0], length) && (!text[length] || text[length] == '\\'))
            snprintf(full, sizeof full, "%s%s", roots[i][1], text + length);
    }
    if (!full[0])
        fail(text);
    current = &root;
    for (char *part = strtok(full, "\\"); part; part = strtok(NULL, "\\"))
        current = child(current, part);
    if (!strcmp(current->name, PROCESSOR_KEYS)) {
        strcpy(current->name, "0");
        processors = current->parent;
    }
    return true;
}

/* One key a processor, all with the first one's values. */
static void make_processors(void)
{
    char number[12];
    struct key *first = child(processors, "0");
    for (int i = 1; i <= PROCESSOR_LAST; i++) {
        snprintf(number, sizeof number, "%d", i);
        child(processors, number)->same = first;
    }
}

static bool starts(const uint8_t *data, size_t size, const char *text)
{
    for (size_t i = 0; text[i]; i++)
        if (i * 2 >= size || data[i * 2] != text[i] || data[i * 2 + 1])
            return false;
    return true;
}

static void drop_front(struct value *v, size_t units)
{
    memmove(v->data, v->data + units * 2, v->size - units * 2);
    v->size -= units * 2;
}

static bool on_value(void *context, struct regfile_text name, bool remove, uint32_t type, const uint8_t *data,
                     size_t size)
{
    struct value *v = calloc(1, sizeof *v);
    (void)context, (void)remove;
    narrow(name, v->name, sizeof v->name);
    v->type = type;
    v->data = malloc(size + 2);
    memcpy(v->data, data, size);
    v->size = size;
    if (type == 1 && starts(data, size, "expand:")) {
        v->type = 2;
        drop_front(v, 7);
    } else if (type == 1 && starts(data, size, "multi:")) {
        v->type = 7;
        drop_front(v, 6);
        for (size_t i = 0; i < v->size; i += 2)
            if (v->data[i] == '|')
                v->data[i] = 0;
        v->data[v->size++] = 0;
        v->data[v->size++] = 0;
    } else if (!strcmp(v->name, "SymbolicLinkValue")) {
        v->type = 6;
        v->size -= 2;
    }
    *(current->last ? &current->last->next : &current->first) = v;
    current->last = v;
    current->values++;
    return true;
}

static size_t widen(const char *bytes, size_t length, uint16_t *wide)
{
    for (size_t i = 0; i < length; i++)
        wide[i] = (unsigned char)bytes[i];
    return length;
}

static void read_file(const char *path)
{
    static char bytes[1 << 20];
    static const struct regfile_ansi ansi = {.to_wide = widen};
    static const struct regfile_sink sink = {NULL, on_key, on_value};
    struct regfile_error error;
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (!size || !regfile_read(bytes, size, &ansi, &sink, &error)) {
        fprintf(stderr, "genreg: %s:%u: %s\n", path, size ? error.line : 0, size ? error.text : "can not be read");
        exit(1);
    }
    fclose(file);
}

static void put_name(const char *name, FILE *names)
{
    for (; *name; name++) {
        fprintf(names, "%d,", *name);
        name_length++;
    }
    fprintf(names, "\n");
}

/* Whether the text has something to fill in, which stands between two signs; one alone means itself. */
static bool is_template(const struct value *v)
{
    int signs = 0;
    for (size_t i = 0; (v->type == 1 || v->type == 2) && i + 1 < v->size; i += 2)
        signs += v->data[i] == '@' && !v->data[i + 1];
    return signs > 1;
}

static void number_keys(void)
{
    order[key_count++] = &root;
    for (unsigned i = 0; i < key_count; i++) {
        order[i]->index = i;
        order[i]->value_index = value_count;
        value_count += order[i]->values;
        for (struct key *k = order[i]->child; k; k = k->sibling) {
            if (key_count == KEYS_MAX)
                fail("too many keys");
            order[key_count++] = k;
        }
    }
}

int main(int argc, char **argv)
{
    FILE *names = tmpfile(), *values = tmpfile();
    strcpy(root.name, "REGISTRY");
    for (int i = 1; i < argc; i++)
        read_file(argv[i]);
    if (!processors)
        fail("no keys of processors");
    make_processors();
    number_keys();
    printf("/* Written by gen/genreg. */\nstatic const struct builtin_key builtin_keys[] = {\n");
    for (unsigned i = 0; i < key_count; i++) {
        const struct key *k = order[i], *from = k->same ? k->same : k;
        unsigned children = 0;
        for (const struct key *c = k->child; c; c = c->sibling)
            children++;
        printf("{%u,%zu,%d,%u,%u,%u,%u},\n", name_length, strlen(k->name), k->parent ? (int)k->parent->index : -1,
               k->child ? k->child->index : 0, children, from->value_index, from->values);
        put_name(k->name, names);
    }
    printf("};\nenum { PROCESSORS_KEY = %u };\n", processors->index);
    printf("static const struct builtin_value builtin_values[] = {\n");
    for (unsigned i = 0; i < key_count; i++)
        for (const struct value *v = order[i]->first; v; v = v->next) {
            data_length = (data_length + 1) & ~1u;
            printf("{%u,%zu,%u,%d,%u,%zu},\n", name_length, strlen(v->name), v->type, is_template(v), data_length,
                   v->size);
            put_name(v->name, names);
            for (size_t b = 0; b < v->size + v->size % 2; b++)
                fprintf(values, "%d,", b < v->size ? v->data[b] : 0);
            fprintf(values, "\n");
            data_length += (unsigned)(v->size + v->size % 2);
        }
    printf("};\nstatic const uint16_t builtin_names[] = {\n");
    rewind(names);
    for (int c; (c = getc(names)) != EOF;)
        putchar(c);
    printf("};\nstatic const uint8_t builtin_data[] __attribute__((aligned(2))) = {\n");
    rewind(values);
    for (int c; (c = getc(values)) != EOF;)
        putchar(c);
    printf("};\n");
    return ferror(stdout) != 0;
}
