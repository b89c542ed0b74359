/*
 * popen.c: _popen and _pclose: a stream to or from the command processor.
 *
 * Layer: crt over kernel32's CreateProcess and pipes.
 */
#include "spawn.h"

struct opened {
    struct opened *next;
    struct stream *stream;
    HANDLE process;
};

static RTL_CRITICAL_SECTION popen_lock = CRT_LOCK_INIT;
static struct opened *opened_list;

/* Runs a command with `end` as its standard input (`writes`) or output; the process, NULL with errno. */
static HANDLE start(const WCHAR *command, HANDLE end, bool writes)
{
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};
    startup.hStdInput = writes ? end : GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = writes ? GetStdHandle(STD_OUTPUT_HANDLE) : end;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    WCHAR *processor = spawn_command_processor();
    WCHAR *line = processor ? spawn_shell_line(processor, command) : NULL;
    if (line && !CreateProcessW(processor, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        crt_fail_last();
    if (process.hThread)
        CloseHandle(process.hThread);
    crt_free(line);
    crt_free(processor);
    return process.hProcess;
}

/* Ends of a pipe: ours [0] is not inherited, the child's [1] is. */
static bool make_pipe(HANDLE ends[2], bool writes)
{
    HANDLE pair[2];
    if (!CreatePipe(&pair[0], &pair[1], NULL, 0)) {
        crt_fail_last();
        return false;
    }
    ends[0] = pair[writes];
    ends[1] = pair[!writes];
    SetHandleInformation(ends[1], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    return true;
}

static struct stream *open_end(HANDLE end, const WCHAR *mode, bool binary)
{
    int fd = _open_osfhandle((intptr_t)end, (binary ? O_BINARY_ : O_TEXT_) | O_NOINHERIT_);
    if (fd < 0) {
        CloseHandle(end);
        return NULL;
    }
    struct stream *stream = _wfdopen(fd, mode);
    if (!stream)
        _close(fd);
    return stream;
}

struct stream *WINAPI _wpopen(const WCHAR *command, const WCHAR *mode)
{
    CRT_REQUIRE(command && mode, NULL);
    while (*mode == ' ')
        mode++;
    bool writes = *mode == 'w';
    WCHAR kind = mode[0] ? mode[1] : 0;
    CRT_REQUIRE((writes || *mode == 'r') && (!kind || kind == 't' || kind == 'b'), NULL);
    bool binary = kind == 'b' || (kind != 't' && crt_fmode & O_BINARY_);
    HANDLE ends[2];
    struct opened *entry = crt_calloc(1, sizeof(*entry));
    if (!entry || !make_pipe(ends, writes)) {
        crt_free(entry);
        return NULL;
    }
    entry->process = start(command, ends[1], writes);
    CloseHandle(ends[1]);
    if (entry->process)
        entry->stream = open_end(ends[0], mode, binary);
    else
        CloseHandle(ends[0]);
    if (!entry->stream) {
        if (entry->process)
            CloseHandle(entry->process);
        crt_free(entry);
        return NULL;
    }
    struct stream *stream = entry->stream;
    crt_lock(&popen_lock);
    entry->next = opened_list;
    opened_list = entry;
    crt_unlock(&popen_lock);
    return stream;
}

struct stream *WINAPI _popen(const char *command, const char *mode)
{
    CRT_REQUIRE(command && mode, NULL);
    WCHAR *wide = crt_widen(CP_ACP, command), *wide_mode = crt_widen(CP_ACP, mode);
    struct stream *stream = wide && wide_mode ? _wpopen(wide, wide_mode) : NULL;
    crt_free(wide);
    crt_free(wide_mode);
    return stream;
}

int WINAPI _pclose(struct stream *stream)
{
    CRT_REQUIRE(stream, -1);
    crt_lock(&popen_lock);
    struct opened **link = &opened_list;
    while (*link && (*link)->stream != stream)
        link = &(*link)->next;
    struct opened *entry = *link;
    if (entry)
        *link = entry->next;
    crt_unlock(&popen_lock);
    if (!entry) {
        crt_set_errno(CRT_EBADF);
        return -1;
    }
    DWORD code = (DWORD)-1;
    crt_fclose(stream);
    WaitForSingleObject(entry->process, INFINITE);
    GetExitCodeProcess(entry->process, &code);
    CloseHandle(entry->process);
    crt_free(entry);
    return (int)code;
}
