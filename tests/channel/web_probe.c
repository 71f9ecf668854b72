/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ask the addresses on standard input, one a line, as curl.h does; say what came of each, and each address that a
 * connection was tried to: names are looked up in a file, and connect() is replaced, so that nothing leaves but
 * what is named by -r.
 *   web_probe [-a ALLOW] [-c CA] [-p] [-h HOPS] [-l LIMIT] [-s SECONDS] [-f FORM] [-n NAMES] [-r PORT] */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel/curl.h"

static const char *names_file;
static int real_port;

/* A name's line: NAME ADDRESS... / ADDRESS...: what the first question is answered, the second, and so on; the
 * last goes on for ever. */
static int asked;

static char *
find_name(char *line, size_t size, const char *name)
{
	FILE *f = names_file == NULL ? NULL : fopen(names_file, "r");
	char *found = NULL;

	while (f != NULL && found == NULL && fgets(line, (int)size, f) != NULL) {
		char *space = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (space != NULL && (size_t)(space - line) == strlen(name) &&
		    strncasecmp(line, name, strlen(name)) == 0)
			found = space + 1;
	}
	if (f != NULL)
		fclose(f);
	return found;
}

static struct addrinfo *
make_address(const char *text, const char *port, const struct addrinfo *hints)
{
	struct addrinfo ask = { .ai_socktype = hints->ai_socktype, .ai_flags = AI_NUMERICHOST };
	int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
	    dlsym(RTLD_NEXT, "getaddrinfo");
	void (*forget)(struct addrinfo *) = dlsym(RTLD_NEXT, "freeaddrinfo");
	struct addrinfo *a, *mine;

	if (real(text, port, &ask, &a) != 0)
		return NULL;
	mine = calloc(1, sizeof *mine + a->ai_addrlen);
	*mine = *a;
	mine->ai_next = NULL;
	mine->ai_canonname = NULL;
	mine->ai_addr = (struct sockaddr *)(mine + 1);
	memcpy(mine->ai_addr, a->ai_addr, a->ai_addrlen);
	forget(a);
	return mine;
}

int
getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo **out)
{
	char line[1024], copy[1024], *list = find_name(line, sizeof line, name), *word, *save;
	struct addrinfo **end = out;

	*out = NULL;
	snprintf(copy, sizeof copy, "%s", list == NULL ? name : list);
	list = copy;
	for (int n = asked; n > 0 && strstr(list, " / ") != NULL; n--)
		list = strstr(list, " / ") + 3;
	if (strstr(list, " / ") != NULL)
		*strstr(list, " / ") = '\0';
	for (word = strtok_r(list, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
		*end = make_address(word, port, hints);
		if (*end != NULL)
			end = &(*end)->ai_next;
	}
	return *out == NULL ? EAI_NONAME : 0;
}

void
freeaddrinfo(struct addrinfo *a)
{
	while (a != NULL) {
		struct addrinfo *next = a->ai_next;

		free(a);
		a = next;
	}
}

int
connect(int fd, const struct sockaddr *to, socklen_t n)
{
	int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "0";

	if (to->sa_family == AF_UNIX) /* whoever logs or looks up names on this machine */
		return real(fd, to, n);
	getnameinfo(to, n, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
	printf("connect %s %s\n", host, port);
	if (real_port != 0 && real_port == (int)strtol(port, NULL, 10))
		return real(fd, to, n);
	errno = ECONNREFUSED;
	return -1;
}

int
main(int argc, char **argv)
{
	struct curl_ask ask = { 0 };
	char line[8192];
	int option;

	while ((option = getopt(argc, argv, "a:c:f:h:l:n:pr:s:")) != -1)
		switch (option) {
		case 'a': ask.allow = optarg; break;
		case 'c': ask.ca = optarg; break;
		case 'f': ask.form = optarg; break;
		case 'h': ask.hops = (int)strtol(optarg, NULL, 10); break;
		case 'l': ask.limit = (size_t)strtol(optarg, NULL, 10); break;
		case 'n': names_file = optarg; break;
		case 'p': ask.plain = true; break;
		case 'r': real_port = (int)strtol(optarg, NULL, 10); break;
		case 's': ask.seconds = (int)strtol(optarg, NULL, 10); break;
		default: return 64;
		}
	while (fgets(line, sizeof line, stdin) != NULL) {
		struct arena arena = { 0 };
		struct curl_answer answer = { 0 };
		struct wire_error e = { 0 };

		line[strcspn(line, "\n")] = '\0';
		ask.url = line;
		printf("ask %s\n", line);
		if (curl_fetch(&arena, &ask, &answer, &e))
			printf(
			    "answer %d %zu %.200s\n", answer.status, answer.body.n, answer.body.s);
		else
			printf("error %s: %s\n", e.code, e.words);
		asked++;
		fflush(stdout);
		arena_reset(&arena);
	}
	return 0;
}
