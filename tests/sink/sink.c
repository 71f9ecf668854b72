/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An SMTP server for tests and the demo, on loopback only: each mail it accepts becomes N.eml in a
 * folder, its envelope N.env (written first). One process, one poll loop. See README.md. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "store.h"

static gnutls_certificate_credentials_t cred;
static int last_number;

static noreturn void
die(const char *what)
{
	fprintf(stderr, "sink: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
hang_up(struct conn *c)
{
	forget_mail(c);
	if (c->tls != NULL)
		gnutls_deinit(c->tls);
	close(c->fd);
	c->state = FREE;
}

/* One byte of a mail: stuffed dots undone, the end seen. Only CR LF ends a line. */
static void
data_byte(struct conn *c, char b)
{
	if (c->dots == START && b == '.') {
		c->dots = DOT;
		return;
	}
	if (c->dots == DOT && b == '\r') {
		c->dots = DOT_CR;
		return;
	}
	if (c->dots == DOT_CR && b == '\n') {
		complete(c);
		return;
	}
	if (c->dots == DOT_CR)
		fputc('\r', c->file);
	fputc(b, c->file);
	c->size++;
	c->dots = b == '\r' ? CR : b == '\n' && c->dots == CR ? START : INSIDE;
	if (c->size > 500 && has_fate(c, "cut"))
		c->state = CLOSING;
}

/* "<address> PARAMETERS" behind FROM: or TO:; NULL = no such thing, else the parameters. */
static const char *
path(const char *s, char *address, size_t size)
{
	const char *end;

	s += strspn(s, " ");
	end = strchr(s, '>');
	if (*s != '<' || end == NULL || (size_t)(end - s) > size)
		return NULL;
	snprintf(address, size, "%.*s", (int)(end - s - 1), s + 1);
	return end + 1;
}

static void
mail_from(struct conn *c, const char *s)
{
	char address[320];
	const char *rest = path(s, address, sizeof address);

	if (c->from[0] != '\0')
		say(c, "503 5.5.1 one at a time");
	else if (rest == NULL)
		say(c, "501 5.1.7 no address");
	else {
		snprintf(c->from, sizeof c->from, "<%s>%.200s", address, rest);
		say(c, "250 2.1.0 ok");
	}
}

static void
rcpt_to(struct conn *c, const char *s)
{
	struct rcpt *r = &c->rcpt[c->nrcpt];
	const char *rest, *fate;

	if (c->from[0] == '\0' || c->nrcpt + 1 == RCPTS) {
		say(c, c->nrcpt > 0 ? "452 4.5.3 too many recipients" : "503 5.5.1 no sender");
		return;
	}
	rest = path(s, r->address, sizeof r->address);
	if (rest == NULL) {
		say(c, "501 5.1.3 no address");
		return;
	}
	snprintf(r->rest, sizeof r->rest, "%s", rest);
	fate = fate_of(r->address, strcspn(r->address, "@"), true);
	r->fate = fate != NULL ? fate : "";
	c->slow = c->slow || strcmp(r->fate, "slow") == 0;
	if (strcmp(r->fate, "refuse") == 0)
		say(c, "550 5.1.1 no such mailbox");
	else if (strcmp(r->fate, "later") == 0)
		say(c, "451 4.7.1 greylisted, come again");
	else if (strcmp(r->fate, "close") == 0)
		c->state = CLOSING;
	else {
		c->nrcpt++;
		say(c, "250 2.1.5 ok");
	}
}

static void
begin_data(struct conn *c)
{
	if (c->nrcpt == 0) {
		say(c, "503 5.5.1 no recipient");
		return;
	}
	c->number = ++last_number;
	c->file = fopen(name_of(c, ".eml"), "w+");
	c->size = 0;
	c->dots = START;
	if (c->file == NULL)
		say(c, "451 4.3.0 %s", strerror(errno));
	else if (has_fate(c, "stall-data"))
		c->state = STALLED;
	else {
		c->state = DATA;
		say(c, "354 go on");
	}
}

static void
ehlo(struct conn *c)
{
	say(c, "250-sink.docket.test");
	say(c, "250-8BITMIME");
	if (!opt.no_dsn)
		say(c, "250-DSN");
	if (opt.cert != NULL && c->tls == NULL)
		say(c, "250-STARTTLS");
	say(c, "250-AUTH PLAIN");
	say(c, "250 SIZE %lld", (long long)opt.size);
	forget_mail(c);
}

static bool
is(const char *line, const char *verb)
{
	return strncasecmp(line, verb, strlen(verb)) == 0;
}

static void
command(struct conn *c, const char *line)
{
	if (is(line, "EHLO ") || is(line, "HELO "))
		ehlo(c);
	else if (is(line, "MAIL FROM:"))
		mail_from(c, line + 10);
	else if (is(line, "RCPT TO:"))
		rcpt_to(c, line + 8);
	else if (is(line, "DATA"))
		begin_data(c);
	else if (is(line, "AUTH PLAIN ") && (opt.auth == NULL || strcmp(line + 11, opt.auth) == 0))
		say(c, "235 2.7.0 welcome");
	else if (is(line, "AUTH"))
		say(c, "535 5.7.8 wrong password");
	else if (is(line, "STARTTLS") && opt.cert != NULL && c->tls == NULL) {
		say(c, "220 2.0.0 begin");
		c->starttls = true;
	} else if (is(line, "RSET")) {
		forget_mail(c);
		say(c, "250 2.0.0 ok");
	} else if (is(line, "QUIT")) {
		say(c, "221 2.0.0 bye");
		c->state = CLOSING;
	} else
		say(c, "500 5.5.2 what?");
}

static void
byte(struct conn *c, char b)
{
	if (c->state == DATA)
		data_byte(c, b);
	else if (c->state == COMMAND && !c->starttls && b == '\n') {
		c->line[c->nline - (c->nline > 0 && c->line[c->nline - 1] == '\r')] = '\0';
		c->nline = 0;
		command(c, c->line);
	} else if (c->state == COMMAND && !c->starttls && c->nline + 1 < sizeof c->line)
		c->line[c->nline++] = b;
}

static void
receive(struct conn *c)
{
	char in[16384];
	ssize_t n;

	do {
		n = c->tls != NULL ? gnutls_record_recv(c->tls, in, sizeof in)
				   : recv(c->fd, in, sizeof in, 0);
		for (ssize_t i = 0; i < n; i++)
			byte(c, in[i]);
	} while (n > 0 && c->nout == 0 && c->state != CLOSING);
	if (n == 0 || (n < 0 && (c->tls != NULL ? gnutls_error_is_fatal((int)n) : errno != EAGAIN)))
		hang_up(c);
}

static void
begin_tls(struct conn *c)
{
	gnutls_init(&c->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
	gnutls_set_default_priority(c->tls);
	gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, cred);
	gnutls_transport_set_int(c->tls, c->fd);
	c->starttls = false;
	c->nline = 0;
	c->state = HANDSHAKE;
}

static void
transmit(struct conn *c)
{
	size_t want = c->slow ? 1 : c->nout;
	ssize_t n = c->tls != NULL ? gnutls_record_send(c->tls, c->out, want)
				   : send(c->fd, c->out, want, MSG_NOSIGNAL);

	c->spoke_at = time_mono();
	if (n < 0 && (c->tls != NULL ? gnutls_error_is_fatal((int)n) : errno != EAGAIN)) {
		hang_up(c);
		return;
	}
	c->nout -= n > 0 ? (size_t)n : 0;
	memmove(c->out, c->out + (n > 0 ? n : 0), c->nout);
	if (c->nout == 0 && c->starttls)
		begin_tls(c);
}

static void
greet(struct conn *c)
{
	const char *fate = fate_of("banner", 6, false);

	c->state = fate == NULL ? COMMAND : strcmp(fate, "stall") == 0 ? STALLED : CLOSING;
	if (c->state != STALLED)
		say(c, fate == NULL ? "220 sink.docket.test ESMTP" : "554 5.3.2 not today");
}

static void
handshake(struct conn *c)
{
	int r = gnutls_handshake(c->tls);

	if (r < 0 && gnutls_error_is_fatal(r))
		hang_up(c);
	else if (r == 0 && opt.tls)
		greet(c);
	else if (r == 0)
		c->state = COMMAND;
}

static void
welcome(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	size_t i = 0;

	while (i < CONNS && conns[i].state != FREE)
		i++;
	if (fd < 0 || i == CONNS) {
		close(fd);
		return;
	}
	conns[i] = (struct conn){ .fd = fd };
	if (opt.tls)
		begin_tls(&conns[i]);
	else
		greet(&conns[i]);
}

static void
serve(struct conn *c, short events)
{
	if (c->state == HANDSHAKE)
		handshake(c);
	else if (c->nout > 0 && (events & (POLLOUT | POLLERR)) != 0)
		transmit(c);
	else if (c->nout == 0 && events != 0)
		receive(c);
	if (c->state == CLOSING && c->nout == 0)
		hang_up(c);
}

static void
loop(int listener)
{
	struct pollfd p[CONNS + 1];
	int patience;

	for (;;) {
		patience = -1;
		p[CONNS] = (struct pollfd){ listener, POLLIN, 0 };
		for (size_t i = 0; i < CONNS; i++) {
			struct conn *c = &conns[i];
			bool out = c->nout > 0 || (c->state == HANDSHAKE &&
						      gnutls_record_get_direction(c->tls) != 0);
			bool resting = out && c->slow && time_mono() - c->spoke_at < SECOND;

			p[i] = (struct pollfd){ c->state == FREE || resting ? -1 : c->fd,
				out ? POLLOUT : POLLIN, 0 };
			if (resting)
				patience = 50;
		}
		if (poll(p, CONNS + 1, patience) < 0 && errno != EINTR)
			die("poll");
		for (size_t i = 0; i < CONNS; i++)
			if (p[i].fd >= 0 && p[i].revents != 0)
				serve(&conns[i], p[i].revents);
		if (p[CONNS].revents != 0)
			welcome(listener);
	}
}

static int
listen_on(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)opt.port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
	socklen_t n = sizeof a;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 64) != 0)
		die("listen");
	getsockname(fd, (struct sockaddr *)&a, &n);
	opt.port = ntohs(a.sin_port);
	return fd;
}

