/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The child that reads one file: our own readers behind a seccomp filter, programs of others without a network, with
 * sight of the system's files only. Whatever the file does to it, it ends alone. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "index/extract.h"
#include "mime/mime.h"

static const struct {
	enum extract_kind kind;
	const char *const argv[10];
} tools[] = {
	{ EXTRACT_PDF,
	    { "/usr/bin/pdftotext", "-q", "-enc", "UTF-8", "-nopgbrk", "-l", "2000", "-", "-" } },
	{ EXTRACT_WORD, { "/usr/bin/catdoc", "-w", "-s", "cp1252", "-d", "utf-8", "-" } },
	{ EXTRACT_EXCEL, { "/usr/bin/xls2csv", "-s", "cp1252", "-d", "utf-8", "-" } },
	{ EXTRACT_SLIDES, { "/usr/bin/catppt", "-s", "cp1252", "-d", "utf-8", "-" } },
	{ EXTRACT_PICTURE, { "/usr/bin/tesseract", "stdin", "stdout", "-l", "deu+eng" } },
};

static void
limit(int what, rlim_t most)
{
	struct rlimit l = { most, most };

	setrlimit(what, &l);
}

/* What it does with a file that it cannot open says the exit code; what it prints is for nobody. */
static int
become_tool(enum extract_kind kind)
{
	static char *const environment[] = { "PATH=/usr/bin", "LC_ALL=C.UTF-8",
		"OMP_THREAD_LIMIT=1", NULL };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	for (size_t i = 0; i < NELEM(tools); i++) {
		if (tools[i].kind != kind)
			continue;
		if (access(tools[i].argv[0], X_OK) != 0)
			return EX_UNAVAILABLE;
		dup2(null, STDERR_FILENO);
		limit(RLIMIT_AS, EXTRACT_MEMORY);
		limit(RLIMIT_FSIZE, 0);
		sandbox_tool(STDIN_FILENO);
		execve(tools[i].argv[0], (char *const *)(uintptr_t)tools[i].argv, environment);
	}
	return EX_OSERR;
}

static int
read_ourselves(enum extract_kind kind, struct str raw)
{
	static struct arena a;
	const char *text;

#ifndef __SANITIZE_ADDRESS__
	limit(RLIMIT_AS, EXTRACT_MEMORY);
#endif
	mime_warm();
	sandbox_enter();
	text = index_read(&a, kind, raw);
	return file_write(STDOUT_FILENO, text, strlen(text)) ? EX_OK : EX_IOERR;
}

int
index_extract_child(const char *name, const char *type)
{
	enum extract_kind kind = EXTRACT_NONE;
	struct str raw = STR("");
	struct stat st;

	limit(RLIMIT_CORE, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (fstat(STDIN_FILENO, &st) == 0 && st.st_size > 0) {
		raw.n = (size_t)st.st_size;
		raw.s = mmap(NULL, raw.n, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
		if (raw.s == MAP_FAILED)
			return EX_OSERR;
		kind = index_kind(raw, name, type);
	}
	if (kind == EXTRACT_NONE)
		return EXTRACT_NOTHING;
	if (kind == EXTRACT_PICTURE && !conf.read_pictures)
		return EXTRACT_UNASKED;
	return kind < EXTRACT_PDF ? read_ourselves(kind, raw) : become_tool(kind);
}
