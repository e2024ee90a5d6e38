"""Not let in: every token that is not exactly right."""
import base64
import hashlib
import json
import time

import pytest

from support.stack import HEADERS_TOO_LARGE
from support.tokens import Minter, b64, sign, unb64

GOOD_HEADER = {"alg": "HS256", "typ": "JWT"}


@pytest.fixture(scope="module", name="owner")
def owner_of_tokens(api):
    return api.new_user()


def ask(api, token, scheme="Bearer "):
    headers = [("Authorization", f"{scheme}{token}")]
    return api.call("GET", "/api/credits", headers=headers)


def assert_out(answer):
    assert (answer.status, answer.code) == (401, "unauthorized")


def wrong_claims(mint, owner):
    """Claims that are wrong, by name (... leaves one out)."""
    now = int(time.time())
    return {
        "expired": {"exp": now - 31},
        "expired long ago": {"exp": 1},
        "exp 0": {"exp": 0},
        "exp below 0": {"exp": -1},
        "no exp": {"exp": ...},
        "exp null": {"exp": None},
        "exp is text": {"exp": str(now + 60)},
        "exp is an object": {"exp": {}},
        "exp is true": {"exp": True},
        "not yet valid": {"nbf": now + 60},
        "nbf is text": {"nbf": "0"},
        "issued in the future": {"iat": now + 60},
        "iat is text": {"iat": "now"},
        "another issuer": {"iss": "https://evil.example"},
        "issuer is a list": {"iss": [mint.common["iss"]]},
        "no issuer": {"iss": ...},
        "another audience": {"aud": "another"},
        "audience of others": {"aud": ["one", "two"]},
        "audience is a number": {"aud": 7},
        "audience in capitals": {"aud": mint.common["aud"].upper()},
        "no audience": {"aud": ...},
        "no sub": {"sub": ...},
        "sub null": {"sub": None},
        "sub empty": {"sub": ""},
        "sub too long": {"sub": "x" * 129},
        "sub with a newline": {"sub": "a\nb"},
        "sub with NUL": {"sub": owner + "\0"},
        "sub with C1": {"sub": "a\u0085b"},
        "sub is a number": {"sub": 7},
        "sub is a list": {"sub": [owner]},
        "role is a number": {"role": 1},
        "role is a list": {"role": ["admin"]},
        "role is an object": {"role": {"admin": True}},
        "role is true": {"role": True},
    }


NAMES = wrong_claims(Minter(b"", {"iss": "", "aud": ""}), "")


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_claim(api, owner, name):
    wrong = wrong_claims(api.minter, owner)[name]
    assert_out(ask(api, api.minter.token(owner, **wrong)))


def claims_text(api, owner, change):
    """The payload as text with one change made to its bytes."""
    text = json.dumps(api.minter.claims(owner)).encode()
    return change(text)


