/*
 * plugin.c: blocks of deflate by zlib, each with what went before it as its dictionary; folders of LZX by libarchive,
 * which gets a cabinet of that one folder, with one file in it.
 */
#include <archive.h>
#include <string.h>
#include <zlib.h>
#include "ntdll/deflate_plugin.h"

static bool block_unpack(const void *in, size_t size, const void *before, size_t before_size, void *out, size_t room,
                         size_t *made)
{
    z_stream z;
    int result;

    memset(&z, 0, sizeof z);
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return false;
    if (before_size)
        inflateSetDictionary(&z, before, (uInt)before_size);
    z.next_in = (Bytef *)in;
    z.avail_in = (uInt)size;
    z.next_out = out;
    z.avail_out = (uInt)room;
    result = inflate(&z, Z_FINISH);
    *made = room - z.avail_out;
    inflateEnd(&z);
    return result == Z_STREAM_END;
}

static bool block_pack(const void *in, size_t size, const void *before, size_t before_size, void *out, size_t room,
                       size_t *made)
{
    z_stream z;
    int result;

    memset(&z, 0, sizeof z);
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    if (before_size)
        deflateSetDictionary(&z, before, (uInt)before_size);
    z.next_in = (Bytef *)in;
    z.avail_in = (uInt)size;
    z.next_out = out;
    z.avail_out = (uInt)room;
    result = deflate(&z, Z_FINISH);
    *made = room - z.avail_out;
    deflateEnd(&z);
    return result == Z_STREAM_END;
}

static void *cabinet_open(const void *cabinet, size_t size)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;

    if (!archive)
        return NULL;
    archive_read_support_format_cab(archive);
    if (archive_read_open_memory(archive, cabinet, size) == ARCHIVE_OK &&
        archive_read_next_header(archive, &entry) >= ARCHIVE_WARN)
        return archive;
    archive_read_free(archive);
    return NULL;
}

static bool cabinet_read(void *cabinet, void *out, size_t size)
{
    char *at = out;

    while (size) {
        la_ssize_t got = archive_read_data(cabinet, at, size);

        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

static void cabinet_close(void *cabinet)
{
    archive_read_free(cabinet);
}

__attribute__((visibility("default"))) const struct deflate_plugin deflate_plugin_table = {
    .unpack = block_unpack,
    .pack = block_pack,
    .cabinet_open = cabinet_open,
    .cabinet_read = cabinet_read,
    .cabinet_close = cabinet_close,
};
