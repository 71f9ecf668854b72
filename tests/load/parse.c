/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mails and megabytes a second of `docket parse`'s inside, on one core. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "mime/mime.h"

static struct arena mails;

/* Read and answer what lies in v[0..n) again and again for some seconds. */
static void
measure(const char *what, const struct str *v, size_t n, double seconds)
{
	static struct arena a;
	int64_t start = time_mono(), took = 0;
	size_t count = 0, bytes = 0;

	while ((took = time_mono() - start) < (int64_t)(seconds * 1e6)) {
		mime_json(&a, mime_read(&a, v[count % n]));
		arena_reset(&a);
		bytes += v[count % n].n;
		count++;
	}
	printf("# figure: %s: %.0f mails/s, %.1f MB/s\n", what, (double)count * 1e6 / (double)took,
	    (double)bytes / (double)took);
}

static struct str
with_attachment(size_t size)
{
	struct buf b = { .arena = &mails };

	buf_puts(&b, "Content-Type: multipart/mixed; "
		     "boundary=b\r\n\r\n--b\r\n\r\nText\r\n--b\r\nContent-Type: "
		     "application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	while (b.n < size)
		buf_puts(&b, "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9Gb"
			     "GF0ZURl\r\n");
	buf_puts(&b, "--b--\r\n");
	return buf_str(&b);
}

int
main(int argc, char **argv)
{
	const char *dir = arena_printf(&mails, "%s/tests/mail", getenv("TOP"));
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
	struct str v[200], big;
	struct dirent *e;
	DIR *d = opendir(dir);
	size_t n = 0;

	while (d != NULL && n < NELEM(v) && (e = readdir(d)) != NULL)
		if (strstr(e->d_name, ".eml") != NULL)
			v[n++] = file_read(&mails, arena_printf(&mails, "%s/%s", dir, e->d_name));
	if (n == 0)
		return 1;
	closedir(d);
	mime_warm();
	measure("small mails", v, n, seconds);
	big = with_attachment(10 << 20);
	measure("mails of 10 MB", &big, 1, seconds);
	big = with_attachment(20 << 20);
	measure("mails of 20 MB", &big, 1, seconds);
	return 0;
}
