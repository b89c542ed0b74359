/*
 * spawn_host.c: what a Linux program that Windows code starts gets: arguments and environment of its own kind.
 *
 * Layer: NT layer.  The command line is split by the rules of the Microsoft C runtime.  Variables stay as they are, but
 * those that hold paths become host paths.
 */
#include <stdlib.h>
#include <string.h>
#include "handover.h"
#include "path.h"
#include "spawn.h"

/* One argument of the command line; returns where the next begins. */
static const WCHAR *split_one(const WCHAR *at, const WCHAR *end, WCHAR *out, size_t *length, bool program)
{
    bool quoted = false;
    *length = 0;
    while (at < end && (quoted || (*at != ' ' && *at != '\t'))) {
        size_t slashes = 0;
        while (!program && at + slashes < end && at[slashes] == '\\')
            slashes++;
        if (slashes && at + slashes < end && at[slashes] == '"') {
            for (size_t i = 0; i < slashes / 2; i++)
                out[(*length)++] = '\\';
            at += slashes;
            if (slashes % 2) {
                out[(*length)++] = '"';
                at++;
            }
        } else if (slashes) {
            for (size_t i = 0; i < slashes; i++)
                out[(*length)++] = '\\';
            at += slashes;
        } else if (*at == '"' && quoted && !program && at + 1 < end && at[1] == '"') {
            out[(*length)++] = '"';
            at += 2;
        } else if (*at == '"') {
            quoted = !quoted;
            at++;
        } else {
            out[(*length)++] = *at++;
        }
    }
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* UTF-16 as UTF-8 at the blob's end; characters that no file name may have stay what they are. */
static uint32_t add_bytes(struct blob *blob, const WCHAR *text, size_t length)
{
    uint32_t offset = blob_add(blob, NULL, 3 * length + 1);
    if (!blob->failed) {
        char *out = blob->data + offset;
        int n = path_name_to_bytes(text, length, out, 3 * length + 1);
        out[n > 0 ? n : 0] = 0;
        blob->used = offset + (n > 0 ? (size_t)n : 0) + 1;
    }
    return offset;
}

/* Strings that lie behind each other in `blob`, found by their offsets, as a vector in one allocation. */
static char **vector_make(struct blob *blob, const uint32_t *offsets, size_t count)
{
    size_t table = (count + 1) * sizeof(char *);
    char **vector = blob->failed ? NULL : malloc(table + blob->used);
    if (vector) {
        char *text = (char *)vector + table;
        memcpy(text, blob->data, blob->used);
        for (size_t i = 0; i < count; i++)
            vector[i] = text + offsets[i];
        vector[count] = NULL;
    }
    blob_free(blob);
    return vector;
}

char **spawn_host_arguments(const UNICODE_STRING *command_line, const char *program)
{
    const WCHAR *at = command_line->Buffer, *end = at + command_line->Length / sizeof(WCHAR);
    size_t most = command_line->Length / sizeof(WCHAR) / 2 + 2, count = 0;
    WCHAR *word = malloc(command_line->Length + sizeof(WCHAR));
    uint32_t *offsets = malloc(most * sizeof *offsets);
    struct blob blob = {0};
    char **vector = NULL;
    if (word && offsets) {
        size_t length;
        at = split_one(at, end, word, &length, true);
        offsets[count++] = blob_add(&blob, program, strlen(program) + 1);
        while (at < end) {
            at = split_one(at, end, word, &length, false);
            offsets[count++] = add_bytes(&blob, word, length);
        }
        vector = vector_make(&blob, offsets, count);
    }
    free(word);
    free(offsets);
    return vector;
}

static bool name_is(const WCHAR *variable, const char *name)
{
    for (; *name; name++, variable++)
        if ((*variable >= 'a' && *variable <= 'z' ? *variable - 32 : *variable) != *name)
            return false;
    return *variable == '=';
}

/* A Windows path as a host path; false: it is none, or does not lead anywhere. */
static bool host_path(const WCHAR *text, size_t length, struct path *path)
{
    WCHAR name[1024 + 4] = u"\\??\\";
    if (length < 3 || length > 1024 || text[1] != ':' || (text[2] != '\\' && text[2] != '/'))
        return false;
    for (size_t i = 0; i < length; i++)
        name[4 + i] = text[i] == '/' ? '\\' : text[i];
    while (length > 3 && name[4 + length - 1] == '\\')
        length--;
    UNICODE_STRING nt = {(USHORT)((length + 4) * sizeof(WCHAR)), sizeof name, name};
    return !path_find(&nt, NULL, path);
}

/* The directories of PATH that exist, then the host's usual ones stay as they were: they are among them. */
static uint32_t add_search_path(struct blob *blob, const WCHAR *value, struct path *path)
{
    char text[32768] = "PATH=";
    size_t used = 5;
    while (*value) {
        size_t length = 0;
        while (value[length] && value[length] != ';')
            length++;
        if (host_path(value, length, path) && used + strlen(path->host) + 2 < sizeof text) {
            if (used > 5)
                text[used++] = ':';
            used = (size_t)(stpcpy(text + used, path->host) - text);
        }
        value += length + (value[length] == ';');
    }
    return blob_add(blob, text, used + 1);
}

static uint32_t add_variable(struct blob *blob, const WCHAR *variable, size_t length, struct path *path)
{
    static const char paths[][8] = {"HOME", "PWD", "TMP", "TEMP", "TMPDIR"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        size_t name = strlen(paths[i]) + 1;
        if (!name_is(variable, paths[i]) || !host_path(variable + name, length - name, path))
            continue;
        char text[PATH_HOST_MAX + 8];
        char *end = stpcpy(stpcpy(stpcpy(text, paths[i]), "="), path->host);
        return blob_add(blob, text, (size_t)(end - text) + 1);
    }
    return add_bytes(blob, variable, length);
}

char **spawn_host_environment(const WCHAR *block)
{
    struct path *path = malloc(sizeof *path);
    struct blob blob = {0};
    size_t count = 0, most = 1;
    for (const WCHAR *at = block; *at; at += path_length(at) + 1)
        most++;
    uint32_t *offsets = malloc(most * sizeof *offsets);
    char **vector = NULL;
    for (const WCHAR *at = block; path && offsets && *at; at += path_length(at) + 1) {
        if (*at == '=') /* current directories of drives */
            continue;
        offsets[count++] =
            name_is(at, "PATH") ? add_search_path(&blob, at + 5, path) : add_variable(&blob, at, path_length(at), path);
    }
    if (path && offsets)
        vector = vector_make(&blob, offsets, count);
    free(path);
    free(offsets);
    return vector;
}
