/*
 * console.c: the terminal as Windows' console: opening it, its modes and code pages.  console_input.c and
 * console_output.c read and write it.
 *
 * Nothing is asked of the terminal before the program asks for something.  Its settings are
 * changed only when the program sets a mode that differs, and are put back at exit.
 * Calls Linux.
 */
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "console_private.h"
#include "handover.h"

struct console console = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .input_lock = PTHREAD_MUTEX_INITIALIZER,
    .reader_lock = PTHREAD_MUTEX_INITIALIZER,
    .input_mode = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_MOUSE_INPUT |
                  ENABLE_INSERT_MODE | ENABLE_QUICK_EDIT_MODE | ENABLE_EXTENDED_FLAGS | ENABLE_AUTO_POSITION,
    .output_mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT,
    .input_page = 65001,
    .output_page = 65001,
};

NTSTATUS console_lookup(HANDLE handle, struct file **file)
{
    NTSTATUS status = handle_lookup(handle, &type_file, 0, (void **)file);
    if (status)
        return STATUS_INVALID_HANDLE;
    if ((*file)->kind == FILE_KIND_CONSOLE)
        return STATUS_SUCCESS;
    object_release(*file);
    return STATUS_INVALID_HANDLE;
}

/*
 * A terminal is open for both directions, whoever the handle is for.  Input: CONIN$, standard input; what was
 * opened for writing alone, or is fd 1 or 2, is the screen.
 */
bool console_is_input(const struct file *file)
{
    if (file->borrowed)
        return file->fd == 0;
    return file->console_input;
}

struct file *console_open(enum path_kind kind, ACCESS_MASK access, ULONG options)
{
    bool input = kind == PATH_CONSOLE_IN || (kind == PATH_CONSOLE && !(access & (FILE_WRITE_DATA | FILE_APPEND_DATA)));
    const struct start_block *start = start_block();
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    /* Without a terminal there is a console that nobody sees, unless the process was started without one. */
    if (fd < 0 && !(start && start->flags & START_NO_CONSOLE))
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct file *file = file_create(FILE_KIND_CONSOLE, fd, access, options | FILE_SYNCHRONOUS_IO_NONALERT);
    if (file) {
        file->console_input = input;
        file->host_position = true;
    }
    return file;
}

NTSTATUS console_get_mode(HANDLE handle, ULONG *mode)
{
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    *mode = console_is_input(file) ? console.input_mode : console.output_mode;
    object_release(file);
    return status;
}

bool console_save_terminal(int fd)
{
    if (console.saved)
        return true;
    if (tcgetattr(fd, &console.original))
        return false;
    console.saved_fd = fd;
    console.saved = true;
    console_ctrl_install();
    return true;
}

/* Gives the terminal the settings that the input mode asks for, and whoever reads. */
static void terminal_update(int fd)
{
    struct termios settings = console.original;
    bool keys = console.editing || console.keys || !(console.input_mode & ENABLE_LINE_INPUT);
    if (keys) {
        settings.c_lflag &= ~(ICANON | IEXTEN);
        settings.c_iflag &= ~(ICRNL | IXON);
        settings.c_cc[VMIN] = 1;
        settings.c_cc[VTIME] = 0;
        settings.c_cc[VSUSP] = _POSIX_VDISABLE; /* Control-Z is a character */
    }
    if (keys || !(console.input_mode & ENABLE_ECHO_INPUT))
        settings.c_lflag &= ~(ECHO | ECHONL);
    if (console.editing || !(console.input_mode & ENABLE_PROCESSED_INPUT))
        settings.c_lflag &= ~ISIG;
    tcsetattr(fd, TCSADRAIN, &settings);
}

bool console_edit(int fd, bool editing)
{
    if (!console_save_terminal(fd))
        return false;
    console.editing = editing;
    terminal_update(fd);
    return true;
}

void console_keys_begin(int fd)
{
    if (console.keys || tcgetpgrp(fd) != getpgrp() || !console_save_terminal(fd))
        return;
    console.keys = true;
    terminal_update(fd);
}

void console_restore(void)
{
    if (console.saved)
        tcsetattr(console.saved_fd, TCSADRAIN, &console.original);
}

NTSTATUS console_set_mode(HANDLE handle, ULONG mode)
{
    const ULONG shown = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT;
    struct file *file;
    NTSTATUS status = console_lookup(handle, &file);
    if (status)
        return status;
    host_lock(&console.input_lock);
    if (!console_is_input(file)) {
        console.output_mode = mode;
    } else if ((mode & ENABLE_ECHO_INPUT) && !(mode & ENABLE_LINE_INPUT)) {
        status = STATUS_INVALID_PARAMETER;
    } else {
        bool changes = (mode ^ console.input_mode) & shown;
        console.input_mode = mode;
        if (changes && console_save_terminal(file->fd)) {
            console.keys = false;
            terminal_update(file->fd);
        }
    }
    host_unlock(&console.input_lock);
    object_release(file);
    return status;
}

UINT console_code_page(bool output)
{
    return output ? console.output_page : console.input_page;
}

void console_set_code_page(bool output, UINT code_page)
{
    if (output)
        console.output_page = code_page;
    else
        console.input_page = code_page;
}
