/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the processes of a pool share: a page of memory whose file also holds two record locks, which the
 * kernel gives back when a process dies. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "agent/private.h"

enum { PLACES = 2, PAGE = 4096 };

static int file = -1;
static atomic_uint alone;             /* in a process that shares with nobody */
static atomic_uint *changes = &alone; /* how often rights changed */

void
agent_share(void)
{
	void *page;

	file = memfd_create("docket-share", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, PAGE) < 0)
		BUG("no shared memory: errno %d", errno);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (page == MAP_FAILED)
		BUG("no shared memory: errno %d", errno);
	changes = page;
}

void
agent_forget(void)
{
	atomic_fetch_add(changes, 1);
}

uint32_t
share_rights(void)
{
	return atomic_load(changes);
}

static bool
lock(int place, short kind)
{
	struct flock l = { .l_type = kind, .l_whence = SEEK_SET, .l_start = place, .l_len = 1 };

	return fcntl(file, F_SETLK, &l) == 0;
}

int
share_hash_begin(int ms)
{
	struct timespec pause = { .tv_nsec = 5000000 };
	int64_t until = time_mono() + ms * INT64_C(1000);

	if (file < 0)
		return 0;
	for (;;) {
		for (int i = 0; i < PLACES; i++)
			if (lock(i, F_WRLCK))
				return i;
		if (time_mono() > until)
			return -1;
		nanosleep(&pause, NULL);
	}
}

void
share_hash_end(int place)
{
	if (file >= 0)
		lock(place, F_UNLCK);
}
