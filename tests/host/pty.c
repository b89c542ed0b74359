/*
 * pty.c: runs a command on a terminal of its own, for tests/host/terminal.sh.
 *
 *   pty ACTION COMMAND...     ACTION: keys:TEXT types TEXT (^C is the byte 3) once "ready" has been printed;
 *                             hangup closes the terminal then; signal:N sends signal N; size:COLUMNSxROWS changes its size.
 *
 * What the command prints is copied to stdout; at the end comes a line "status N", as a shell would show it.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void act(const char *action, int terminal, pid_t child)
{
    usleep(100000); /* until the program reads, and so the terminal is as it wants it */
    if (!strncmp(action, "size:", 5)) {
        struct winsize size = {0};
        if (sscanf(action + 5, "%hux%hu", &size.ws_col, &size.ws_row) != 2 || ioctl(terminal, TIOCSWINSZ, &size))
            exit(1);
    } else if (!strncmp(action, "keys:", 5)) {
        if (write(terminal, action + 5, strlen(action + 5)) < 0)
            exit(1);
    } else if (!strncmp(action, "signal:", 7)) {
        kill(child, atoi(action + 7));
    }
}

int main(int argc, char **argv)
{
    char text[65536] = "";
    size_t length = 0;
    int terminal, acted = 0, status;
    if (argc < 3)
        return 2;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    if (child < 0)
        return 2;
    if (!child) {
        execv(argv[2], argv + 2);
        _exit(127);
    }
    struct pollfd fd = {.fd = terminal, .events = POLLIN};
    while (poll(&fd, 1, 10000) > 0) {
        ssize_t got = read(terminal, text + length, sizeof text - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
        text[length] = 0;
        if (acted || !strstr(text, "ready"))
            continue;
        acted = 1;
        if (!strcmp(argv[1], "hangup"))
            break;
        act(argv[1], terminal, child);
    }
    close(terminal);
    alarm(10);
    if (waitpid(child, &status, 0) != child)
        return 1;
    fwrite(text, 1, length, stdout);
    printf("\nstatus %d\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    return 0;
}
