/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time is microseconds since 1970 UTC; zones are PostgreSQL's business. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/base.h"

static int64_t
clock_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
time_now(void)
{
	return clock_us(CLOCK_REALTIME);
}

int64_t
time_mono(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

/* Seconds and the microseconds above them, also before 1970. */
static time_t
split(int64_t us, int *micros)
{
	int64_t rest = us % 1000000;

	if (rest < 0)
		rest += 1000000;
	*micros = (int)rest;
	return (time_t)((us - rest) / 1000000);
}

char *
time_rfc3339(struct arena *a, int64_t us)
{
	int micros;
	time_t s = split(us, &micros);
	struct tm tm;

	gmtime_r(&s, &tm);
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, micros);
}

char *
time_rfc5322(struct arena *a, int64_t us)
{
	static const char *const day[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	int micros;
	time_t s = split(us, &micros);
	struct tm tm;

	gmtime_r(&s, &tm);
	return arena_printf(a, "%s, %d %s %04d %02d:%02d:%02d +0000", day[tm.tm_wday], tm.tm_mday,
	    month[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* The part behind the seconds: fraction and zone, into microseconds to add. */
static bool
parse_tail(const char *s, int64_t *add)
{
	int64_t scale = 100000;
	int h, m = 0, n = 0;

	*add = 0;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++, scale /= 10)
			*add += (*s - '0') * scale;
	if (*s == '\0' || strcmp(s, "Z") == 0)
		return true;
	if ((*s != '+' && *s != '-') || sscanf(s + 1, "%2d%n", &h, &n) != 1)
		return false;
	if (s[1 + n] != '\0' && sscanf(s + 1 + n, ":%2d", &m) != 1 &&
	    sscanf(s + 1 + n, "%2d", &m) != 1)
		return false;
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*add -= (*s == '-' ? -1 : 1) * ((int64_t)h * 3600 + m * 60) * 1000000;
	return true;
}

bool
time_parse(const char *s, int64_t *out)
{
	struct tm tm = { 0 }, given;
	int64_t add, at;
	int n = 0;

	if (sscanf(s, "%4d-%2d-%2d%*[T ]%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		&tm.tm_hour, &tm.tm_min, &tm.tm_sec, &n) != 6 ||
	    n == 0 || !parse_tail(s + n, &add))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	given = tm;
	at = (int64_t)timegm(&tm) * 1000000 + add;
	/* What timegm() had to put right is no date: 31 February, 25 o'clock. */
	if (tm.tm_mon != given.tm_mon || tm.tm_mday != given.tm_mday ||
	    tm.tm_hour != given.tm_hour || tm.tm_min != given.tm_min || tm.tm_sec != given.tm_sec)
		return false;
	*out = at;
	return true;
}
