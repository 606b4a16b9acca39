"""Authlib, unmodified, as a relying party: code flow, tokens checked against the key set,
refresh, introspection, revocation, client credentials."""

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import requests
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
BINARY = os.environ.get("TESSERA_BIN", str(TARGET / "debug" / "tessera"))
SCOPE = "openid profile email offline_access"


class Server:
    """`tessera dev --ephemeral` and its ready file."""

    def __init__(self, *more, environment=None):
        self.folder = tempfile.TemporaryDirectory(prefix="tessera-py-")
        ready = pathlib.Path(self.folder.name, "ready.json")
        command = [BINARY, "dev", "--ephemeral", "--port", "0", "--ready-file", str(ready)]
        command += more
        self.log = open(pathlib.Path(self.folder.name, "log"), "w+")
        self.process = subprocess.Popen(
            command, cwd=self.folder.name, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env={**os.environ, **(environment or {})},
        )
        deadline = time.monotonic() + 60
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                raise RuntimeError(f"tessera did not start:\n{self.log.read()}")
            time.sleep(0.1)
        self.ready = json.loads(ready.read_text())

    def application(self, kind):
        return next(one for one in self.ready["applications"] if one["type"] == kind)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        self.folder.cleanup()
        shutil.rmtree(pathlib.Path(self.ready["config"]).parent, ignore_errors=True)


def attribute(tag, name):
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else None


def form_with(page, button):
    """The action and fields of the form that holds this button."""
    for opening, body in re.findall(r"(<form[^>]*>)(.*?)</form>", page, re.S):
        pressed = [tag for tag in re.findall(r"<button[^>]*>", body) if attribute(tag, "id") == button]
        if not pressed:
            continue
        inputs = [tag for tag in re.findall(r"<input[^>]*>", body) if 'type="checkbox"' not in tag]
        fields = {attribute(tag, "name"): attribute(tag, "value") or "" for tag in inputs}
        if attribute(pressed[0], "name"):
            fields[attribute(pressed[0], "name")] = attribute(pressed[0], "value") or ""
        return attribute(opening, "action"), fields
    return None


def visit(server, url, user, stop):
    """Walks a person through the pages; answers the address outside, or at `stop`."""
    browser = requests.Session()
    base = server.ready["base_url"]
    answer = browser.get(url, allow_redirects=False)
    for _ in range(20):
        if "location" in answer.headers:
            url = urllib.parse.urljoin(url, answer.headers["location"])
            if not url.startswith(base) or url.startswith(stop):
                return url
            answer = browser.get(url, allow_redirects=False)
            continue
        login = form_with(answer.text, "login-submit")
        found = login or form_with(answer.text, "consent-allow")
        assert found, f"stuck at {url}: {answer.status_code}\n{answer.text}"
        action, fields = found
        if login:
            fields |= {"username": user["email"], "password": user["password"]}
        url = urllib.parse.urljoin(url, action)
        headers = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
        answer = browser.post(url, data=fields, headers=headers, allow_redirects=False)
    raise AssertionError(f"no end at {url}")


class AuthlibTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        cls.issuer = cls.server.ready["tenant"]["issuer"]
        cls.metadata = requests.get(f"{cls.issuer}/.well-known/openid-configuration").json()
        cls.user = cls.server.ready["users"][0]

    def sign_in(self, application, session):
        nonce, verifier = generate_token(), generate_token(48)
        session.code_challenge_method = "S256"
        url, state = session.create_authorization_url(
            self.metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
        )
        callback = visit(self.server, url, self.user, application["redirect_uris"][0])
        token = session.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=callback,
            state=state,
            code_verifier=verifier,
        )
        return token, nonce

    def session(self, application, kind=OAuth2Session, **more):
        return kind(
            application["client_id"],
            application.get("client_secret"),
            scope=SCOPE,
            redirect_uri=application["redirect_uris"][0],
            code_challenge_method="S256",
            **more,
        )

    def check_id_token(self, token, application, nonce):
        keys = KeySet.import_key_set(requests.get(self.metadata["jwks_uri"]).json())
        decoded = jwt.decode(token["id_token"], keys, algorithms=["RS256", "ES256"])
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={"iss": {"values": [self.issuer]}},
            params={
                "nonce": nonce,
                "client_id": application["client_id"],
                "access_token": token["access_token"],
            },
        )
        claims.validate(leeway=10)
        self.assertEqual(claims["sub"], self.user["id"])
        self.assertEqual(claims["email"], self.user["email"])

    def test_code_flow_refresh_introspection_revocation(self):
        application = self.server.application("web")
        session = self.session(application)
        token, nonce = self.sign_in(application, session)
        self.check_id_token(token, application, nonce)
        info = session.get(self.metadata["userinfo_endpoint"]).json()
        self.assertEqual(info["sub"], self.user["id"])
        fresh = session.refresh_token(self.metadata["token_endpoint"], token["refresh_token"])
        self.assertNotEqual(fresh["refresh_token"], token["refresh_token"])
        live = session.introspect_token(self.metadata["introspection_endpoint"], fresh["access_token"])
        self.assertTrue(live.json()["active"])
        gone = session.revoke_token(self.metadata["revocation_endpoint"], fresh["refresh_token"])
        self.assertEqual(gone.status_code, 200)
        dead = session.introspect_token(self.metadata["introspection_endpoint"], fresh["access_token"])
        self.assertEqual(dead.json(), {"active": False})

    def test_the_httpx_client_with_credentials_in_the_body(self):
        application = self.server.application("web")
        session = self.session(
            application, OAuth2Client, token_endpoint_auth_method="client_secret_post"
        )
        token, nonce = self.sign_in(application, session)
        self.check_id_token(token, application, nonce)

    def test_a_public_client(self):
        application = self.server.application("spa")
        session = self.session(application, token_endpoint_auth_method="none")
        token, nonce = self.sign_in(application, session)
        self.check_id_token(token, application, nonce)

    def test_client_credentials(self):
        application = self.server.application("machine")
        for method in ("client_secret_basic", "client_secret_post"):
            session = OAuth2Session(
                application["client_id"],
                application["client_secret"],
                token_endpoint_auth_method=method,
            )
            token = session.fetch_token(
                self.metadata["token_endpoint"], grant_type="client_credentials"
            )
            self.assertEqual(token["token_type"], "Bearer")


if __name__ == "__main__":
    unittest.main()
