"""Mail over a real SMTP listener, aiosmtpd: what arrives, signing in, STARTTLS, refusals, a server
that is gone, a node that dies while it sends, and two nodes that share an outbox."""

import email
import email.policy
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import uuid

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from test_authlib import BINARY, Server

POSTGRES = os.environ.get("TESSERA_TEST_POSTGRES")


class Post:
    """Keeps what arrives; `say` may answer in its place, or hold the mail up."""

    def __init__(self):
        self.mails, self.say, self.user = [], None, None

    async def handle_DATA(self, server, session, envelope):
        answer = await self.say(envelope) if self.say else None
        if answer is None or answer.startswith("250"):
            self.mails.append((envelope, session.ssl is not None, session.auth_data))
        return answer or "250 2.0.0 kept"

    def parsed(self):
        return [email.message_from_bytes(e.content, policy=email.policy.default) for e, _, _ in self.mails]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def until(what, ready, limit=20):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        found = ready()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {limit} s")


def certificate(folder):
    """An authority and a certificate of localhost by it."""
    run = lambda *words: subprocess.run(words, cwd=folder, check=True, capture_output=True)
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "ca.key",
        "-out", "ca.pem", "-subj", "/CN=test authority")
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "csr.pem",
        "-subj", "/CN=localhost")
    pathlib.Path(folder, "ext").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    run("openssl", "x509", "-req", "-in", "csr.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
        "-CAcreateserial", "-extfile", "ext", "-out", "cert.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pathlib.Path(folder, "cert.pem"), pathlib.Path(folder, "key.pem"))
    return str(pathlib.Path(folder, "ca.pem")), context


class Mail(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.clock = pathlib.Path(self.folder.name, "clock")
        self.clock.write_text("0")
        self.post = Post()
        self.port = free_port()
        self.controller = None

    def tearDown(self):
        if self.controller:
            self.controller.stop()
        self.server.stop()
        self.folder.cleanup()

    def listen(self, **options):
        self.controller = Controller(self.post, hostname="127.0.0.1", port=self.port, **options)
        self.controller.start()

    def start(self, *more, **environment):
        self.server = Server("--clock-file", str(self.clock), *more, environment=environment)

    def tessera(self, *words, fails=False):
        command = [BINARY, *words, "--json", "--config", self.server.ready["config"]]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode != 0, fails, f"{words}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout) if not fails else done.stderr

    def use(self, *more, port=None):
        self.tessera("mail", "server", "set", "--host", "localhost", "--port", str(port or self.port),
                     "--from", "post@example.org", *more)

    def send(self, template="reset_password", to="ada@demo.test", language="en"):
        return self.tessera("mail", "template", "send", "--tenant", "demo", "--template", template,
                            "--language", language, "--to", to)["id"]

    def log(self, of):
        rows = self.tessera("mail", "log", "--tenant", "demo")["items"]
        return next(row for row in rows if row["id"] == of)

    def ends(self, of, state):
        return until(f"{of} {state}", lambda: (row := self.log(of))["state"] == state and row)

    def test_a_mail_arrives_whole(self):
        self.listen()
        self.start()
        self.use("--tls", "none")
        self.tessera("mail", "sender", "set", "--tenant", "demo", "--name", "Dämo, Inc.",
                     "--reply-to", "help@example.org")
        time.sleep(1.5)
        id = self.send(language="de")
        self.assertEqual(self.ends(id, "sent")["answer"], "250 2.0.0 kept")
        (envelope, _, _), message = self.post.mails[0], self.post.parsed()[0]
        self.assertEqual((envelope.mail_from, envelope.rcpt_tos), ("post@example.org", ["ada@demo.test"]))
        self.assertEqual(message["From"], '"Dämo, Inc." <post@example.org>')
        self.assertEqual(message["Reply-To"], "help@example.org")
        self.assertEqual(message["Message-ID"], f"<{id}@example.org>")
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertEqual(message["Subject"], "Wählen Sie ein neues Passwort für Demo")
        plain, rich = message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()
        link = self.server.ready["tenant"]["issuer"] + "/example/only"
        self.assertIn(link, plain)
        self.assertIn(f'href="{link}"', rich)
        self.assertTrue(all(line.isascii() and len(line) < 998 for line in envelope.content.splitlines()))

    def test_signing_in_and_starttls(self):
        authority, context = certificate(self.folder.name)
        known = {"post": "a secret of the server"}

        def check(server, session, envelope, mechanism, data):
            right = known.get(data.login.decode()) == data.password.decode()
            return AuthResult(success=right, handled=False)

        self.listen(tls_context=context, require_starttls=True, auth_required=True, authenticator=check)
        self.start(SSL_CERT_FILE=authority)
        secret = pathlib.Path(self.folder.name, "password")
        secret.write_text(known["post"] + "\n")
        os.environ["SSL_CERT_FILE"] = authority
        self.addCleanup(os.environ.pop, "SSL_CERT_FILE")
        self.use("--tls", "starttls", "--user", "post", "--password-file", str(secret))
        shown = self.tessera("mail", "server", "show")
        self.assertEqual((shown["has_password"], "password" in shown), (True, False))
        self.assertEqual(self.tessera("mail", "server", "test", "--to", "eve@example.org")["answer"], "250 2.0.0 kept")
        self.ends(self.send(), "sent")
        self.assertTrue(all(tls for _, tls, _ in self.post.mails))
        secret.write_text("wrong\n")
        self.use("--password-file", str(secret))
        refused = self.tessera("mail", "server", "test", "--to", "eve@example.org", fails=True)
        self.assertIn("535", refused)
        self.assertNotIn("wrong", refused)

    def test_no_starttls_no_mail(self):
        self.listen()
        self.start()
        self.use("--tls", "starttls")
        refused = self.tessera("mail", "server", "test", "--to", "eve@example.org", fails=True)
        self.assertIn("STARTTLS", refused)
        self.assertEqual(self.post.mails, [])

    def test_a_refusal_ends_it_and_a_delay_does_not(self):
        async def say(envelope):
            return {"never@demo.test": "550 5.1.1 nobody here", "later@demo.test": "451 4.3.0 busy"}.get(
                envelope.rcpt_tos[0])
        self.post.say = say
        self.listen()
        self.start()
        self.use("--tls", "none")
        never, later = self.send(to="never@demo.test"), self.send(to="later@demo.test")
        self.assertIn("5.1.1 nobody here", self.ends(never, "given_up")["answer"])
        self.assertIn("451", self.ends(later, "retrying")["answer"])
        self.post.say = None
        self.clock.write_text("61")
        self.assertEqual(self.ends(later, "sent")["attempts"], 2)
        self.assertEqual(len(self.post.mails), 1)

    def test_a_server_that_is_gone_delays_mail_and_nothing_else(self):
        self.start()
        self.use("--tls", "none")
        id = self.send(template="password_changed")
        self.assertIn("connecting", self.ends(id, "retrying")["answer"])
        self.assertEqual(self.log(id)["attempts"], 0)
        status = self.tessera("status")
        self.assertEqual((status["mail"]["state"], status["waiting"]), ("failing", 1))
        before = time.monotonic()
        self.send(template="set_password")
        self.assertLess(time.monotonic() - before, 5)
        self.clock.write_text("3700")
        soon = self.send(template="reset_password")
        self.listen()
        self.clock.write_text("4300")
        self.ends(id, "sent")
        self.ends(soon, "sent")
        self.assertEqual(self.tessera("status")["mail"]["state"], "working")

    def test_a_server_that_was_corrected_is_used_at_once(self):
        self.listen()
        self.start()
        self.use("--tls", "none", port=free_port())
        first = self.send()
        self.ends(first, "retrying")
        self.clock.write_text("11")
        time.sleep(1)
        before = time.monotonic()
        self.use("--tls", "none")
        self.ends(first, "sent")
        self.assertLess(time.monotonic() - before, 8, "without waiting for the next try")

    def test_what_is_not_worth_sending_any_more_is_not_sent(self):
        self.start()
        self.use("--tls", "none")
        id = self.send(template="reset_password")
        self.ends(id, "retrying")
        self.listen()
        self.clock.write_text("3700")
        self.assertIn("not delivered in time", self.ends(id, "given_up")["answer"])
        self.assertEqual(self.post.mails, [])

    def test_many_to_one_address_are_held_back(self):
        self.listen()
        self.start()
        self.use("--tls", "none")
        for _ in range(24):
            last = self.send(to="one@demo.test")
            time.sleep(0.1)
        self.ends(last, "suppressed")
        self.assertLessEqual(len(self.post.mails), 21)

    def test_a_node_that_dies_while_it_sends(self):
        reached = threading.Event()

        async def hang(envelope):
            import asyncio
            reached.set()
            await asyncio.sleep(30)
        self.post.say = hang
        self.listen()
        self.start()
        self.use("--tls", "none")
        id = self.send()
        self.assertTrue(reached.wait(10))
        self.assertEqual(self.log(id)["state"], "sending")
        self.server.process.send_signal(signal.SIGKILL)
        self.server.process.wait()
        self.controller.stop()
        self.post.say = None
        self.listen()
        first = self.server
        self.server = Server("--clock-file", str(self.clock), "--join", str(pathlib.Path(first.folder.name, "ready.json")))
        self.clock.write_text("60")
        time.sleep(2)
        self.assertEqual(self.post.mails, [], "the lease of the dead node still counts")
        self.clock.write_text("130")
        self.assertEqual(self.ends(id, "sent")["attempts"], 2)
        self.assertEqual([m["Message-ID"] for m in self.post.parsed()], [f"<{id}@example.org>"])
        first.log.close()

    @unittest.skipUnless(POSTGRES, "needs PostgreSQL")
    def test_two_nodes_send_each_mail_once(self):
        name = "mail_" + uuid.uuid4().hex[:12]
        base = POSTGRES.rsplit("/", 1)[0]
        subprocess.run(["psql", "-q", POSTGRES, "-c", f"CREATE DATABASE {name}"], check=True)
        self.listen()
        self.start("--database", f"{base}/{name}")
        second = Server("--clock-file", str(self.clock), "--join",
                        str(pathlib.Path(self.server.folder.name, "ready.json")))
        self.addCleanup(second.stop)
        self.use("--tls", "none", port=free_port())
        sent = [self.send(to=f"p{n}@demo.test") for n in range(40)]
        self.use("--tls", "none")
        self.clock.write_text("600")
        until("all mails", lambda: len(self.post.mails) >= len(sent), 40)
        time.sleep(2)
        self.clock.write_text("1200")
        time.sleep(2)
        ids = [m["Message-ID"] for m in self.post.parsed()]
        self.assertEqual(sorted(ids), sorted(f"<{id}@example.org>" for id in sent))


if __name__ == "__main__":
    unittest.main()
