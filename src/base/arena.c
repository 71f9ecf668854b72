/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bump allocation in blocks; the only file that calls malloc. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((void *)(uintptr_t)(p), n)
#define UNPOISON(p, n) __asan_unpoison_memory_region(p, n)
#else
#define POISON(p, n)   ((void)0)
#define UNPOISON(p, n) ((void)0)
#endif

enum { BLOCK = 16384 - 64 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(16) char mem[];
};

struct cleanup {
	struct cleanup *next;
	void (*fn)(void *);
	void *arg;
};

static struct block *
add_block(struct arena *a, size_t need)
{
	size_t size = need > BLOCK ? need : BLOCK;
	struct block *b = malloc(sizeof *b + size);

	if (b == NULL)
		BUG("out of memory for %zu bytes", size);
	*b = (struct block){ .size = size };
	POISON(b->mem, size);
	/* A large block goes below a half-empty top one, which stays in use. */
	if (a->top != NULL && need > BLOCK / 4) {
		b->next = a->top->next;
		a->top->next = b;
	} else {
		b->next = a->top;
		a->top = b;
	}
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct block *b = a->top;
	void *p;

	if (n > SIZE_MAX / 2)
		BUG("allocation of %zu bytes", n);
	n = (n + 15) & ~(size_t)15;
	if (b == NULL || b->size - b->used < n)
		b = add_block(a, n);
	p = b->mem + b->used;
	b->used += n;
	UNPOISON(p, n);
	return memset(p, 0, n);
}

char *
arena_dup(struct arena *a, const void *p, size_t n)
{
	char *s = arena_alloc(a, n + 1);

	if (n > 0)
		memcpy(s, p, n);
	return s;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_dup(a, s, strlen(s));
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char few[256]; /* mostly enough: then it is formatted once */
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(few, sizeof few, fmt, again);
	va_end(again);
	if (n < 0)
		BUG("format %s", fmt);
	if ((size_t)n < sizeof few)
		return arena_dup(a, few, (size_t)n);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct cleanup *d = arena_alloc(a, sizeof *d);

	*d = (struct cleanup){ a->cleanups, fn, arg };
	a->cleanups = d;
}

static void
reset(struct arena *a, bool wipe)
{
	struct block *keep = NULL;

	for (struct cleanup *d = a->cleanups; d != NULL; d = d->next)
		d->fn(d->arg);
	for (struct block *b = a->top, *next; b != NULL; b = next) {
		next = b->next;
		if (wipe) {
			UNPOISON(b->mem, b->size);
			explicit_bzero(b->mem, b->used);
		}
		if (keep == NULL && b->size == BLOCK) {
			keep = b;
			continue;
		}
		UNPOISON(b->mem, b->size);
		free(b);
	}
	if (keep != NULL) {
		keep->next = NULL;
		keep->used = 0;
		POISON(keep->mem, keep->size);
	}
	*a = (struct arena){ .top = keep };
}

void
arena_reset(struct arena *a)
{
	reset(a, false);
}

void
arena_wipe(struct arena *a)
{
	reset(a, true);
}

void *
arena_lend(size_t n)
{
	return malloc(n);
}

void
arena_take_back(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}
