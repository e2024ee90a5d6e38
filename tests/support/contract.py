"""The OpenAPI document that the program prints, and answers held against it.

Objects are closed here: a member that the document does not name fails as
one that is missing does, so that nothing leaves the house unseen."""
import functools
import json
import re
import subprocess

import jsonschema

# Given before a row of the table is known, and by the web server itself.
OF_NO_OPERATION = {204, 400, 403, 404, 405, 408, 411, 413, 414, 415, 431,
                   500, 501, 502, 503, 504, 505}
OF_THE_WEB_SERVER = {408, 411, 502, 504}
REFERENCE = "#/components/schemas/"
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def is_time(value):
    """RFC 3339 with an offset, at most microseconds."""
    return not isinstance(value, str) or re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?"
        r"(Z|[+-]\d\d:\d\d)", value) is not None


@functools.cache
def of_program(build_dir):
    """The contract of the program in a folder."""
    return Contract(json.loads(subprocess.run(
        [build_dir / "florind", "--openapi"], check=True,
        capture_output=True).stdout))


class Operation:
    """One method of one path."""

    def __init__(self, method, path, text):
        self.method = method
        self.path = path
        self.text = text
        self.who = frozenset(text["x-florin-who"])
        self.scoped = text["x-florin-scoped"]
        self.pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))

    @property
    def name(self):
        return f"{self.method} {self.path}"

    @property
    def is_open(self):
        """No token is asked for."""
        return bool(self.who & {"anyone", "local"})

    @property
    def user_in(self):
        """Where a caller names the user: "path", "query", "body"; None."""
        if not self.scoped:
            return None
        for parameter in self.text["parameters"]:
            if parameter["name"] == "user_id":
                return parameter["in"]
        return "body" if "user_id" in self.body_example() else None

    def body_example(self):
        content = self.text.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("example", {})

    def examples(self, where):
        """{name: example} of the parameters that are required there."""
        return {p["name"]: p["example"] for p in self.text["parameters"]
                if p["in"] == where and p["required"]}

    def codes(self, status):
        """The error codes that the document lists for a status."""
        response = self.text["responses"].get(str(status), {})
        return response.get("description", "").split(", ")


class Contract:
    """A document, ready to judge answers."""

    def __init__(self, document):
        self.schemas = document["components"]["schemas"]
        self.operations = [
            Operation(method.upper(), path, text)
            for path, item in document["paths"].items()
            for method, text in item.items()]
        self.validators = {}

    def operation(self, method, path):
        """Which operation a request is; literal paths win."""
        method = method.replace("HEAD", "GET")
        found = [o for o in self.operations
                 if o.method == method and o.pattern.fullmatch(path)]
        return min(found, key=lambda o: o.path.count("{"), default=None)

    def check(self, method, address, answer):
        """AssertionError unless the document allows this answer."""
        path = re.sub("^http://[^/?]*", "", address).partition("?")[0]
        operation = self.operation(method, path)
        where = f"{method} {path[:200]}: {answer.status}"
        if operation is None or answer.status in OF_THE_WEB_SERVER:
            assert answer.status in OF_NO_OPERATION, f"{where}: no operation"
            content = self.problem
        else:
            listed = operation.text["responses"]
            response = listed.get(str(answer.status),
                                  listed.get(f"{answer.status // 100}XX"))
            assert response is not None, f"{where} is not listed"
            content = response.get("content", {})
        if method == "HEAD":
            return
        if "*/*" in content:  # not ours: an upstream's
            return
        if not content or answer.status == 204:
            assert answer.body == b"", f"{where} has a body"
            return
        kind = (answer.header("content-type") or "").partition(";")[0]
        assert kind in content, f"{where}: {kind} is not listed"
        if kind.endswith("json"):
            self.check_body(answer.json, content[kind]["schema"], where)
        if operation is not None and kind == "application/problem+json" \
                and answer.status not in OF_THE_WEB_SERVER:
            assert answer.code in operation.codes(answer.status), \
                f"{where} {answer.code} is not listed"

    @property
    def problem(self):
        return {"application/problem+json": {
            "schema": {"$ref": REFERENCE + "problem"}}}

    def check_body(self, value, schema, where="answer"):
        key = json.dumps(schema)
        if key not in self.validators:
            closed = self.closed(schema)
            jsonschema.Draft202012Validator.check_schema(closed)
            self.validators[key] = jsonschema.Draft202012Validator(
                closed, format_checker=FORMATS)
        error = jsonschema.exceptions.best_match(
            self.validators[key].iter_errors(value))
        assert error is None, f"{where}: {error.json_path}: {error.message}"

    def closed(self, schema):
        """A schema without references, whose objects are closed: but for
        those of which it names no member."""
        if isinstance(schema, list):
            return [self.closed(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(REFERENCE)
            return self.closed(self.schemas[name])
        made = {name: self.closed(value) for name, value in schema.items()}
        if schema.get("properties"):
            made.setdefault("additionalProperties", False)
        return made
