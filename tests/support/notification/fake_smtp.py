#!/usr/bin/env python3
"""A mail server for tests, on a free port of this machine. usage: fake_smtp.py CERTIFICATE KEY BEHAVIOUR...

Each connection takes the next BEHAVIOUR, words joined by `+`: ok, no-starttls, auth-login (no PLAIN), bad-password,
STEP=CODE (answers STEP with CODE: mail, rcpt, data, text), drop (leaves without an answer to the text).
Prints its port, then one JSON object for each connection that ended: tls, login, from, to, text, greetings."""
import base64
import json
import socket
import ssl
import sys


class Session:
    def __init__(self, connection, context, behaviour):
        self.connection, self.context = connection, context
        words = behaviour.split("+")
        self.flags = {word for word in words if "=" not in word}
        self.codes = dict(word.split("=") for word in words if "=" in word)
        self.lines = connection.makefile("rb")
        self.seen = {"tls": False, "login": None, "from": None, "to": None, "text": None, "greetings": 0}

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def hear(self):
        return self.lines.readline()

    def answer(self, step, good):
        code = self.codes.get(step)
        self.say(f"{code} 4.0.0 as told" if code else good)
        return code is None

    def greet(self):
        self.seen["greetings"] += 1
        features = ["8BITMIME", "SMTPUTF8"]
        if self.seen["tls"]:
            features.append("AUTH LOGIN" if "auth-login" in self.flags else "AUTH PLAIN LOGIN")
        elif "no-starttls" not in self.flags:
            features.append("STARTTLS")
        self.say("250-fake.example\r\n" + "\r\n".join(
            f"250{'-' if i + 1 < len(features) else ' '}{feature}" for i, feature in enumerate(features)))

    def start_tls(self):
        self.say("220 go ahead")
        self.connection = self.context.wrap_socket(self.connection, server_side=True)
        self.lines = self.connection.makefile("rb")
        self.seen["tls"] = True

    def authenticate(self, line):
        _, mechanism, *initial = line.decode().split()
        if mechanism == "PLAIN":
            if not initial:
                self.say("334 ")
                initial = [self.hear().decode().strip()]
            _, user, password = base64.b64decode(initial[0]).decode().split("\0")
        else:
            answers = [base64.b64decode(word).decode() for word in initial]
            while len(answers) < 2:
                self.say("334 " + base64.b64encode(b"Username:" if not answers else b"Password:").decode())
                answers.append(base64.b64decode(self.hear().strip()).decode())
            user, password = answers
        if "bad-password" in self.flags:
            self.say("535 5.7.8 wrong")
        else:
            self.seen["login"] = [mechanism, user, password]
            self.say("235 welcome")

    def take_text(self):
        """False when the session is over."""
        if not self.answer("data", "354 go on"):
            return True
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            line = self.hear()
            if not line:
                return False
            text += line
        # As RFC 5321, 4.5.2: every line but the last loses a leading dot.
        lines = text[: -len(b".\r\n")].split(b"\r\n")
        self.seen["text"] = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines).decode()
        if "drop" in self.flags:
            return False
        self.answer("text", "250 taken")
        return True

    def run(self):
        self.say("220 fake.example ESMTP")
        while line := self.hear():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"EHLO":
                self.greet()
            elif verb == b"STARTTLS":
                self.start_tls()
            elif verb == b"AUTH":
                self.authenticate(line)
            elif verb == b"MAIL":
                self.seen["from"] = line.decode().strip()
                self.answer("mail", "250 ok")
            elif verb == b"RCPT":
                self.seen["to"] = line.decode().strip()
                self.answer("rcpt", "250 ok")
            elif verb == b"DATA":
                if not self.take_text():
                    return
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("500 what?")


def main():
    certificate, key, *behaviours = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    for behaviour in behaviours:
        connection, _ = server.accept()
        session = Session(connection, context, behaviour)
        try:
            session.run()
        except OSError as error:  # a client that hangs up in the middle of a handshake, say
            session.seen["error"] = str(error)
        session.connection.close()
        print(json.dumps(session.seen), flush=True)


if __name__ == "__main__":
    main()
