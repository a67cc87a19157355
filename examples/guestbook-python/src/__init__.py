"""A guestbook: whoever comes may write a line, and reads what others wrote.

All settings are in the environment: DATABASE_URL says where PostgreSQL is, PORT where to listen. What happens goes to
standard output, one line a request. SIGTERM and SIGINT end it once the request at hand is answered.

One request is answered after the other, each within the time that TIMEOUT gives a client: enough for a guestbook.
"""

import html
import http.client
import http.server
import importlib.resources
import os
import signal
import socket
import sys
import threading
import time
import urllib.parse

import psycopg2

TIMEOUT = 5
BODY = 16 << 10
SHOWN = 100

FORM = """<!doctype html><html lang=en><meta charset=utf-8><title>Guestbook</title>\
<style>body{font-family:sans-serif;max-width:40em;margin:2em auto}small{color:#777}</style>\
<h1>Guestbook</h1><form method=post action=/>\
<input name=name placeholder=Name maxlength=80 required> \
<input name=words placeholder=Words size=40 maxlength=1000 required> <button>Write</button></form>"""


class Unanswered(Exception):
    """The database does not answer."""


class Database:
    """One connection, made when it is first needed, and again when it is lost."""

    def __init__(self, url):
        self.url = url
        self.connection = None

    def query(self, sql, values=()):
        """The rows of a query; asks once more where the connection turns out to be lost: the server was restarted."""
        for attempt in range(2):
            try:
                return self.ask(sql, values)
            except psycopg2.OperationalError as error:
                print(f"database: {str(error).splitlines()[0]}")
                self.close()
                if attempt:
                    raise Unanswered from error

    def ask(self, sql, values):
        if self.connection is None:
            self.connection = psycopg2.connect(self.url, connect_timeout=3, fallback_application_name="guestbook")
            self.connection.autocommit = True
            with self.connection.cursor() as cursor:
                cursor.execute(importlib.resources.files(__name__).joinpath("schema.sql").read_text())
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Visitor(http.server.BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT

    def do_GET(self):
        self.answer(self.page)

    do_HEAD = do_GET

    def do_POST(self):
        self.answer(self.write)

    def answer(self, root):
        self.began = time.monotonic()
        path = self.path.partition("?")[0]
        try:
            if path == "/":
                root()
            elif path == "/health" and self.command != "POST":
                self.server.database.query("select 1")
                self.send(200, "ok\n")
            elif path == "/health":
                self.send(405, "only GET\n")
            else:
                self.send(404, "there is nothing here\n")
        except Unanswered:
            self.send(503, "the database does not answer\n")

    def page(self):
        rows = self.server.database.query(
            "select name, words, to_char(written at time zone 'UTC', 'YYYY-MM-DD HH24:MI')"
            " from entries order by id desc limit %s",
            (SHOWN,),
        )
        entries = "".join(
            f"<p><b>{html.escape(name)}</b> {html.escape(words)} <small>{written}</small></p>"
            for name, words, written in rows
        )
        self.send(200, f"{FORM}{entries}</html>\n", kind="text/html")

    def write(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > BODY:
            self.send(413, "Content Too Large\n")
            return
        body = self.rfile.read(int(length))
        try:
            form = urllib.parse.parse_qs(body.decode("ascii"), errors="strict")
            name, words = form["name"][0], form["words"][0]
            if not (0 < len(name) <= 80 and 0 < len(words) <= 1000):
                raise ValueError
        except (KeyError, ValueError):
            self.send(400, "write a name and some words, neither of them too long\n")
            return
        try:
            self.server.database.query("insert into entries (name, words) values (%s, %s)", (name, words))
        except (psycopg2.DataError, psycopg2.IntegrityError, ValueError):
            self.send(400, "the database does not take that\n")
            return
        self.send(303, "", location="/")

    def send(self, status, text, kind="text/plain", location=None):
        body = text.encode()
        self.send_response_only(status)
        self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(body)))
        if body:
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        print(f"{self.command} {self.path.partition('?')[0]} {status} {(time.monotonic() - self.began) * 1000:.0f} ms")

    def log_message(self, format, *arguments):
        """What http.server itself has to say is of no use to anybody."""


class Server(http.server.HTTPServer):
    """Listens for IPv6 and IPv4 with one socket, where the host has both."""

    address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET

    def server_bind(self):
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


def die(message):
    sys.exit(f"guestbook: {message}")


def port_number():
    text = os.environ.get("PORT") or "8080"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        die(f"PORT is '{text}'; it has to be a number from 1 to 65535")
    return int(text)


def ask_health():
    """For the healthcheck of the image, which has no other program to ask with."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port_number(), timeout=2 * TIMEOUT)
        connection.request("GET", "/health")
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


def main():
    """The program guestbook."""
    if sys.argv[1:] == ["--health"]:
        sys.exit(ask_health())
    if sys.argv[1:]:
        die("takes no arguments; DATABASE_URL and PORT are its settings")
    url = os.environ.get("DATABASE_URL")
    if not url:
        die("set DATABASE_URL, such as postgresql://postgres:secret@db/postgres")
    sys.stdout.reconfigure(line_buffering=True)
    port = port_number()

    # Blocked in every thread, the signals wait for this one to ask.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        server = Server(("", port), Visitor)
    except OSError as error:
        die(f"cannot listen on port {port}: {error.strerror}")
    server.database = Database(url)
    print(f"listening on port {port}")
    thread = threading.Thread(target=server.serve_forever, args=[0.1])
    thread.start()
    signal.sigwait(ends)
    server.shutdown()
    thread.join()
    server.database.close()
    print("stopped")
