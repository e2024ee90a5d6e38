"""Key pairs of token issuers: their files, and tokens signed with them."""
import datetime
import json
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, \
    rsa
from cryptography.hazmat.primitives.asymmetric.utils import \
    decode_dss_signature
from cryptography.x509.oid import NameOID

from support.tokens import as_json, b64

SHA256 = hashes.SHA256()
PSS = padding.PSS(padding.MGF1(SHA256), SHA256.digest_size)


def rsa_key(bits=2048):
    return rsa.generate_private_key(65537, bits)


def ec_key(curve=ec.SECP256R1):
    return ec.generate_private_key(curve())


def ed_key():
    return ed25519.Ed25519PrivateKey.generate()


def pem(key):
    """The public key, as a file has it."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM,
        serialization.PublicFormat.SubjectPublicKeyInfo)


def der(key):
    return key.public_key().public_bytes(
        serialization.Encoding.DER,
        serialization.PublicFormat.SubjectPublicKeyInfo)


def certificate(key):
    """A certificate that the key has made for itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer")])
    now = datetime.datetime.utcnow()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name) \
        .public_key(key.public_key()).serial_number(1) \
        .not_valid_before(now).not_valid_after(
            now + datetime.timedelta(days=1)).sign(key, SHA256)
    return made.public_bytes(serialization.Encoding.PEM)


def number(value, size=None):
    size = size or (value.bit_length() + 7) // 8
    return b64(value.to_bytes(size, "big"))


def jwk(key, kid=None, **more):
    """The public key as a JWK; `more` are members of it."""
    public = key.public_key()
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = public.public_numbers()
        made = {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        numbers = public.public_numbers()
        size = (key.key_size + 7) // 8
        made = {"kty": "EC", "crv": f"P-{key.key_size}",
                "x": number(numbers.x, size), "y": number(numbers.y, size)}
    else:
        raw = public.public_bytes(serialization.Encoding.Raw,
                                  serialization.PublicFormat.Raw)
        made = {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}
    if kid is not None:
        made["kid"] = kid
    return {**made, **more}


def jwks(*keys):
    return json.dumps({"keys": keys}).encode()


def put(path, data):
    """Replace a file at once, readable for everybody."""
    new = path.with_suffix(".new")
    new.write_bytes(data)
    new.chmod(0o644)
    os.replace(new, path)


def raw_signature(key, alg, data):
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, PSS if alg == "PS256" else padding.PKCS1v15(),
                        SHA256)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = (key.key_size + 7) // 8
        return b"".join(part.to_bytes(size, "big") for part in
                        decode_dss_signature(key.sign(data, ec.ECDSA(SHA256))))
    return key.sign(data)


def token(key, alg, claims, kid=None, says=None):
    """A token by this key; `says`: the algorithm that it pretends."""
    header = {"alg": says or alg}
    if kid is not None:
        header["kid"] = kid
    signed = f"{b64(as_json(header))}.{b64(as_json(claims))}"
    return f"{signed}.{b64(raw_signature(key, alg, signed.encode()))}"
