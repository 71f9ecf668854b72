/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The yardstick of tests/load/api: libfcgi and libpq with nothing between, doing the same SELECTs.
 * bare SOCKET CONNINFO WORKERS FILE...: each FILE holds one statement without parameters; a request runs
 * them all in one round trip and answers with the raw values. */
#include <fcgiapp.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

static char *
read_file(const char *path)
{
	char *s = calloc(1, 1 << 16);
	FILE *f = fopen(path, "r");

	if (f == NULL || fread(s, 1, (1 << 16) - 1, f) == 0)
		exit(66);
	fclose(f);
	return s;
}

static size_t
add(char *to, size_t n, const PGresult *r)
{
	for (int i = 0; i < PQntuples(r); i++)
		for (int k = 0; k < PQnfields(r); k++) {
			size_t length = (size_t)PQgetlength(r, i, k);

			memcpy(to + n, PQgetvalue(r, i, k), length);
			n += length;
			to[n++] = ',';
		}
	return n;
}

static void
serve(int listening, const char *database, char **file, int files)
{
	static char out[1 << 20];
	PGconn *c = PQconnectdb(database);
	FCGX_Request q;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < files; i++) {
		char name[2] = { (char)('a' + i), 0 };
		PGresult *r = PQprepare(c, name, read_file(file[i]), 0, NULL);

		if (PQresultStatus(r) != PGRES_COMMAND_OK) {
			fputs(PQresultErrorMessage(r), stderr);
			exit(70);
		}
	}
	PQenterPipelineMode(c);
	FCGX_Init();
	FCGX_InitRequest(&q, listening, 0);
	while (FCGX_Accept_r(&q) == 0) {
		size_t n = 0;

		for (int i = 0; i < files; i++) {
			char name[2] = { (char)('a' + i), 0 };

			PQsendQueryPrepared(c, name, 0, NULL, NULL, NULL, 0);
		}
		PQpipelineSync(c);
		for (int i = 0; i < files; i++) {
			PGresult *r = PQgetResult(c);

			n = add(out, n, r);
			PQclear(r);
			PQclear(PQgetResult(c));
		}
		PQclear(PQgetResult(c));
		FCGX_FPrintF(q.out, "Content-Type: application/json\r\n\r\n");
		FCGX_PutStr(out, (int)n, q.out);
		FCGX_Finish_r(&q);
	}
}

int
main(int argc, char **argv)
{
	int listening, workers;

	if (argc < 5)
		return 64;
	listening = FCGX_OpenSocket(argv[1], 512);
	workers = atoi(argv[3]);
	for (int i = 0; i < workers; i++)
		if (fork() == 0) {
			serve(listening, argv[2], argv + 4, argc - 4);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return 0;
}
