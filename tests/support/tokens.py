"""JSON Web Tokens by hand, good ones and hostile ones."""
import base64
import hashlib
import hmac
import json
import time

LIFETIME_SECONDS = 3600


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def as_json(value):
    """Bytes stay as they are, so that a test can write odd JSON."""
    if isinstance(value, bytes):
        return value
    return json.dumps(value, separators=(",", ":")).encode()


def sign(header, claims, key, digest=hashlib.sha256):
    """A token of any header and claims (dictionaries or raw JSON)."""
    signed = f"{b64(as_json(header))}.{b64(as_json(claims))}"
    mac = hmac.new(key, signed.encode(), digest).digest()
    return f"{signed}.{b64(mac)}"


class Minter:
    """Makes tokens that the stack's issuer would make."""

    def __init__(self, secret, common=None):
        self.secret = secret
        self.common = common or {}  # iss, aud, as the configuration wants

    def claims(self, sub, role=None, /, **more):
        now = int(time.time())
        claims = dict(self.common, sub=sub, iat=now,
                      exp=now + LIFETIME_SECONDS)
        if role is not None:
            claims["role"] = role
        claims.update(more)
        return {name: value for name, value in claims.items()
                if value is not Ellipsis}  # `...` leaves a claim out

    def token(self, sub, role=None, /, **more):
        return self.sign(self.claims(sub, role, **more))

    def sign(self, claims, header=None, key=None):
        header = header or {"alg": "HS256", "typ": "JWT"}
        return sign(header, claims, self.secret if key is None else key)
