/*
 * A guestbook: whoever comes may write a line, and reads what others wrote.
 *
 * All settings are in the environment: DATABASE_URL says where PostgreSQL is, PORT where to listen. What happens goes to
 * standard output, one line a request. SIGTERM and SIGINT end it once the request at hand is answered.
 *
 * One request is answered after the other, each within the time that TIMEOUT gives a client: enough for a guestbook.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifndef SCHEMA
#define SCHEMA "/usr/share/guestbook/schema.sql"
#endif

enum { HEADERS = 8 << 10, BODY = 16 << 10, TIMEOUT = 5, SHOWN = 100 };

struct text {
	char *bytes;
	size_t length;
};

struct request {
	char method[8];
	char path[256];
	char *body;
};

struct answer {
	int status;
	const char *type;
	const char *location;
	struct text body;
};

static volatile sig_atomic_t stopping;
static PGconn *database;

static void stop(int signal)
{
	(void)signal;
	stopping = 1;
}

static void die(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("guestbook: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

static void append(struct text *text, const char *format, ...)
{
	va_list arguments;
	char *piece;
	va_start(arguments, format);
	int length = vasprintf(&piece, format, arguments);
	va_end(arguments);
	if (length < 0)
		die("out of memory");
	char *bytes = realloc(text->bytes, text->length + (size_t)length + 1);
	if (!bytes)
		die("out of memory");
	memcpy(bytes + text->length, piece, (size_t)length + 1);
	text->bytes = bytes;
	text->length += (size_t)length;
	free(piece);
}

static void append_escaped(struct text *text, const char *words)
{
	for (; *words; words++)
		switch (*words) {
		case '&': append(text, "&amp;"); break;
		case '<': append(text, "&lt;"); break;
		case '>': append(text, "&gt;"); break;
		case '"': append(text, "&quot;"); break;
		default: append(text, "%c", *words);
		}
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	if (!file)
		die("%s: %s", path, strerror(errno));
	struct text text = { 0 };
	char line[1024];
	while (fgets(line, sizeof line, file))
		append(&text, "%s", line);
	fclose(file);
	return text.bytes ? text.bytes : strdup("");
}

/* What the server tells besides errors, such as that a table is there already, is of no use to anybody. */
static void ignore_notice(void *context, const char *message)
{
	(void)context;
	(void)message;
}

