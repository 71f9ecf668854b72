/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walls around the child that reads mail: a seccomp filter of its own (security.md 1). What is not
 * on the list answers EPERM: a library that tries to open a file does without it. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "channel/channel.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "name this machine's AUDIT_ARCH for the sandbox of the mail reader"
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
/* clang-format on */

void
sandbox_enter(void)
{
	struct sock_fprog program = { NELEM(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		BUG("no seccomp: mail is not read without walls");
}