PAYLOADS = {
    "exp far too large": lambda t: t.replace(
        b'"exp": ', b'"exp": 99999999999999999999'),
    "exp infinite": lambda t: t.replace(b'"exp": ', b'"exp": 1e400, "x": '),
    "doubled sub": lambda t: t.replace(b"{", b'{"sub": "root", ', 1),
    "doubled exp": lambda t: t.replace(b"{", b'{"exp": 9999999999, ', 1),
    "doubled after escapes": lambda t: t.replace(
        b"{", b'{"s\\u0075b": "root", ', 1),
    "doubled role": lambda t: t.replace(
        b"{", b'{"role": "user", "role": "admin", ', 1),
    "a list": lambda t: b"[" + t + b"]",
    "a text": lambda t: b'"x"',
    "not closed": lambda t: t[:-1],
    "something after it": lambda t: t + b"x",
    "single quotes": lambda t: t.replace(b'"', b"'"),
    "NaN": lambda t: t.replace(b"{", b'{"x": NaN, ', 1),
    "NUL in a name": lambda t: t.replace(b"{", b'{"a\\u0000": 1, ', 1),
    "raw NUL": lambda t: t + b"\0",
    "bad UTF-8": lambda t: t.replace(b"{", b'{"x": "\xff", ', 1),
    "overlong UTF-8": lambda t: t.replace(b"{", b'{"x": "\xc0\xaf", ', 1),
    "byte order mark": lambda t: b"\xef\xbb\xbf" + t,
    "nested deeply": lambda t: t.replace(
        b"{", b'{"x": ' + b"[" * 500 + b"]" * 500 + b", ", 1),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_that_is_not_strict_json(api, owner, name):
    payload = claims_text(api, owner, PAYLOADS[name])
    token = sign(GOOD_HEADER, payload, api.minter.secret)
    assert_out(ask(api, token))


HEADERS = {
    "alg none": b'{"alg":"none"}',
    "alg None": b'{"alg":"None"}',
    "alg NONE": b'{"alg":"NONE"}',
    "alg nOnE": b'{"alg":"nOnE","typ":"JWT"}',
    "alg empty": b'{"alg":""}',
    "no alg": b'{"typ":"JWT"}',
    "alg null": b'{"alg":null}',
    "alg a list": b'{"alg":["HS256"]}',
    "alg hs256": b'{"alg":"hs256"}',
    "alg HS384": b'{"alg":"HS384"}',
    "alg HS512": b'{"alg":"HS512"}',
    "alg RS256": b'{"alg":"RS256"}',
    "alg ES256": b'{"alg":"ES256"}',
    "alg EdDSA": b'{"alg":"EdDSA"}',
    "alg dir": b'{"alg":"dir","enc":"A256GCM"}',
    "alg with NUL": b'{"alg":"HS256\\u0000"}',
    "doubled alg": b'{"alg":"none","alg":"HS256"}',
    "doubled alg, escaped": b'{"alg":"none","a\\u006cg":"HS256"}',
    "unknown crit": b'{"alg":"HS256","crit":["x"],"x":1}',
    "crit exp": b'{"alg":"HS256","crit":["exp"],"exp":1}',
    "crit b64": b'{"alg":"HS256","b64":false,"crit":["b64"]}',
    "crit empty": b'{"alg":"HS256","crit":[]}',
    "crit no list": b'{"alg":"HS256","crit":"x"}',
    "typ a number": b'{"alg":"HS256","typ":1}',
    "typ JWE": b'{"alg":"HS256","typ":"JWE"}',
    "a list": b'["HS256"]',
    "a text": b'"HS256"',
    "not JSON": b"HS256",
    "empty object": b"{}",
    "blank": b" ",
    "cut": b'{"alg":"HS256"',
    "byte order mark": b'\xef\xbb\xbf{"alg":"HS256"}',
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_wrong_header(api, owner, name):
    token = sign(HEADERS[name], api.minter.claims(owner), api.minter.secret)
    assert_out(ask(api, token))


@pytest.mark.parametrize("name", ["alg none", "alg None", "alg NONE",
                                  "alg nOnE", "no alg"])
def test_none_without_a_signature(api, owner, name):
    token = sign(HEADERS[name], api.minter.claims(owner), b"x")
    unsigned = token.rpartition(".")[0]
    assert_out(ask(api, unsigned + "."))
    assert_out(ask(api, unsigned))


@pytest.mark.parametrize("name, digest", [
    ("alg HS384", hashlib.sha384), ("alg HS512", hashlib.sha512)])
def test_an_algorithm_that_the_issuer_does_not_use(api, owner, name, digest):
    token = sign(HEADERS[name], api.minter.claims(owner),
                 api.minter.secret, digest)
    assert_out(ask(api, token))


KEYS = {
    "empty": lambda secret: b"",
    "cut": lambda secret: secret[:-1],
    "with its newline": lambda secret: secret + b"\n",
    "in base64": base64.b64encode,
    "NUL": lambda secret: b"\0" * len(secret),
    "another": lambda secret: secret[::-1] + b"x",
}


@pytest.mark.parametrize("name", KEYS)
def test_a_wrong_key(api, owner, name):
    key = KEYS[name](api.minter.secret)
    claims = api.minter.claims(owner)
    assert_out(ask(api, api.minter.sign(claims, key=key)))


def pieces(api, owner):
    return api.minter.token(owner).split(".")


def test_a_tampered_payload(api, owner):
    header, payload, mac = pieces(api, owner)
    claims = json.loads(unb64(payload))
    claims["role"] = "admin"
    forged = b64(json.dumps(claims).encode())
    assert_out(ask(api, f"{header}.{forged}.{mac}"))


def test_a_signature_of_another_token(api, owner):
    header, payload, _ = pieces(api, owner)
    mac = api.admin.split(".")[2]
    assert_out(ask(api, f"{header}.{payload}.{mac}"))


@pytest.mark.parametrize("cut", [1, 4, 22, 43])
def test_a_cut_signature(api, owner, cut):
    token = api.minter.token(owner)
    assert_out(ask(api, token[:-cut]))


def test_each_bit_of_the_signature_counts(api, owner):
    header, payload, mac = pieces(api, owner)
    raw = unb64(mac)
    for place in (0, 15, 31):
        changed = bytearray(raw)
        changed[place] ^= 1
        assert_out(ask(api, f"{header}.{payload}.{b64(bytes(changed))}"))


SEGMENTS = {
    "two dots": lambda h, p, m: "..",
    "one dot": lambda h, p, m: ".",
    "no header": lambda h, p, m: f".{p}.{m}",
    "no payload": lambda h, p, m: f"{h}..{m}",
    "no signature": lambda h, p, m: f"{h}.{p}.",
    "header only": lambda h, p, m: h,
    "two parts": lambda h, p, m: f"{h}.{p}",
    "four parts": lambda h, p, m: f"{h}.{p}.{m}.{m}",
    "five parts": lambda h, p, m: f"{h}.{m}.{m}.{p}.{m}",
    "a dot before": lambda h, p, m: f".{h}.{p}.{m}",
    "a dot after": lambda h, p, m: f"{h}.{p}.{m}.",
    "padded": lambda h, p, m: f"{h}.{p}.{m}=",
    "a space inside": lambda h, p, m: f"{h}. {p}.{m}",
    "a comma": lambda h, p, m: f"{h}.{p}.{m},x",
    "a plus": lambda h, p, m: f"{h}.{p}.{m[:-1]}+",
    "a slash": lambda h, p, m: f"{h}.{p}.{m[:-1]}/",
    "a percent": lambda h, p, m: f"{h}.{p}.{m}%00",
    "a quote": lambda h, p, m: f'"{h}.{p}.{m}"',
    "a byte too many": lambda h, p, m: f"{h}.{p}.{m}A",
    "one character": lambda h, p, m: f"{h}.{p}.A",
    "high bytes": lambda h, p, m: f"{h}.{p}.{m}é",
}


@pytest.mark.parametrize("name", SEGMENTS)
def test_wrong_segments(api, owner, name):
    assert_out(ask(api, SEGMENTS[name](*pieces(api, owner))))


def not_canonical(part):
    """The same bytes in another spelling: spare bits of the last character."""
    alphabet = ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                "0123456789-_")
    last = alphabet.index(part[-1])
    other = part[:-1] + alphabet[last ^ 1]
    assert unb64(other) == unb64(part) and other != part
    return other


def test_a_signature_that_is_not_canonical_base64(api, owner):
    header, payload, mac = pieces(api, owner)
    assert_out(ask(api, f"{header}.{payload}.{not_canonical(mac)}"))


SCHEMES = ["", "Basic ", "Token ", "Bearer", "Bearer\t", "Bearer Bearer ",
           "Digest Bearer "]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_wrong_scheme(api, owner, scheme):
    assert_out(ask(api, api.minter.token(owner), scheme))


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Bearer null",
                                   "Bearer undefined"])
