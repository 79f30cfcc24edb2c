// SPDX-License-Identifier: MIT
// A command run beside us: started, pumped, its status read.
#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "core/ext/file.h"

#define LOOK_MS 50 // how often the command's end is asked for while its output is silent

struct child {
	pid_t pid;
	int master;     // of the pseudo-terminal, -1: pipes
	int out, err;   // read ends of the pipes, -1 when used up
	bool raw_input; // our terminal was put into raw mode
	struct termios saved;
	bool lost; // its end could not be learnt
};

// What the handler of passed-on signals may touch; the one place where a handler needs to reach a
// run.
static volatile sig_atomic_t signalled_pid; // of the command; negative: and all it started, which
					    // on a pseudo-terminal are no longer in our own group
static volatile sig_atomic_t window_changed;

static void pass_on(int signal_number)
{
	int saved = errno;
	pid_t pid = (pid_t)signalled_pid;
	// a negative one is a group's, which the command may not have made yet
	if (pid != 0 && kill(pid, signal_number) != 0 && pid < 0)
		(void)kill(-pid, signal_number);
	errno = saved;
}

static void note_window(int signal_number)
{
	(void)signal_number;
	window_changed = 1;
}

static void copy_window(int master)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		(void)ioctl(master, TIOCSWINSZ, &size);
}

static void handle(int signal_number, void (*handler)(int), struct sigaction *ret_before)
{
	struct sigaction action = {.sa_handler = handler};
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(signal_number, &action, ret_before);
}

// --- in the new process

static _Noreturn void become(char *const argv[])
{
	static const int passed[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGPIPE, SIGXFSZ};
	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		handle(passed[i], SIG_DFL, NULL);
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execvp(argv[0], argv);
	int status = errno == ENOENT ? 127 : 126;
	const char *why = strerror(errno);
	struct bs_str parts[] = {
		BS_LIT("buildsum: "), bs_str_c(argv[0]), BS_LIT(": "), bs_str_c(why), BS_LIT("\n")};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (bs_file_write(STDERR_FILENO, parts[i], "standard error", NULL) != BS_OK)
			break;
	_exit(status);
}

static void wear_terminal(const char *slave_name)
{
	(void)setsid();
	int slave = open(slave_name, O_RDWR);
	if (slave < 0)
		_exit(126);
	(void)ioctl(slave, TIOCSCTTY, 0);
	// input that is a pipe or a file stays the command's input
	for (int fd = isatty(STDIN_FILENO) ? STDIN_FILENO : STDOUT_FILENO; fd <= STDERR_FILENO;
		fd++)
		if (dup2(slave, fd) < 0)
			_exit(126);
	if (slave > 2)
		(void)close(slave);
}

// --- starting

static enum bs_status start_on_terminal(char *const argv[], struct child *child, struct bs_err *err)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	const char *slave = master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0
				    ? ptsname(master)
				    : NULL;
	if (!slave) {
		int reason = errno;
		if (master >= 0)
			(void)close(master);
		return bs_fail(err, BS_SYSTEM, "no pseudo-terminal: %s", strerror(reason));
	}
	copy_window(master);
	child->pid = fork();
	if (child->pid < 0) {
		(void)close(master);
		return bs_fail(err, BS_SYSTEM, "fork: %s", strerror(errno));
	}
	if (child->pid == 0) {
		wear_terminal(slave);
		become(argv);
	}
	child->master = master;
	if (tcgetattr(STDIN_FILENO, &child->saved) == 0) {
		struct termios raw = child->saved;
		cfmakeraw(&raw);
		child->raw_input = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
	}
	return BS_OK;
}

static enum bs_status start_on_pipes(char *const argv[], struct child *child, struct bs_err *err)
{
	int out[2], errs[2];
	if (pipe2(out, O_CLOEXEC) != 0)
		return bs_fail(err, BS_SYSTEM, "pipe: %s", strerror(errno));
	if (pipe2(errs, O_CLOEXEC) != 0) {
		(void)close(out[0]);
		(void)close(out[1]);
		return bs_fail(err, BS_SYSTEM, "pipe: %s", strerror(errno));
	}
	child->pid = fork();
	if (child->pid == 0) {
		if (dup2(out[1], STDOUT_FILENO) < 0 || dup2(errs[1], STDERR_FILENO) < 0)
			_exit(126);
		become(argv);
	}
	(void)close(out[1]);
	(void)close(errs[1]);
	child->out = out[0];
	child->err = errs[0];
	return child->pid > 0 ? BS_OK : bs_fail(err, BS_SYSTEM, "fork: %s", strerror(errno));
}

// --- pumping

