"""Tokens of issuers with public keys: RS256, PS256, ES256, EdDSA from PEM and
JWKS files, roles by issuer, keys that come and go while florind runs.  And
what `florinctl jwt explain` says of each."""
import re
import subprocess
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from support import keys
from support.api import Api
from support.stack import Stack, wait_until
from support.tokens import Minter, sign

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
LOOK_SECONDS_MAX = 10  # a file is looked at every 2 s
SITE = "https://site.example"
MANY = f"""
issuer site {{
    iss = "{SITE}"
    algorithms = {{RS256, PS256, ES256, EdDSA}}
    key_file = "%(dir)s/site.jwks"
    role_claim = "https://site.example/role"
    role_map = {{"robot=service", "chief=admin", "writer=user"}}
    may_mint = {{user, service}}
}}
"""
ONE = """
issuer %(name)s {
    iss = "%(name)s"
    algorithms = {%(alg)s}
    key_file = "%(dir)s/%(name)s.pem"
    may_mint = {%(roles)s}
}
"""


def pem_issuer(alg):
    return f"pem-{alg.lower()}"


class World:
    """A stack, its issuers' keys, and the tokens that they make."""

    def __init__(self, stack):
        self.stack = stack
        self.rsa = keys.rsa_key()
        self.keys = {"RS256": self.rsa, "PS256": self.rsa,
                     "ES256": keys.ec_key(), "EdDSA": keys.ed_key()}
        self.spare = {"RS256": keys.rsa_key(), "ES256": keys.ec_key(),
                      "EdDSA": keys.ed_key()}
        self.spare["PS256"] = self.spare["RS256"]
        self.unfit = self.make_unfit()
        self.write_site(*self.site_keys())
        for alg in ALGORITHMS:
            self.put(f"{pem_issuer(alg)}.pem", keys.pem(self.keys[alg]))
        self.put("cert.pem", keys.certificate(self.keys["RS256"]))
        self.configure()
        self.api = Api(stack)
        self.minter = Minter(stack.secret)
        self.user = "a reader"
        wait_until(lambda: self.ask(self.token("RS256")).status != 401, 20,
                   "the new issuers are in force")
        assert self.api.register(
            self.token("RS256", user="the site", role="robot"),
            user_id=self.user).status == 201

    def make_unfit(self):
        """{kid: (key, alg, members)} of keys that may not sign."""
        return {
            "enc": (keys.rsa_key(), "RS256", {"use": "enc"}),
            "no verify": (keys.ec_key(), "ES256", {"key_ops": ["encrypt"]}),
            "private": (keys.ed_key(), "EdDSA", {"d": "AQAB"}),
            "short": (keys.rsa_key(1024), "RS256", {}),
            "wide": (keys.ec_key(ec.SECP384R1), "ES256", {}),
            "other alg": (keys.rsa_key(), "RS256", {"alg": "PS256"}),
        }

    def site_keys(self):
        made = [keys.jwk(self.keys[alg], alg, use="sig")
                for alg in ("RS256", "ES256", "EdDSA")]
        made.append(keys.jwk(self.spare["PS256"], "PS256", alg="PS256"))
        return made + [keys.jwk(key, kid, **members) for
                       kid, (key, _, members) in self.unfit.items()]

    def site_key(self, alg):
        return (self.spare if alg == "PS256" else self.keys)[alg]

    def put(self, name, data):
        keys.put(self.stack.dir / name, data)

    def write_site(self, *made):
        self.put("site.jwks", keys.jwks(*made))

    def configure(self):
        text = MANY % {"dir": self.stack.dir}
        for alg in ALGORITHMS:
            text += ONE % {"dir": self.stack.dir, "name": pem_issuer(alg),
                           "alg": alg, "roles": "user"}
        text += ONE % {"dir": self.stack.dir, "name": "cert",
                       "alg": "RS256", "roles": "user, admin"}
        self.stack.configure("issuer dev {", text + "issuer dev {")

    def claims(self, iss=SITE, user=None, role=None, **more):
        made = Minter(b"").claims(user or self.user, iss=iss, **more)
        if role is not None:
            made["https://site.example/role"] = role
        return made

    def token(self, alg, iss=SITE, kid=..., key=None, **more):
        """A good token of the site's, but for what is said."""
        kid = alg if kid is ... else kid
        return keys.token(key or self.site_key(alg), alg,
                          self.claims(iss, **more), kid)

    def ask(self, token):
        return self.api.get("/api/users/me", token)

    def explain(self, token):
        """What florinctl says: (exit status, text)."""
        told = subprocess.run(
            [self.stack.build_dir / "florinctl", "--config",
             self.stack.dir / "florin.conf", "jwt", "explain", "-"],
            input=token + "\n", capture_output=True, text=True, check=False)
        assert told.stderr == ""
        return told.returncode, told.stdout

    def assert_good(self, token, role="user"):
        answer = self.ask(token)
        assert answer.status == (200 if role == "user" else 403), answer
        status, text = self.explain(token)
        assert status == 0 and f" is {role}, by issuer " in text, text

    def assert_out(self, token, bad, why=""):
        """Refused by florind; florinctl says by which check, and why."""
        answer = self.ask(token)
        assert (answer.status, answer.code) == (401, "unauthorized")
        assert "invalid_token" in answer.header("www-authenticate")
        status, text = self.explain(token)
        assert status == 1
        assert re.findall(r"^BAD  (.*)$", text, re.M) == [bad], text
        assert why in text, text


