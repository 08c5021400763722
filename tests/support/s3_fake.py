#!/usr/bin/env python3
"""An S3 bucket in memory that verifies every request's signature (AWS Signature Version 4) from first principles.

usage: s3_fake.py BUCKET REGION ACCESS_KEY SECRET [SESSION_TOKEN]     prints "listening on PORT"

A key whose first part is one of these makes its first request, or all of them, fail:
  slow-down-once/  cut-once/  wrong-etag-once/  slow-down/  cut/  wrong-etag/  stall/  forbidden/
"""
import hashlib
import hmac
import re
import socket
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def signature(secret, region, date, method, path, query, headers, signed, payload_hash):
    """The signature of a request, in hexadecimal. `headers` by lower-case name, `signed` names in their order."""
    pairs = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
    canonical = "\n".join([
        method, path, "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs),
        "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in signed), ";".join(signed), payload_hash])
    scope = f"{date[:8]}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, sha256(canonical.encode())])
    key = ("AWS4" + secret).encode()
    for part in (date[:8], region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def quote(text):
    return urllib.parse.quote(text, safe="-_.~")


def check_against_published_vector():
    """The first example of Amazon's documentation of Signature Version 4 for S3."""
    empty = sha256(b"")
    made = signature(
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", "20130524T000000Z", "GET", "/test.txt", "",
        {"host": "examplebucket.s3.amazonaws.com", "range": "bytes=0-9", "x-amz-content-sha256": empty,
         "x-amz-date": "20130524T000000Z"}, ["host", "range", "x-amz-content-sha256", "x-amz-date"], empty)
    assert made == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", made


class Refusal(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status, self.code = status, code


class Bucket:
    def __init__(self, name, region, access_key, secret, token):
        self.name, self.region, self.access_key, self.secret, self.token = name, region, access_key, secret, token
        self.objects, self.failed, self.lock = {}, set(), threading.Lock()

    def verify(self, method, path, query, headers, body):
        """Raises what S3 answers to a request that is not signed as it must be."""
        found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
                             r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})", headers.get("authorization", ""))
        if not found:
            raise Refusal(403, "AccessDenied")
        access_key, day, region, signed, given = found.groups()
        signed = signed.split(";")
        date, payload_hash = headers.get("x-amz-date", ""), headers.get("x-amz-content-sha256")
        if payload_hash is None:
            raise Refusal(400, "MissingSecurityHeader")
        if payload_hash != sha256(body):
            raise Refusal(400, "XAmzContentSHA256Mismatch")
        must_sign = {"host"} | {name for name in headers if name.startswith("x-amz-")}
        if access_key != self.access_key:
            raise Refusal(403, "InvalidAccessKeyId")
        if region != self.region:
            raise Refusal(400, "AuthorizationHeaderMalformed")
        if not must_sign <= set(signed) <= set(headers) or signed != sorted(signed) or not date.startswith(day):
            raise Refusal(403, "AccessDenied")
        when = time.mktime(time.strptime(date, "%Y%m%dT%H%M%SZ")) - time.timezone
        if abs(time.time() - when) > 900:
            raise Refusal(403, "RequestTimeTooSkewed")
        if headers.get("x-amz-security-token", "") != self.token:
            raise Refusal(403, "InvalidToken")
        made = signature(self.secret, region, date, method, path, query, headers, signed, payload_hash)
        if not hmac.compare_digest(made, given):
            raise Refusal(403, "SignatureDoesNotMatch")

    def failure_of(self, key):
        """The failure that the key asks for and has not had yet; empty when there is none."""
        name = key.split("/")[0]
        if not name.endswith("-once"):
            return name
        with self.lock:
            if key in self.failed:
                return ""
            self.failed.add(key)
        return name.removesuffix("-once")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket = None

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, refusal):
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{refusal.code}</Code><Message>no</Message></Error>'
        self.answer(refusal.status, text.encode(), [("Content-Type", "application/xml")])

    def serve(self):
        path, _, query = self.path.partition("?")
        if "content-length" not in (name.lower() for name in self.headers) and self.command == "PUT":
            return self.refuse(Refusal(411, "MissingContentLength"))
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.bucket.verify(self.command, path, query, headers, body)
            name, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
            if name != self.bucket.name:
                raise Refusal(404, "NoSuchBucket")
            self.act(key, body, self.bucket.failure_of(key))
        except Refusal as refusal:
            self.refuse(refusal)

    def act(self, key, body, failure):
        objects = self.bucket.objects
        if failure == "slow-down":
            raise Refusal(503, "SlowDown")
        if failure == "forbidden":
            raise Refusal(403, "AccessDenied")
        if failure == "cut":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if failure == "stall":
            self.close_connection = True
            return self.rfile.read(1)  # until the client has had enough
        if self.command == "PUT":
            objects[key] = body
            tag = hashlib.md5(body if failure != "wrong-etag" else b"other bytes").hexdigest()
            return self.answer(200, headers=[("ETag", f'"{tag}"')])
        if self.command == "DELETE":
            objects.pop(key, None)
            return self.answer(204)
        if key not in objects:
            raise Refusal(404, "NoSuchKey")
        return self.answer(200, objects[key])

    do_GET = do_PUT = do_DELETE = serve


def main():
    check_against_published_vector()
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    bucket, region, access_key, secret = sys.argv[1:5]
    Handler.bucket = Bucket(bucket, region, access_key, secret, sys.argv[5] if len(sys.argv) > 5 else "")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
