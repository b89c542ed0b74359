/*
 * fuzz_conf.c: reads any bytes as prefix.conf: either all of it makes sense, or one line says what does not.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "prefix/conf.h"

#define CHECK(condition) ((condition) ? (void)0 : abort())

static char directory[64];

static void clean_up(void)
{
    char path[80];
    snprintf(path, sizeof path, "%s/prefix.conf", directory);
    unlink(path);
    rmdir(directory);
}

static void write_file(const uint8_t *data, size_t size)
{
    char path[80];
    if (!*directory) {
        snprintf(directory, sizeof directory, "/dev/shm/winrun-fuzz.XXXXXX");
        CHECK(mkdtemp(directory));
        atexit(clean_up);
    }
    snprintf(path, sizeof path, "%s/prefix.conf", directory);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
}

/* What the rest of the program relies on. */
static void check(const struct prefix_config *config)
{
    for (int i = 0; i < 26; i++) {
        const struct config_drive *drive = &config->drives[i];
        size_t length = drive->path ? strlen(drive->path) : 0;
        CHECK(!length || (drive->path[0] == '/' && drive->path[length - 1] != '/'));
        CHECK(i != 'C' - 'A' || (!drive->path && !drive->removed));
    }
    CHECK(!config->user || (*config->user && !strchr(config->user, '/')));
    for (const struct config_pair *pair = config->environment; pair->name; pair++)
        CHECK(*pair->name && !strchr(pair->name, '=') && (!pair->value || *pair->value));
    for (const struct config_pair *link = config->links; link->name; link++)
        CHECK(link->value[0] == '/');
    for (const struct config_dll *dll = config->dlls; dll->name; dll++)
        CHECK(dll->order != DLL_DEFAULT);
    for (const struct config_host_dll *dll = config->host_dlls; dll->name; dll++)
        CHECK(*dll->library && dll->functions[0].name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[512] = "";
    write_file(data, size);
    const struct prefix_config *config = winrun_conf_read(directory, error, sizeof error);
    if (config)
        check(config);
    else
        CHECK(*error && !strchr(error, '\n'));
    return 0;
}
