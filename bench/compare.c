/*
 * compare.c: runs two or three commands in turn, many times, and prints their times as ratios.
 *
 *     compare [-n RUNS] [-i FILE] NAME COMMAND... -- NAME COMMAND... [-- NAME COMMAND...]
 *
 * The first command is the yardstick.  Standard input is FILE (/dev/null), output is thrown away.  Runs are
 * interleaved, so that whatever else the machine does meets all of them alike; the median counts.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct command {
    const char *name;
    char **arguments;
    double *milliseconds;
    long peak_kib;
    int status;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void run(struct command *command, int index, const char *input)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    struct rusage usage;
    pid_t pid;
    double start = now();
    if (posix_spawnp(&pid, command->arguments[0], &actions, NULL, command->arguments, environ)) {
        perror(command->arguments[0]);
        exit(1);
    }
    wait4(pid, &command->status, 0, &usage);
    command->milliseconds[index] = now() - start;
    if (usage.ru_maxrss > command->peak_kib)
        command->peak_kib = usage.ru_maxrss;
    posix_spawn_file_actions_destroy(&actions);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(struct command *commands, int count, int runs)
{
    double base = 0, least = 0;
    for (int i = 0; i < count; i++) {
        struct command *command = &commands[i];
        qsort(command->milliseconds, (size_t)runs, sizeof(double), by_value);
        double median = command->milliseconds[runs / 2];
        if (!i) {
            base = median;
            least = command->milliseconds[0];
        }
        printf("  %-24s median %9.3f ms  least %9.3f ms  peak %7ld KiB  ratio %.2f, of the least %.2f", command->name,
               median, command->milliseconds[0], command->peak_kib, median / base, command->milliseconds[0] / least);
        if (command->status)
            printf("  (wait status %#x)", (unsigned)command->status);
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    int runs = 100, count = 0, option;
    const char *input = "/dev/null";
    struct command commands[3] = {0};
    while ((option = getopt(argc, argv, "+n:i:")) != -1) {
        if (option == 'n')
            runs = atoi(optarg);
        else if (option == 'i')
            input = optarg;
        else
            return 1;
    }
    for (int i = optind; i < argc && count < 3; i++) {
        struct command *command = &commands[count++];
        command->name = argv[i];
        command->arguments = argv + i + 1;
        command->milliseconds = calloc((size_t)runs, sizeof(double));
        while (i < argc && strcmp(argv[i], "--"))
            i++;
        if (i < argc)
            argv[i] = NULL;
    }
    for (int i = 0; i < runs; i++)
        for (int j = 0; j < count; j++)
            run(&commands[j], i, input);
    report(commands, count, runs);
    return 0;
}