static bool is_good(PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static void complain(void)
{
	const char *message = PQerrorMessage(database);
	printf("database: %.*s\n", (int)strcspn(message, "\n"), message);
}

static bool connect_database(void)
{
	if (database && PQstatus(database) == CONNECTION_OK)
		return true;
	PQfinish(database);
	const char *keys[] = { "dbname", "connect_timeout", "fallback_application_name", NULL };
	const char *values[] = { getenv("DATABASE_URL"), "3", "guestbook", NULL };
	database = PQconnectdbParams(keys, values, 1);
	if (PQstatus(database) == CONNECTION_OK) {
		PQsetNoticeProcessor(database, ignore_notice, NULL);
		char *schema = read_file(SCHEMA);
		PGresult *result = PQexec(database, schema);
		bool done = is_good(result);
		PQclear(result);
		free(schema);
		if (done)
			return true;
	}
	complain();
	PQfinish(database);
	database = NULL;
	return false;
}

/* Asks once more where the connection turns out to be lost: the server was restarted. Null if there is no answer. */
static PGresult *query(const char *sql, int count, const char *const *values)
{
	for (int attempt = 0; attempt < 2 && connect_database(); attempt++) {
		PGresult *result = PQexecParams(database, sql, count, NULL, values, NULL, NULL, 0);
		if (is_good(result))
			return result;
		complain();
		PQclear(result);
		if (PQstatus(database) == CONNECTION_OK)
			break;
	}
	return NULL;
}

static struct answer plain(int status, const char *words)
{
	struct answer answer = { .status = status, .type = "text/plain; charset=utf-8" };
	append(&answer.body, "%s\n", words);
	return answer;
}

static struct answer page(void)
{
	PGresult *result = query(
		"select name, words, to_char(written at time zone 'UTC', 'YYYY-MM-DD HH24:MI')"
		" from entries order by id desc limit $1", 1, (const char *[]){ "100" });
	if (!result)
		return plain(503, "the database does not answer");
	struct answer answer = { .status = 200, .type = "text/html; charset=utf-8" };
	append(&answer.body,
		"<!doctype html><html lang=en><meta charset=utf-8><title>Guestbook</title>"
		"<style>body{font-family:sans-serif;max-width:40em;margin:2em auto}small{color:#777}</style>"
		"<h1>Guestbook</h1><form method=post action=/>"
		"<input name=name placeholder=Name maxlength=80 required> "
		"<input name=words placeholder=Words size=40 maxlength=1000 required> <button>Write</button></form>");
	for (int row = 0; row < PQntuples(result); row++) {
		append(&answer.body, "<p><b>");
		append_escaped(&answer.body, PQgetvalue(result, row, 0));
		append(&answer.body, "</b> ");
		append_escaped(&answer.body, PQgetvalue(result, row, 1));
		append(&answer.body, " <small>%s</small></p>", PQgetvalue(result, row, 2));
	}
	append(&answer.body, "</html>\n");
	PQclear(result);
	return answer;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The value of a field of a form (application/x-www-form-urlencoded), in a copy; null if it is missing or not text. */
static char *field(const char *form, const char *name)
{
	size_t length = strlen(name);
	while (form && (strncmp(form, name, length) || form[length] != '='))
		if ((form = strchr(form, '&')))
			form++;
	if (!form)
		return NULL;
	form += length + 1;
	char *value = malloc(strlen(form) + 1), *end = value;
	if (!value)
		die("out of memory");
	for (; *form && *form != '&'; form++) {
		char c = *form == '+' ? ' ' : *form;
		if (c == '%') {
			int high = digit(form[1]), low = high < 0 ? -1 : digit(form[2]);
			if (low < 0 || high + low == 0) {
				free(value);
				return NULL;
			}
			c = (char)(high << 4 | low);
			form += 2;
		}
		*end++ = c;
	}
	*end = 0;
	return value;
}

static struct answer write_entry(const char *form)
{
	char *name = field(form, "name"), *words = field(form, "words");
	struct answer answer;
	if (!name || !words || !*name || !*words || strlen(name) > 80 * 4 || strlen(words) > 1000 * 4)
		answer = plain(400, "write a name and some words, neither of them too long");
	else {
		PGresult *result = query("insert into entries (name, words) values ($1, $2)", 2,
			(const char *[]){ name, words });
		bool reached = database && PQstatus(database) == CONNECTION_OK;
		answer = result ? (struct answer){ .status = 303, .location = "/" }
			: reached ? plain(400, "the database does not take that")
			: plain(503, "the database does not answer");
		PQclear(result);
	}
	free(name);
	free(words);
	return answer;
}

static struct answer health(void)
{
	PGresult *result = query("select 1", 0, NULL);
	struct answer answer = result ? plain(200, "ok") : plain(503, "the database does not answer");
	PQclear(result);
	return answer;
}

static struct answer respond(const struct request *request)
{
	bool gets = !strcmp(request->method, "GET") || !strcmp(request->method, "HEAD");
	if (!strcmp(request->path, "/health"))
		return gets ? health() : plain(405, "only GET");
	if (strcmp(request->path, "/"))
		return plain(404, "there is nothing here");
	return gets ? page() : !strcmp(request->method, "POST") ? write_entry(request->body) : plain(405, "only GET and POST");
}

/* Reads headers and body; an HTTP status where that fails, 0 where the client is gone. */
static int receive(int client, char *buffer, struct request *request)
{
	size_t have = 0, wanted = 0;
	char *end = NULL;
	while (!end || have < wanted) {
		ssize_t count = read(client, buffer + have, HEADERS + BODY - have);
		if (count <= 0)
			return have ? 408 : 0;
		have += (size_t)count;
		buffer[have] = 0;
		if (end)
			continue;
		if (!(end = strstr(buffer, "\r\n\r\n"))) {
			if (have >= HEADERS)
				return 431;
			continue;
		}
		end += 4;
		size_t length = 0;
		for (char *line = strstr(buffer, "\r\n"); line && line < end - 4; line = strstr(line + 2, "\r\n"))
			if (!strncasecmp(line + 2, "Content-Length:", 15))
				length = strtoul(line + 17, NULL, 10);
		if (length > BODY)
			return 413;
		wanted = (size_t)(end - buffer) + length;
	}
	buffer[wanted] = 0;
	request->body = end;
	if (sscanf(buffer, "%7s %255s HTTP/1.", request->method, request->path) != 2)
		return 400;
	request->path[strcspn(request->path, "?")] = 0;
	return 200;
}

static const char *reason(int status)
{
	switch (status) {
	case 200: return "OK";
	case 303: return "See Other";
	case 400: return "Bad Request";
	case 404: return "Not Found";
	case 405: return "Method Not Allowed";
	case 408: return "Request Timeout";
	case 413: return "Content Too Large";
	case 431: return "Request Header Fields Too Large";
	default: return "Service Unavailable";
	}
}

static void send_all(int client, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = send(client, bytes, length, MSG_NOSIGNAL);
		if (count <= 0)
			return;
		bytes += count;
		length -= (size_t)count;
	}
}

static void serve(int client)
{
	static char buffer[HEADERS + BODY + 1];
	struct timeval limit = { .tv_sec = TIMEOUT };
	setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	struct request request = { .method = "-", .path = "-" };
	struct timespec start, end;
	clock_gettime(CLOCK_MONOTONIC, &start);
	int status = receive(client, buffer, &request);
	if (status == 0)
		return;
	struct answer answer = status == 200 ? respond(&request) : plain(status, reason(status));
	struct text head = { 0 };
	append(&head, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: %zu\r\n", answer.status,
		reason(answer.status), answer.body.length);
	if (answer.type)
		append(&head, "Content-Type: %s\r\n", answer.type);
	if (answer.location)
		append(&head, "Location: %s\r\n", answer.location);
	append(&head, "\r\n");
	send_all(client, head.bytes, head.length);
	if (strcmp(request.method, "HEAD"))
		send_all(client, answer.body.bytes, answer.body.length);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%s %s %d %ld ms\n", request.method, request.path, answer.status,
		(end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000);
	free(head.bytes);
	free(answer.body.bytes);
}

static int listen_on(int port)
{
	int yes = 1, no = 0, server = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in6 any6 = { .sin6_family = AF_INET6, .sin6_port = htons((unsigned short)port) };
	struct sockaddr_in any4 = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
	struct sockaddr *any = (struct sockaddr *)&any6;
	socklen_t size = sizeof any6;
	if (server >= 0)
		setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
	else if ((server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0) {
		/* A host without IPv6. */
		any = (struct sockaddr *)&any4;
		size = sizeof any4;
	}
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(server, any, size) || listen(server, 64))
		die("cannot listen on port %d: %s", port, strerror(errno));
	return server;
}

static int port_number(void)
{
	const char *text = getenv("PORT");
	if (!text || !*text)
		return 8080;
	char *end;
	long port = strtol(text, &end, 10);
	if (*end || port < 1 || port > 65535)
		die("PORT is '%s'; it has to be a number from 1 to 65535", text);
	return (int)port;
}

/* For the healthcheck of the image, which has no other program to ask with. */
static int ask_health(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port_number()),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const char *request = "GET /health HTTP/1.1\r\n\r\n";
	char answer[64] = "";
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval limit = { .tv_sec = 2 * TIMEOUT };
	setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(server, (struct sockaddr *)&here, sizeof here))
		return 1;
	send_all(server, request, strlen(request));
	return read(server, answer, sizeof answer - 1) <= 0 || strncmp(answer, "HTTP/1.1 200 ", 13);
}

int main(int count, char **arguments)
{
	if (count == 2 && !strcmp(arguments[1], "--health"))
		return ask_health();
	if (count > 1)
		die("takes no arguments; DATABASE_URL and PORT are its settings");
	if (!getenv("DATABASE_URL") || !*getenv("DATABASE_URL"))
		die("set DATABASE_URL, such as postgresql://postgres:secret@db/postgres");
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);

	/* The signals come only while it waits, so that none is lost between a look at the flag and the wait. */
	sigset_t blocked, waiting;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, &waiting);
	sigdelset(&waiting, SIGTERM);
	sigdelset(&waiting, SIGINT);
	struct sigaction action = { .sa_handler = stop };
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);

	int port = port_number(), server = listen_on(port);
	printf("listening on port %d\n", port);
	connect_database();
	while (!stopping) {
		struct pollfd wait = { .fd = server, .events = POLLIN };
		if (ppoll(&wait, 1, NULL, &waiting) < 0)
			continue;
		int client = accept4(server, NULL, NULL, SOCK_CLOEXEC);
		if (client < 0)
			continue;
		serve(client);
		close(client);
	}
	puts("stopped");
	PQfinish(database);
	return 0;
}
