/*
 * manifest.c: finds manifests, tells in no time which of them matter, and has those read.
 *
 * Layer: loader; the reading is winrun-manifest.so's.
 */
#include "manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plugin.h"

#define MANIFEST_MAX (1u << 20) /* larger ones are damage */
#define OFFSET_MASK 0x7fffffffu

/* The entry with this number, or the first one if number is 0; NULL: none. */
static const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry_of(const struct pe_image *image, uint32_t directory, unsigned number)
{
    uint32_t named, total;
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entries = pe_resource_entries(image, directory, &named, &total);
    for (uint32_t i = named; entries && i < total; i++)
        if (!number || entries[i].Name == number)
            return &entries[i];
    return NULL;
}

struct manifest_text manifest_in_image(const struct pe_image *image, unsigned number)
{
    struct manifest_text none = {NULL, 0};
    const IMAGE_RESOURCE_DIRECTORY_ENTRY *entry = entry_of(image, 0, (unsigned)(uintptr_t)RT_MANIFEST);
    if (entry && entry->DataIsDirectory)
        entry = entry_of(image, entry->OffsetToData & OFFSET_MASK, number);
    if (entry && entry->DataIsDirectory)
        entry = entry_of(image, entry->OffsetToData & OFFSET_MASK, 0);
    const IMAGE_RESOURCE_DATA_ENTRY *leaf =
        entry && !entry->DataIsDirectory ? pe_resource_leaf(image, entry->OffsetToData) : NULL;
    const char *data = leaf && leaf->Size <= MANIFEST_MAX ? pe_resource_data(image, leaf) : NULL;
    return data ? (struct manifest_text){data, leaf->Size} : none;
}

/* UTF-16 does not show its words to a search of bytes. */
static bool has_word(struct manifest_text text, const char *word)
{
    if (text.size >= 2 && ((text.data[0] == '\xff' && text.data[1] == '\xfe') ||
                           (text.data[0] == '\xfe' && text.data[1] == '\xff') || !text.data[0] || !text.data[1]))
        return true;
    return text.data && memmem(text.data, text.size, word, strlen(word));
}

bool manifest_redirects(struct manifest_text text)
{
    return has_word(text, "dependentAssembly") || has_word(text, "<file") || has_word(text, ":file");
}

bool manifest_names_systems(struct manifest_text text)
{
    return has_word(text, "supportedOS");
}

static const struct manifest_plugin *plugin(void)
{
    static struct plugin plugin = {"winrun-manifest.so", "manifest_plugin_table"};
    return plugin_table(&plugin);
}

struct manifest *manifest_read(struct manifest_text text, char *error, size_t error_size)
{
    const struct manifest_plugin *reader = plugin();
    struct manifest *manifest = reader ? calloc(1, sizeof *manifest) : NULL;
    snprintf(error, error_size, "%s", reader ? "no memory" : "winrun-manifest.so or libexpat is missing");
    /* Resource compilers pad with zeros. */
    while (text.size && !text.data[text.size - 1])
        text.size--;
    if (manifest && !reader->parse(text.data, text.size, manifest, error, error_size)) {
        manifest_free(manifest);
        manifest = NULL;
    }
    return manifest;
}

static void identity_free(struct manifest_identity *identity)
{
    free(identity->name);
    free(identity->version);
    free(identity->architecture);
    free(identity->language);
    free(identity->token);
    free(identity->type);
}

void manifest_free(struct manifest *manifest)
{
    if (!manifest)
        return;
    identity_free(&manifest->identity);
    for (unsigned i = 0; i < manifest->dependency_count; i++)
        identity_free(&manifest->dependencies[i].identity);
    for (unsigned i = 0; i < manifest->file_count; i++) {
        free(manifest->files[i].name);
        free(manifest->files[i].load_from);
    }
    for (unsigned i = 0; i < manifest->supported_count; i++)
        free(manifest->supported[i]);
    for (unsigned i = 0; i < manifest->setting_count; i++) {
        free(manifest->settings[i].name);
        free(manifest->settings[i].value);
    }
    free(manifest->files);
    free(manifest->dependencies);
    free(manifest->supported);
    free(manifest->settings);
    free(manifest);
}