static void
tell_port(void)
{
	FILE *f = opt.port_file != NULL ? fopen(opt.port_file, "w") : stdout;

	if (f == NULL || fprintf(f, "%lld\n", (long long)opt.port) < 0 || fflush(f) != 0)
		die("the port");
	if (f != stdout)
		fclose(f);
}

static void
read_options(int argc, char **argv)
{
	static const struct option names[] = { { "port", 1, NULL, 'p' },
		{ "port-file", 1, NULL, 'f' }, { "cert", 1, NULL, 'c' }, { "key", 1, NULL, 'k' },
		{ "tls", 0, NULL, 't' }, { "lmtp", 1, NULL, 'l' }, { "local", 1, NULL, 'd' },
		{ "control", 1, NULL, 'x' }, { "size", 1, NULL, 's' }, { "no-dsn", 0, NULL, 'n' },
		{ "auth", 1, NULL, 'a' }, { NULL, 0, NULL, 0 } };
	bool ok = true;
	int o;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (o) {
		case 'p': ok = ok && text_int(optarg, 0, 65535, &opt.port); break;
		case 'f': opt.port_file = optarg; break;
		case 'c': opt.cert = optarg; break;
		case 'k': opt.key = optarg; break;
		case 't': opt.tls = true; break;
		case 'l': ok = ok && text_int(optarg, 1, 65535, &opt.lmtp); break;
		case 'd': opt.local = optarg; break;
		case 'x': opt.control = optarg; break;
		case 's': ok = ok && text_int(optarg, 1, INT64_MAX, &opt.size); break;
		case 'n': opt.no_dsn = true; break;
		case 'a': opt.auth = optarg; break;
		default: ok = false;
		}
	opt.dir = argv[optind];
	if (!ok || opt.dir == NULL || (opt.lmtp != 0 && opt.local == NULL)) {
		fprintf(stderr, "usage: sink [OPTION...] FOLDER\n");
		exit(2);
	}
}

int
main(int argc, char **argv)
{
	struct dirent *e;
	int listener;
	DIR *d;

	read_options(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	conf.allow_plain = true; /* LMTP on loopback */
	conf.mail_allow = "localhost 127.0.0.1";
	gnutls_certificate_allocate_credentials(&cred);
	if (opt.cert != NULL && gnutls_certificate_set_x509_key_file(cred, opt.cert,
				    opt.key != NULL ? opt.key : opt.cert, GNUTLS_X509_FMT_PEM) < 0)
		die(opt.cert);
	d = opendir(opt.dir);
	if (d == NULL)
		die(opt.dir);
	while ((e = readdir(d)) != NULL)
		if (strtol(e->d_name, NULL, 10) > last_number)
			last_number = (int)strtol(e->d_name, NULL, 10);
	closedir(d);
	listener = listen_on();
	tell_port();
	if (chdir(opt.dir) != 0)
		die(opt.dir);
	loop(listener);
}