def test_a_header_without_a_token(api, value):
    assert_out(ask(api, "", value))


def test_a_token_anywhere_else_does_not_count(api, owner):
    token = api.minter.token(owner)
    cookie = api.call("GET", "/api/credits", headers=[
        ("Cookie", f"token={token}; Authorization=Bearer {token}")])
    assert_out(cookie)
    in_query = api.call("GET", f"/api/credits?access_token={token}")
    assert_out(in_query)


def test_two_authorization_headers_never_mix(api, owner):
    token = api.minter.token(owner)
    for pair in ((token, "x"), ("x", token), (token, api.admin)):
        answer = api.call("GET", "/api/credits", headers=[
            ("Authorization", f"Bearer {value}") for value in pair])
        assert answer.status in (400, 401)


def test_a_token_just_above_the_limit(api, owner):
    filler = "x" * 6200
    token = api.minter.token(owner, filler=filler)
    assert len(token) > 8192
    assert_out(ask(api, token))


def test_a_large_token_within_the_limit(api, owner):
    token = api.minter.token(owner, filler="x" * 5000)
    assert len(token) < 7800
    assert ask(api, token).status == 200


@pytest.mark.parametrize("size", [20_000, 1_000_000, 9_000_000])
def test_a_huge_token(api, size):
    head = api.client.encode("GET", "/api/credits", [
        ("Authorization", "Bearer " + "A" * size)])
    answer = api.client.exchange(head)
    assert answer is None or (
        answer.status, answer.code) == HEADERS_TOO_LARGE


def test_dots_in_a_large_token(api):
    assert_out(ask(api, "." * 7000))


# Let in: what looks odd but is right.

def test_the_scheme_is_case_insensitive(api, owner):
    assert ask(api, api.minter.token(owner), "bearer ").status == 200


@pytest.mark.parametrize("header", [
    b'{"alg":"HS256"}', b'{"alg":"HS256","typ":"at+jwt"}',
    b'{ "typ" : "JWT" , "alg" : "HS256" }'])
def test_a_right_header(api, owner, header):
    token = sign(header, api.minter.claims(owner), api.minter.secret)
    assert ask(api, token).status == 200


def test_an_audience_among_others(api, owner):
    audiences = ["one", api.minter.common["aud"]]
    assert ask(api, api.minter.token(owner, aud=audiences)).status == 200


def test_a_leeway_of_thirty_seconds(api, owner):
    now = int(time.time())
    token = api.minter.token(owner, exp=now - 10, nbf=now + 10)
    assert ask(api, token).status == 200


@pytest.mark.parametrize("role", ["user", "superuser", "Admin", ""])
def test_an_unmapped_role_is_a_user(api, owner, role):
    token = api.minter.token(owner, role)
    assert ask(api, token).status == 200
    assert api.grant(owner, 1, who=token).status == 403


def test_a_token_is_checked_again_after_it_was_cached(api, owner):
    token = api.minter.token(owner, exp=int(time.time()) - 28)
    assert ask(api, token).status == 200
    time.sleep(4)
    assert_out(ask(api, token))


def test_tokens_are_not_in_the_log(api, owner, stack):
    token = api.minter.token(owner)
    ask(api, token)
    assert token.split(".")[2] not in stack.log_text()
