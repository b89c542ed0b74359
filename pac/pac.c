/*
 * pac.c: runs a proxy script (PAC) in a JavaScript engine.
 *
 * A script comes from the network and may be anything.  So it runs on a thread of its own that is stopped after some
 * seconds, in memory of its own that ends: nothing of the engine outlives the call, wherever it was stopped.
 *
 * Layer: a plug-in under ntdll.
 */
#include <arpa/inet.h>
#include <duktape.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "ntdll/pac_plugin.h"
#include "pac/prelude.h"

#define MEMORY ((size_t)64 << 20)
#define SECONDS 10
#define RESULT_MAX 4096
#define STACK ((size_t)1 << 20)

struct run {
    const char *script, *url, *host;
    size_t size;
    char *memory;
    size_t used;
    char result[RESULT_MAX];
    bool good;
};

/* Blocks are never used again: a script lives for milliseconds.  Each has its size in front. */
static void *block_new(void *udata, duk_size_t size)
{
    struct run *run = udata;
    size_t whole = (size + 31) & ~(size_t)15;
    char *at = run->memory + run->used;

    if (size > MEMORY || whole > MEMORY - run->used)
        return NULL;
    run->used += whole;
    *(size_t *)at = size;
    return at + 16;
}

static void *block_again(void *udata, void *old, duk_size_t size)
{
    size_t had = old ? *(size_t *)((char *)old - 16) : 0;
    void *block;

    if (old && size <= had)
        return old;
    block = size ? block_new(udata, size) : NULL;
    if (block && old)
        memcpy(block, old, had);
    return block;
}

static void block_end(void *udata, void *block)
{
    (void)udata, (void)block;
}

static bool resolve(const char *host, char *text, size_t room)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    bool good;
    int state;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state); /* the resolver has locks */
    good = !getaddrinfo(host, NULL, &hints, &found) && found &&
           inet_ntop(AF_INET, &((struct sockaddr_in *)found->ai_addr)->sin_addr, text, (socklen_t)room);
    if (found)
        freeaddrinfo(found);
    pthread_setcancelstate(state, NULL);
    return good;
}

static duk_ret_t dns_resolve(duk_context *context)
{
    char text[64];

    if (duk_is_string(context, 0) && resolve(duk_get_string(context, 0), text, sizeof text))
        duk_push_string(context, text);
    else
        duk_push_null(context);
    return 1;
}

/* The address from which the world would be reached: nothing is sent. */
static duk_ret_t my_address(duk_context *context)
{
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(0x08080808)},
                       here;
    socklen_t length = sizeof here;
    char text[64] = "127.0.0.1";
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (s >= 0 && !connect(s, (struct sockaddr *)&there, sizeof there) &&
        !getsockname(s, (struct sockaddr *)&here, &length))
        inet_ntop(AF_INET, &here.sin_addr, text, sizeof text);
    if (s >= 0)
        close(s);
    duk_push_string(context, text);
    return 1;
}

/* The engine's own end: the thread's, not the process's. */
static void fatal(void *udata, const char *message)
{
    struct run *run = udata;

    (void)message;
    run->good = false;
    pthread_exit(NULL);
}

static void run_script(struct run *run)
{
    duk_context *context = duk_create_heap(block_new, block_again, block_end, run, fatal);

    if (!context)
        return;
    duk_push_c_function(context, dns_resolve, 1);
    duk_put_global_string(context, "dnsResolve");
    duk_push_c_function(context, my_address, 0);
    duk_put_global_string(context, "myIpAddress");
    if (duk_peval_lstring(context, prelude, sizeof prelude - 1))
        return;
    duk_pop(context);
    if (duk_peval_lstring(context, run->script, run->size))
        return;
    duk_pop(context);
    if (!duk_get_global_string(context, "FindProxyForURL") || !duk_is_function(context, -1))
        return;
    duk_push_string(context, run->url);
    duk_push_string(context, run->host);
    if (duk_pcall(context, 2))
        return;
    if (duk_is_null_or_undefined(context, -1)) {
        strcpy(run->result, "DIRECT");
        run->good = true;
    } else if (duk_is_string(context, -1) && duk_get_length(context, -1) < RESULT_MAX) {
        strcpy(run->result, duk_get_string(context, -1));
        run->good = true;
    }
}

static void *run_thread(void *argument)
{
    int state;

    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &state);
    run_script(argument);
    return NULL;
}

static char *find(const char *script, size_t size, const char *url, const char *host)
{
    struct run *run = calloc(1, sizeof *run);
    struct timespec end;
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    char *result = NULL;

    if (!run)
        return NULL;
    *run = (struct run){.script = script, .url = url, .host = host, .size = size};
    run->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    sigfillset(&all); /* signals are for threads that know Windows */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (run->memory != MAP_FAILED && !pthread_create(&thread, &attributes, run_thread, run)) {
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += SECONDS;
        if (pthread_timedjoin_np(thread, NULL, &end)) {
            pthread_cancel(thread);
            pthread_join(thread, NULL);
            run->good = false;
        }
        result = run->good ? strdup(run->result) : NULL;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (run->memory != MAP_FAILED)
        munmap(run->memory, MEMORY);
    free(run);
    return result;
}

static bool resolves(const char *host)
{
    char text[64];

    return resolve(host, text, sizeof text);
}

static void release(void *data)
{
    free(data);
}

__attribute__((visibility("default"))) const struct pac_plugin pac_plugin_table = {
    .find = find,
    .resolves = resolves,
    .release = release,
};