// One read from *fd to the taker; *fd becomes -1 at the end, and when the taker wants no more: then
// the command gets SIGPIPE, as it would without us.
static bool take_output(int *fd, int out_fd, const struct bs_child_io *io)
{
	char chunk[BS_READ_CHUNK_BYTES];
	ssize_t count = read(*fd, chunk, sizeof(chunk));
	if (count > 0 && io->output(io->ctx, out_fd, bs_str(chunk, (size_t)count)))
		return true;
	// EIO: nobody has the pseudo-terminal open. Closing it before the command has ended would
	// send it SIGHUP.
	if (count < 0 && (errno == EINTR || errno == EAGAIN || errno == EIO))
		return false;
	(void)close(*fd);
	*fd = -1;
	return false;
}

static bool take_input(struct child *child)
{
	char chunk[4096];
	ssize_t count = read(STDIN_FILENO, chunk, sizeof(chunk));
	if (count < 0 && errno == EINTR)
		return true;
	if (count <= 0)
		return false;
	return bs_file_write(child->master, bs_str(chunk, (size_t)count), "pseudo-terminal",
		       NULL) == BS_OK;
}

// What is still there after the command has ended, without waiting for more.
static void drain(struct child *child, const struct bs_child_io *io)
{
	struct {
		int *fd, out_fd;
	} rest[] = {{&child->master, STDOUT_FILENO}, {&child->out, STDOUT_FILENO},
		{&child->err, STDERR_FILENO}};
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		struct pollfd ready = {*rest[i].fd, POLLIN, 0};
		while (*rest[i].fd >= 0 && poll(&ready, 1, 0) > 0 &&
			take_output(rest[i].fd, rest[i].out_fd, io))
			;
	}
}

static void pump(struct child *child, const struct bs_child_io *io, int *ret_wait_status)
{
	bool input_open = child->master >= 0 && isatty(STDIN_FILENO);
	bool hung_up = false;
	for (;;) {
		struct pollfd fds[] = {
			{hung_up ? -1 : child->master, POLLIN, 0},
			{child->out, POLLIN, 0},
			{child->err, POLLIN, 0},
			{input_open && child->master >= 0 ? STDIN_FILENO : -1, POLLIN, 0},
		};
		if (window_changed && child->master >= 0) {
			window_changed = 0;
			copy_window(child->master);
		}
		int ready = poll(fds, 4, LOOK_MS);
		if (ready > 0 && fds[0].revents)
			hung_up = !take_output(&child->master, STDOUT_FILENO, io) &&
				  (fds[0].revents & POLLHUP);
		if (ready > 0 && fds[1].revents)
			(void)take_output(&child->out, STDOUT_FILENO, io);
		if (ready > 0 && fds[2].revents)
			(void)take_output(&child->err, STDERR_FILENO, io);
		if (ready > 0 && fds[3].revents)
			input_open = take_input(child);
		pid_t ended = waitpid(child->pid, ret_wait_status, WNOHANG);
		child->lost = ended < 0 && errno != EINTR;
		if (ended == child->pid || child->lost)
			return;
	}
}

static void close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCHLD};
#define PASSED_ON (sizeof(passed_on) / sizeof(passed_on[0]))

// From here to restore_signals the command gets our signals. They are held back until its number is
// known, and SIGCHLD is not ignored, whatever our parent left us: its end would be lost.
static void divert_signals(struct sigaction before[PASSED_ON], sigset_t *ret_mask)
{
	sigset_t held;
	(void)sigemptyset(&held);
	for (size_t i = 0; i < PASSED_ON; i++) {
		(void)sigaddset(&held, passed_on[i]);
		handle(passed_on[i],
			passed_on[i] == SIGCHLD    ? SIG_DFL
			: passed_on[i] == SIGWINCH ? note_window
						   : pass_on,
			&before[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &held, ret_mask);
}

static void restore_signals(const struct sigaction before[PASSED_ON])
{
	signalled_pid = 0;
	for (size_t i = 0; i < PASSED_ON; i++)
		(void)sigaction(passed_on[i], &before[i], NULL);
}

enum bs_status bs_child_run(
	char *const argv[], const struct bs_child_io *io, int *ret_status, struct bs_err *err)
{
	struct child child = {.master = -1, .out = -1, .err = -1};
	struct sigaction before[PASSED_ON];
	sigset_t mask;
	int wait_status = 0;
	divert_signals(before, &mask);
	enum bs_status status = isatty(STDOUT_FILENO) && isatty(STDERR_FILENO)
					? start_on_terminal(argv, &child, err)
					: start_on_pipes(argv, &child, err);
	if (status == BS_OK)
		signalled_pid = (sig_atomic_t)(child.master >= 0 ? -child.pid : child.pid);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	if (status != BS_OK)
		goto out;
	pump(&child, io, &wait_status);
	drain(&child, io);
	if (child.lost)
		status = bs_fail(err, BS_SYSTEM, "%s: how it ended could not be learnt", argv[0]);
	else
		*ret_status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status)
						       : WEXITSTATUS(wait_status);
out:
	restore_signals(before);
	close_fd(child.master);
	close_fd(child.out);
	close_fd(child.err);
	if (child.raw_input)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &child.saved);
	return status;
}
