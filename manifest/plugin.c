/*
 * plugin.c: winrun-manifest.so: a manifest's XML, read with expat into a struct manifest.
 *
 * Layer: host; called by loader/manifest.c.  Elements are told apart by their names and what they stand in, whatever
 * their namespaces: programs' manifests are careless with those, and Windows lets it pass.
 */
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "loader/manifest.h"

#define TEXT_MAX 256

struct reader {
    struct manifest *manifest;
    bool failed;     /* no memory, or a root that is no assembly */
    unsigned depth;  /* elements that are open */
    bool optional;   /* in a dependency that may be missing */
    bool dependency; /* in a dependentAssembly */
    bool settings;   /* in windowsSettings */
    char text[TEXT_MAX];
    size_t length;
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(local_name(attributes[0]), name))
            return attributes[1];
    return NULL;
}

/* A copy; the text may be absent. */
static char *copy(struct reader *reader, const char *text)
{
    char *result = text ? strdup(text) : NULL;
    reader->failed |= text && !result;
    return result;
}

/* One more element at the end of an array; NULL: no memory. */
static void *grow(struct reader *reader, void *array, unsigned count, size_t size)
{
    void *larger = realloc(*(void **)array, (count + 1) * size);
    if (!larger) {
        reader->failed = true;
        return NULL;
    }
    *(void **)array = larger;
    return memset((char *)larger + count * size, 0, size);
}

static void read_identity(struct reader *reader, const char **attributes, struct manifest_identity *identity)
{
    if (identity->name)
        return;
    identity->name = copy(reader, attribute(attributes, "name"));
    identity->version = copy(reader, attribute(attributes, "version"));
    identity->architecture = copy(reader, attribute(attributes, "processorArchitecture"));
    identity->language = copy(reader, attribute(attributes, "language"));
    identity->token = copy(reader, attribute(attributes, "publicKeyToken"));
    identity->type = copy(reader, attribute(attributes, "type"));
}

static void begin_identity(struct reader *reader, const char **attributes)
{
    struct manifest *manifest = reader->manifest;
    if (!reader->dependency) {
        if (reader->depth == 2)
            read_identity(reader, attributes, &manifest->identity);
        return;
    }
    struct manifest_dependency *dependency =
        grow(reader, &manifest->dependencies, manifest->dependency_count, sizeof *dependency);
    if (!dependency)
        return;
    manifest->dependency_count++;
    dependency->optional = reader->optional;
    read_identity(reader, attributes, &dependency->identity);
}

static void begin_file(struct reader *reader, const char **attributes)
{
    struct manifest *manifest = reader->manifest;
    const char *name = attribute(attributes, "name");
    struct manifest_file *file = name ? grow(reader, &manifest->files, manifest->file_count, sizeof *file) : NULL;
    if (!file)
        return;
    manifest->file_count++;
    file->name = copy(reader, name);
    file->load_from = copy(reader, attribute(attributes, "loadFrom"));
}

static void begin_supported(struct reader *reader, const char **attributes)
{
    struct manifest *manifest = reader->manifest;
    const char *id = attribute(attributes, "Id");
    char **place = id ? grow(reader, &manifest->supported, manifest->supported_count, sizeof *place) : NULL;
    if (!place)
        return;
    manifest->supported_count++;
    *place = copy(reader, id);
}

static void begin_level(struct reader *reader, const char **attributes)
{
    const char *level = attribute(attributes, "level"), *access = attribute(attributes, "uiAccess");
    static const char names[][24] = {"asInvoker", "highestAvailable", "requireAdministrator"};
    for (unsigned i = 0; level && i < 3; i++)
        if (!strcasecmp(level, names[i]))
            reader->manifest->run_level = i + 1;
    reader->manifest->ui_access = access && !strcasecmp(access, "true");
}

static void XMLCALL begin_element(void *data, const char *name, const char **attributes)
{
    struct reader *reader = data;
    name = local_name(name);
    reader->length = 0;
    if (++reader->depth == 1)
        reader->failed |= strcmp(name, "assembly") != 0;
    else if (!strcmp(name, "dependency"))
        reader->optional = attribute(attributes, "optional") && !strcmp(attribute(attributes, "optional"), "yes");
    else if (!strcmp(name, "dependentAssembly"))
        reader->dependency = true;
    else if (!strcmp(name, "assemblyIdentity"))
        begin_identity(reader, attributes);
    else if (!strcmp(name, "file") && reader->depth == 2)
        begin_file(reader, attributes);
    else if (!strcmp(name, "supportedOS"))
        begin_supported(reader, attributes);
    else if (!strcmp(name, "requestedExecutionLevel"))
        begin_level(reader, attributes);
    else if (!strcmp(name, "windowsSettings"))
        reader->settings = true;
}

static void XMLCALL read_text(void *data, const char *text, int length)
{
    struct reader *reader = data;
    for (int i = 0; i < length && reader->length + 1 < TEXT_MAX; i++)
        if (reader->length || !strchr(" \t\r\n", text[i]))
            reader->text[reader->length++] = text[i];
}

static void end_setting(struct reader *reader, const char *name)
{
    struct manifest *manifest = reader->manifest;
    while (reader->length && strchr(" \t\r\n", reader->text[reader->length - 1]))
        reader->length--;
    reader->text[reader->length] = 0;
    struct manifest_setting *setting =
        reader->length ? grow(reader, &manifest->settings, manifest->setting_count, sizeof *setting) : NULL;
    if (!setting)
        return;
    manifest->setting_count++;
    setting->name = copy(reader, name);
    setting->value = copy(reader, reader->text);
}

static void XMLCALL end_element(void *data, const char *name)
{
    struct reader *reader = data;
    name = local_name(name);
    reader->depth--;
    if (!strcmp(name, "dependency"))
        reader->optional = false;
    else if (!strcmp(name, "dependentAssembly"))
        reader->dependency = false;
    else if (!strcmp(name, "windowsSettings"))
        reader->settings = false;
    else if (reader->settings)
        end_setting(reader, name);
    reader->length = 0;
}

static bool parse(const char *data, size_t size, struct manifest *manifest, char *error, size_t error_size)
{
    struct reader *reader = calloc(1, sizeof *reader);
    XML_Parser parser = reader ? XML_ParserCreate(NULL) : NULL;
    bool good = false;
    if (parser) {
        reader->manifest = manifest;
        XML_SetUserData(parser, reader);
        XML_SetElementHandler(parser, begin_element, end_element);
        XML_SetCharacterDataHandler(parser, read_text);
        good = XML_Parse(parser, data, (int)size, XML_TRUE) == XML_STATUS_OK && !reader->failed;
        if (!good)
            snprintf(error, error_size, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(parser),
                     reader->failed ? "it is not an assembly" : XML_ErrorString(XML_GetErrorCode(parser)));
        XML_ParserFree(parser);
    }
    free(reader);
    return good;
}

__attribute__((visibility("default"))) const struct manifest_plugin manifest_plugin_table = {parse};
