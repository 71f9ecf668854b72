/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walls around children that read what strangers wrote (security.md 1). Our own readers get a seccomp filter with
 * little on it; programs of others get one without a network, and by Landlock sight of the system's files only. What is
 * not allowed answers EPERM: a library that tries to open a file does without it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/base.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "name this machine's AUDIT_ARCH for the sandbox"
#endif

#ifdef __SANITIZE_ADDRESS__
#define FOR_SANITIZER                                                                              \
	ALLOW(mprotect), ALLOW(madvise), ALLOW(getpid), ALLOW(gettid), ALLOW(sigaltstack),         \
	    ALLOW(rt_sigprocmask), ALLOW(rt_sigaction), ALLOW(sched_yield), ALLOW(openat),         \
	    ALLOW(readlink), ALLOW(lseek), ALLOW(tgkill), ALLOW(prctl),
#else
#define FOR_SANITIZER
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW(name)                                                                                \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1),                                    \
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE(name)                                                                               \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1),                                    \
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/* clang-format off */
static struct sock_filter filter[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
	ALLOW(read),
	ALLOW(write),
	ALLOW(recvmsg),
	ALLOW(close),
	ALLOW(mmap),
	ALLOW(munmap),
	ALLOW(mremap),
	ALLOW(brk),
	ALLOW(exit_group),
	ALLOW(clock_gettime),
	ALLOW(futex),
	FOR_SANITIZER
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
};
static struct sock_filter tool_filter[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
	REFUSE(socket), REFUSE(socketpair), REFUSE(connect), REFUSE(bind), REFUSE(listen), REFUSE(sendto),
	REFUSE(sendmsg), REFUSE(sendmmsg), REFUSE(io_uring_setup), REFUSE(ptrace), REFUSE(process_vm_readv),
	REFUSE(process_vm_writev), REFUSE(pidfd_open), REFUSE(kill), REFUSE(tkill), REFUSE(setsid), REFUSE(setpgid),
	REFUSE(unshare), REFUSE(setns), REFUSE(mount), REFUSE(bpf), REFUSE(keyctl), REFUSE(add_key),
	REFUSE(userfaultfd), REFUSE(perf_event_open), REFUSE(shmget), REFUSE(msgget), REFUSE(semget),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
/* clang-format on */

static void
close_in(struct sock_filter *v, size_t n)
{
	struct sock_fprog program = { (unsigned short)n, v };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		BUG("no seccomp: nothing of strangers is read without walls");
}

void
sandbox_enter(void)
{
	close_in(filter, NELEM(filter));
}

enum {
	FS_READ =
	    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE,
	FS_ALL = (1 << 13) - 1 /* all that the first version of Landlock knows */
};

static void
show(int rules, int fd, uint64_t access)
{
	struct landlock_path_beneath_attr a = { .allowed_access = access, .parent_fd = fd };

	if (fd >= 0)
		syscall(__NR_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &a, 0);
}

/* Kernels without Landlock (before 5.13) leave the file system to its modes and to the unit's own walls. */
static void
see_only(int file)
{
	static const char *const system[] = { "/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache",
		"/dev/null" };
	struct landlock_ruleset_attr all = { .handled_access_fs = FS_ALL };
	int rules = (int)syscall(__NR_landlock_create_ruleset, &all, sizeof all, 0);

	if (rules < 0)
		return;
	for (size_t i = 0; i < NELEM(system); i++) {
		int fd = open(system[i], O_PATH | O_CLOEXEC);
		bool is_folder = i + 2 < NELEM(system);

		show(rules, fd, is_folder ? FS_READ : LANDLOCK_ACCESS_FS_READ_FILE);
		if (fd >= 0)
			close(fd);
	}
	show(rules, file, LANDLOCK_ACCESS_FS_READ_FILE);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	syscall(__NR_landlock_restrict_self, rules, 0);
	close(rules);
}

void
sandbox_tool(int file)
{
	see_only(file);
	close_in(tool_filter, NELEM(tool_filter));
}
