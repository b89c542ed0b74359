/*
 * hive.h: hives, the format of the files that RegSaveKey writes ("regf"): reading and writing.  Pure computing on
 * memory, fuzzed like the .reg format.
 */
#ifndef REGISTRY_HIVE_H
#define REGISTRY_HIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hive_text {
    const uint16_t *at;
    size_t length;
};

struct hive_key {
    struct hive_text name, class;
    const void *security; /* self-relative; NULL: the parent's */
    size_t security_size;
    int64_t written;
    bool link;
};

struct hive_value {
    struct hive_text name;
    uint32_t type;
    const void *data;
    size_t size;
};

/* What a file holds: each key is entered, then its values, then its subkeys, then it is left.  The first is the root.
 * Returning false stops the reading. */
struct hive_sink {
    void *context;
    bool (*enter)(void *context, const struct hive_key *key);
    bool (*value)(void *context, const struct hive_value *value);
    bool (*leave)(void *context);
};

/* HIVE_BAD: it is no hive, or damaged; the sink may have got a part. */
enum hive_result { HIVE_GOOD, HIVE_BAD, HIVE_STOPPED, HIVE_NO_MEMORY };
enum hive_result hive_read(const void *bytes, size_t size, const struct hive_sink *sink);

/* A file that grows in memory.  Keys are entered in the order of their upper-case names. */
struct hive_writer;
struct hive_writer *hive_begin(uint16_t (*upper)(uint16_t c)); /* NULL: no memory */
void hive_enter(struct hive_writer *writer, const struct hive_key *key);
void hive_value(struct hive_writer *writer, const struct hive_value *value);
void hive_leave(struct hive_writer *writer);
/* The file's bytes (malloc'ed), or NULL; the writer is gone. */
void *hive_finish(struct hive_writer *writer, size_t *size);

/* ---- the format ---- */
#define HIVE_HEADER 4096       /* of the file; cells are numbered from its end */
#define HIVE_BIN_HEADER 32     /* cells lie in bins of whole pages */
#define HIVE_NONE 0xffffffffu  /* no cell */
#define HIVE_SEGMENT 16344     /* longer data lies in pieces of this size */
#define HIVE_INLINE 0x80000000 /* in a size: at most four bytes, where else their cell's number is */
enum hive_key_flags { HIVE_KEY_ROOT = 0x0c, HIVE_KEY_LINK = 0x10, HIVE_KEY_NARROW = 0x20 };
enum hive_field { /* of a key's cell, behind its size */
                  KEY_FLAGS = 2,
                  KEY_WRITTEN = 4,
                  KEY_PARENT = 16,
                  KEY_SUBKEYS = 20,
                  KEY_SUBKEY_LIST = 28,
                  KEY_VOLATILE_LIST = 32,
                  KEY_VALUES = 36,
                  KEY_VALUE_LIST = 40,
                  KEY_SECURITY = 44,
                  KEY_CLASS = 48,
                  KEY_LONGEST_SUBKEY = 52,
                  KEY_LONGEST_CLASS = 56,
                  KEY_LONGEST_VALUE = 60,
                  KEY_LONGEST_DATA = 64,
                  KEY_NAME_SIZE = 72,
                  KEY_CLASS_SIZE = 74,
                  KEY_NAME = 76,
                  /* of a value's */
                  VALUE_NAME_SIZE = 2,
                  VALUE_SIZE = 4,
                  VALUE_DATA = 8,
                  VALUE_TYPE = 12,
                  VALUE_FLAGS = 16, /* 1: the name is narrow */
                  VALUE_NAME = 20,
                  /* of a security descriptor's */
                  SECURITY_NEXT = 4,
                  SECURITY_PREVIOUS = 8,
                  SECURITY_USES = 12,
                  SECURITY_SIZE = 16,
                  SECURITY_DATA = 20
};

#endif