ALG = "alg is one that an issuer allows"
KEY = "the key is known"
SIGNATURE = "signature"


@pytest.fixture(scope="module", name="world")
def world_of_issuers():
    with Stack() as stack:
        yield World(stack)


@pytest.mark.parametrize("kid", [..., None], ids=["kid", "no kid"])
@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_key_of_a_jwks(world, alg, kid):
    world.assert_good(world.token(alg, kid=kid))


@pytest.mark.parametrize("kid", [None, "any"])
@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_key_in_pem(world, alg, kid):
    world.assert_good(world.token(alg, pem_issuer(alg), kid, world.keys[alg]))


def test_a_certificate(world):
    world.assert_good(world.token("RS256", "cert"))


# Several issuers.

def test_the_secret_s_issuer_goes_on(world):
    minter = Minter(world.stack.secret, {"iss": "florin-dev"})
    world.assert_good(minter.token(world.user))


def test_whose_key_it_is_counts_where_no_iss_is(world):
    world.assert_good(world.token("ES256", ...))


@pytest.mark.parametrize("iss, why", [
    ("florin-dev", ALG), ("pem-rs256", ALG), ("pem-es256", SIGNATURE)])
def test_an_issuer_s_key_signs_for_no_other(world, iss, why):
    key = world.spare["ES256"] if iss == "pem-es256" else None
    world.assert_out(world.token("ES256", iss, key=key), why)


def test_an_iss_that_nobody_has(world):
    world.assert_out(world.token("ES256", "https://evil.example"), "iss")


# Roles.

def test_a_mapped_role(world):
    token = world.token("EdDSA", user="robot 7", role="robot")
    world.assert_good(token, "service")
    assert world.api.grant(world.user, 1, who=token).status == 200


@pytest.mark.parametrize("role", ["chief", "admin", "service", "writer", ""])
def test_a_role_that_the_issuer_may_not_mint_or_does_not_map(world, role):
    token = world.token("RS256", role=role)
    world.assert_good(token)
    assert world.api.grant(world.user, 1, who=token).code == "forbidden"
    assert world.api.adjust(world.user, 1, who=token).code == "forbidden"


def test_another_issuer_s_role_claim_says_nothing(world):
    claims = dict(world.claims(), role="service")
    world.assert_good(keys.token(world.keys["RS256"], "RS256", claims))


def test_a_role_without_a_map_means_itself(world):
    claims = dict(world.claims("cert"), role="admin")
    world.assert_good(keys.token(world.rsa, "RS256", claims), "admin")
    claims = dict(world.claims("pem-rs256"), role="admin")
    world.assert_good(keys.token(world.rsa, "RS256", claims))


# Forgeries.

SECRETS = {"PEM": keys.pem, "DER": keys.der,
           "PEM without its newline": lambda key: keys.pem(key).rstrip(),
           "certificate": keys.certificate}


@pytest.mark.parametrize("iss", [SITE, "pem-rs256", "cert"])
@pytest.mark.parametrize("form", SECRETS)
def test_a_public_key_is_no_secret(world, form, iss):
    token = sign({"alg": "HS256"}, world.claims(iss),
                 SECRETS[form](world.rsa))
    world.assert_out(token, ALG)


def test_a_public_key_is_no_secret_of_no_issuer_in_particular(world):
    token = sign({"alg": "HS256"}, world.claims(...), keys.pem(world.rsa))
    world.assert_out(token, SIGNATURE)


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_an_unknown_kid(world, alg):
    world.assert_out(world.token(alg, kid="no such"), KEY, "no such")


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_key_that_is_not_the_issuer_s(world, alg):
    key = keys.rsa_key() if alg in ("RS256", "PS256") else (
        keys.ec_key() if alg == "ES256" else keys.ed_key())
    world.assert_out(world.token(alg, key=key), SIGNATURE)
    world.assert_out(world.token(alg, key=key, kid=None), SIGNATURE)


