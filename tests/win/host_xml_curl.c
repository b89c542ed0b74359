/*
 * Do libxml2 and libcurl of the host work as Windows DLLs: trees, readers, functions in variables, options by number,
 * callbacks, files of the C runtime?
 */
#include <stdarg.h>
#include <stdint.h>
#include "check.h"

static HMODULE dll;

/* Declares `name` as the DLL's function. */
#define IMPORT(result, name, ...)                                                                                      \
    result (*name)(__VA_ARGS__) = (result(*)(__VA_ARGS__))GetProcAddress(dll, #name);                                  \
    CHECK(name != NULL);                                                                                               \
    if (!name)                                                                                                         \
    return

/* As tree.h has it: the same on both sides. */
struct node {
    void *private;
    int type;
    const char *name;
    struct node *children, *last, *parent, *next, *prev;
    void *doc;
};

struct error {
    int domain, code;
    char *message;
    int level;
    char *file;
    int line;
};

static int errors;

static void on_error(void *context, const struct error *error)
{
    errors += context == &errors && error->code && error->message && error->line == 1;
}

static char messages[1000];

static void on_message(void *context, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(messages + strlen(messages), sizeof messages - strlen(messages), format, arguments);
    va_end(arguments);
    errors += context == messages;
}

static int fill(void *context, char *buffer, int size)
{
    const char **next = context;
    int length = (int)strlen(*next) < 7 ? (int)strlen(*next) : 7;
    if (length > size)
        length = size;
    memcpy(buffer, *next, (size_t)length);
    *next += length;
    return length;
}

static int closed;

static int done(void *context)
{
    closed++;
    return 0;
}

static void trees(void)
{
    static const char text[] = "<?xml version='1.0'?><a x='1'><b>one</b><b>two</b>&#xfc;</a>";
    dll = LoadLibraryA("libxml2-2.dll");
    CHECK(dll != NULL && LoadLibraryA("libxml2") == dll);
    if (!dll)
        return;
    IMPORT(void *, xmlReadMemory, const char *, int, const char *, const char *, int);
    IMPORT(void *, xmlReadFile, const char *, const char *, int);
    IMPORT(void *, xmlReadIO, int (*)(void *, char *, int), int (*)(void *), void *, const char *, const char *, int);
    IMPORT(struct node *, xmlDocGetRootElement, void *);
    IMPORT(char *, xmlNodeGetContent, struct node *);
    IMPORT(char *, xmlGetProp, struct node *, const char *);
    IMPORT(struct node *, xmlNewChild, struct node *, void *, const char *, const char *);
    IMPORT(void, xmlDocDumpMemory, void *, char **, int *);
    IMPORT(int, xmlSaveFile, const char *, void *);
    IMPORT(void, xmlFreeDoc, void *);
    IMPORT(void *, xmlXPathNewContext, void *);
    IMPORT(void *, xmlXPathEvalExpression, const char *, void *);
    IMPORT(double, xmlXPathCastToNumber, void *);
    IMPORT(void, xmlXPathFreeObject, void *);
    IMPORT(void, xmlXPathFreeContext, void *);
    IMPORT(void, xmlSetStructuredErrorFunc, void *, void (*)(void *, const struct error *));
    IMPORT(long, xmlGetLineNo, struct node *);
    IMPORT(unsigned long, xmlChildElementCount, struct node *);
    void (**xmlFree)(void *) = (void (**)(void *))GetProcAddress(dll, "xmlFree");
    CHECK(xmlFree != NULL && *xmlFree != NULL);
    void *doc = xmlReadMemory(text, sizeof text - 1, "memory.xml", NULL, 0);
    CHECK(doc != NULL);
    struct node *root = xmlDocGetRootElement(doc);
    CHECK_STR(root->name, "a");
    CHECK_STR(root->children->name, "b");
    CHECK(root->doc == doc && root->children->next->prev == root->children);
    CHECK_EQ(xmlGetLineNo(root), 1);
    CHECK_EQ(xmlChildElementCount(root), 2);
    char *value = xmlNodeGetContent(root);
    CHECK_STR(value, "onetwo\xc3\xbc");
    (*xmlFree)(value);
    value = xmlGetProp(root, "x");
    CHECK_STR(value, "1");
    (*xmlFree)(value);
    CHECK(xmlGetProp(root, "y") == NULL);
    void *context = xmlXPathNewContext(doc), *object = xmlXPathEvalExpression("count(//b) + 0.5", context);
    CHECK(object && xmlXPathCastToNumber(object) == 2.5);
    xmlXPathFreeObject(object);
    xmlXPathFreeContext(context);
    CHECK(xmlNewChild(root, NULL, "c", "three") != NULL);
    int size = 0;
    xmlDocDumpMemory(doc, &value, &size);
    CHECK(size > 0 && strstr(value, "<c>three</c>"));
    (*xmlFree)(value);
    CHECK(xmlSaveFile(".\\tree.xml", doc) > 0);
    xmlFreeDoc(doc);
    CHECK(GetFileAttributesA("tree.xml") != INVALID_FILE_ATTRIBUTES);
    char full[MAX_PATH], url[MAX_PATH + 20];
    GetFullPathNameA("TREE.XML", sizeof full, full, NULL);
    CHECK((doc = xmlReadFile(full, NULL, 0)) != NULL);
    xmlFreeDoc(doc);
    snprintf(url, sizeof url, "file:///%s", full);
    for (char *p = url; *p; p++)
        *p = *p == '\\' ? '/' : *p;
    CHECK((doc = xmlReadFile(url, NULL, 0)) != NULL);
    xmlFreeDoc(doc);
    CHECK(DeleteFileA("tree.xml"));
    const char *next = text;
    CHECK((doc = xmlReadIO(fill, done, &next, "io.xml", NULL, 0)) != NULL);
    xmlFreeDoc(doc);
    CHECK(closed == 1 && !*next);
    xmlSetStructuredErrorFunc(&errors, on_error);
    CHECK(xmlReadMemory("<a><b></a>", 10, "bad.xml", NULL, 0) == NULL);
    CHECK(errors > 0);
    xmlSetStructuredErrorFunc(NULL, NULL);
    IMPORT(void, xmlSetGenericErrorFunc, void *, void (*)(void *, const char *, ...));
    errors = 0;
    xmlSetGenericErrorFunc(messages, on_message);
    CHECK(xmlReadMemory("<a><b></a>", 10, "bad.xml", NULL, 0) == NULL);
    CHECK(errors > 0 && strstr(messages, "bad.xml:1: ") && strstr(messages, "mismatch: b line 1 and a"));
    xmlSetGenericErrorFunc(NULL, NULL);
    CHECK(GetProcAddress(dll, "xmlSAXUserParseMemory") == NULL); /* a structure of callbacks */
}

static size_t collect(char *data, size_t size, size_t count, void *context)
{
    size_t used = strlen(context);
    memcpy((char *)context + used, data, size * count);
    ((char *)context)[used + size * count] = 0;
    return size * count;
}

static size_t refuse(char *data, size_t size, size_t count, void *context)
{
    return 0;
}

static int progress_calls;

static int on_progress(void *context, int64_t down_all, int64_t down, int64_t up_all, int64_t up)
{
    progress_calls += context == &progress_calls && down <= 5;
    return 0;
}

#define URL 10002
#define WRITEDATA 10001
#define WRITEFUNCTION 20011
#define XFERINFOFUNCTION 20219
#define XFERINFODATA 10057
#define NOPROGRESS 43
#define CONNECTTIMEOUT 78
#define OPENSOCKETFUNCTION 20163
#define INFO_RESPONSE_CODE 0x200002
#define INFO_SIZE_DOWNLOAD_T 0x600008
#define INFO_EFFECTIVE_URL 0x100001

static void transfers(void)
{
    char text[100] = "", path[MAX_PATH], url[MAX_PATH + 20];
    dll = LoadLibraryA("libcurl-4.dll");
    CHECK(dll != NULL && LoadLibraryA("libcurl") == dll);
    if (!dll)
        return;
    IMPORT(int, curl_global_init, long);
    IMPORT(void *, curl_easy_init, void);
    IMPORT(int, curl_easy_setopt, void *, int, ...);
    IMPORT(int, curl_easy_getinfo, void *, int, ...);
    IMPORT(int, curl_easy_perform, void *);
    IMPORT(void, curl_easy_cleanup, void *);
    IMPORT(const char *, curl_easy_strerror, int);
    IMPORT(char *, curl_easy_escape, void *, const char *, int);
    IMPORT(void, curl_free, void *);
    IMPORT(const char *, curl_version, void);
    CHECK_EQ(curl_global_init(3), 0);
    CHECK(!strncmp(curl_version(), "libcurl/", 8));
    void *curl = curl_easy_init();
    CHECK(curl != NULL);
    char *escaped = curl_easy_escape(curl, "a b", 0);
    CHECK_STR(escaped, "a%20b");
    curl_free(escaped);
    FILE *file = fopen("data.txt", "wb");
    fputs("hello", file);
    fclose(file);
    /* file:// is the host's. */
    GetFullPathNameA("data.txt", sizeof path, path, NULL);
    CHECK(!strncmp(path, "Z:\\", 3));
    snprintf(url, sizeof url, "file://%s", path + 2);
    for (char *p = url; *p; p++)
        *p = *p == '\\' ? '/' : *p;
    CHECK_EQ(curl_easy_setopt(curl, URL, url), 0);
    CHECK_EQ(curl_easy_setopt(curl, CONNECTTIMEOUT, 5L), 0);
    CHECK_EQ(curl_easy_setopt(curl, CONNECTTIMEOUT, -5L), 43);
    CHECK_EQ(curl_easy_setopt(curl, WRITEFUNCTION, collect), 0);
    CHECK_EQ(curl_easy_setopt(curl, WRITEDATA, text), 0);
    CHECK_EQ(curl_easy_setopt(curl, NOPROGRESS, 0L), 0);
    CHECK_EQ(curl_easy_setopt(curl, XFERINFOFUNCTION, on_progress), 0);
    CHECK_EQ(curl_easy_setopt(curl, XFERINFODATA, &progress_calls), 0);
    CHECK_EQ(curl_easy_setopt(curl, OPENSOCKETFUNCTION, collect), 48);
    CHECK_EQ(curl_easy_perform(curl), 0);
    CHECK_STR(text, "hello");
    CHECK(progress_calls > 0);
    struct {
        long code, guard;
    } info = {5, 77};
    int64_t size = 0;
    char *effective = NULL;
    CHECK_EQ(curl_easy_getinfo(curl, INFO_RESPONSE_CODE, &info.code), 0);
    CHECK(info.code == 0 && info.guard == 77);
    CHECK_EQ(curl_easy_getinfo(curl, INFO_SIZE_DOWNLOAD_T, &size), 0);
    CHECK_EQ(size, 5);
    CHECK_EQ(curl_easy_getinfo(curl, INFO_EFFECTIVE_URL, &effective), 0);
    CHECK_STR(effective, url);
    CHECK_EQ(curl_easy_setopt(curl, WRITEFUNCTION, refuse), 0);
    CHECK_EQ(curl_easy_perform(curl), 23);
    CHECK(strstr(curl_easy_strerror(23), "write") || strstr(curl_easy_strerror(23), "Write") ||
          strstr(curl_easy_strerror(23), "writing"));
    /* Without a function: a FILE of the program. */
    file = fopen("copy.txt", "w+b");
    CHECK_EQ(curl_easy_setopt(curl, WRITEFUNCTION, NULL), 0);
    CHECK_EQ(curl_easy_setopt(curl, WRITEDATA, file), 0);
    CHECK_EQ(curl_easy_perform(curl), 0);
    rewind(file);
    CHECK(fgets(text, sizeof text, file) != NULL);
    CHECK_STR(text, "hello");
    fclose(file);
    CHECK_EQ(curl_easy_setopt(curl, URL, "nonsense://x"), 0);
    CHECK_EQ(curl_easy_perform(curl), 1);
    curl_easy_cleanup(curl);
    CHECK(DeleteFileA("data.txt") && DeleteFileA("copy.txt"));
}

int main(void)
{
    trees();
    transfers();
    return check_done();
}