@pytest.mark.parametrize("kid, why", [
    ("enc", "its use is not sig"),
    ("no verify", "its key_ops lack verify"),
    ("private", "its private part is in it"),
    ("short", "RSA of fewer than 2048 bits"),
    ("wide", "its curve is not P-256"),
    ("other alg", "it is for PS256")])
def test_a_key_that_may_not_sign(world, kid, why):
    key, alg, _ = world.unfit[kid]
    world.assert_out(world.token(alg, kid=kid, key=key), KEY, why)
    world.assert_out(world.token(alg, kid=None, key=key), SIGNATURE)


def test_a_signature_of_another_curve_with_a_good_key_s_name(world):
    key = world.unfit["wide"][0]
    world.assert_out(world.token("ES256", key=key), SIGNATURE)


@pytest.mark.parametrize("says, is_of", [
    ("RS256", "PS256"), ("PS256", "RS256"), ("ES256", "EdDSA"),
    ("RS256", "ES256"), ("EdDSA", "ES256")])
def test_an_algorithm_never_stands_in_for_another(world, says, is_of):
    token = world.token(is_of, kid=None)
    forged = keys.token(world.site_key(is_of), is_of, world.claims(), None,
                        says)
    world.assert_good(token)
    world.assert_out(forged, SIGNATURE)


def test_an_algorithm_that_the_issuer_does_not_list(world):
    world.assert_out(world.token("PS256", "pem-rs256", key=world.rsa), ALG)


def test_a_signature_in_der(world):
    token = world.token("ES256")
    signed = token.rpartition(".")[0]
    made = world.keys["ES256"].sign(signed.encode(),
                                    ec.ECDSA(keys.SHA256))
    world.assert_out(f"{signed}.{keys.b64(made)}", SIGNATURE)


def test_an_ec_signature_of_zeros(world):
    signed = world.token("ES256").rpartition(".")[0]
    world.assert_out(f"{signed}.{keys.b64(bytes(64))}", SIGNATURE)


# Keys come and go.

def test_keys_rotate_without_a_restart(world):
    processes = world.stack.worker_pids()
    old, new = keys.ec_key(), keys.ec_key()
    before, after = (world.token("ES256", kid=name, key=key)
                     for name, key in (("old", old), ("new", new)))
    world.write_site(keys.jwk(old, "old"), *world.site_keys())
    wait_until(lambda: world.ask(before).status == 200, LOOK_SECONDS_MAX,
               "a new key counts")
    world.assert_out(after, KEY)
    world.write_site(keys.jwk(new, "new"), keys.jwk(old, "old"),
                     *world.site_keys())
    wait_until(lambda: world.ask(after).status == 200, LOOK_SECONDS_MAX,
               "the next key counts")
    world.write_site(keys.jwk(new, "new"), *world.site_keys())
    wait_until(lambda: all(world.ask(before).status == 401
                           for _ in range(8)), LOOK_SECONDS_MAX,
               "the old key is forgotten, and tokens that it has made")
    world.assert_good(after)
    assert world.stack.worker_pids() == processes


def test_a_file_that_is_spoiled_leaves_the_keys_as_they_were(world):
    token = world.token("EdDSA")
    try:
        for text in b"", b"{", b'{"keys": []}', b"garbage":
            world.put("site.jwks", text)
            time.sleep(2.2)  # it has been looked at
            for _ in range(8):
                assert world.ask(token).status == 200
    finally:
        world.write_site(*world.site_keys())
    time.sleep(2.2)
    world.assert_good(token)


@pytest.mark.parametrize("name, why", [
    ("short", "there is no usable key in it"),
    ("wide", "there is no usable key in it")])
def test_a_file_of_unfit_keys_alone_is_no_configuration(world, name, why):
    key, alg, _ = world.unfit[name]
    world.put("bad.pem", keys.pem(key))
    text = ONE % {"dir": world.stack.dir, "name": "bad", "alg": alg,
                  "roles": "user"}
    path = world.stack.dir / "bad.conf"
    path.write_text((world.stack.dir / "florin.conf").read_text() + text)
    told = subprocess.run([world.stack.build_dir / "florind", "-t", "-c",
                           path], capture_output=True, text=True,
                          check=False)
    assert told.returncode != 0
    assert why in told.stdout + told.stderr
