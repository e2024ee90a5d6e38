"""Many requests at one moment, each on a connection of its own."""
import asyncio
import io
import json

from support.client import AnswerReader, ConnectionLost

STORM_SECONDS_MAX = 60


def consume_request(api, token, key, **body):
    """The bytes of a consume, for a storm."""
    return post_request(api, "/api/credits/consume", token, key, **body)


def post_request(api, path, token, key, **body):
    headers = [("Authorization", f"Bearer {token}"),
               ("Content-Type", "application/json"), ("Connection", "close")]
    if key is not None:
        headers.append(("Idempotency-Key", key))
    return api.client.encode("POST", path, headers,
                             json.dumps(body).encode())


def get_request(api, path, token):
    return api.client.encode("GET", path, [
        ("Authorization", f"Bearer {token}"), ("Connection", "close")])


def storm(api, requests):
    """All answers, in the order of the requests; the requests leave when all
    connections stand."""
    answers = asyncio.run(asyncio.wait_for(
        _storm(api.client.address, requests), STORM_SECONDS_MAX))
    return [api.client.check(*pair) for pair in zip(requests, answers)]


async def _storm(address, requests):
    streams = [await asyncio.open_connection(*address) for _ in requests]
    return await asyncio.gather(*(
        _ask(*stream, data) for stream, data in zip(streams, requests)))


async def _ask(reader, writer, data):
    writer.write(data)
    try:
        raw = await reader.read()
    finally:
        writer.close()
    try:
        return AnswerReader(io.BytesIO(raw)).read_answer()
    except ConnectionLost as error:
        raise AssertionError(f"no answer: {raw!r}") from error


def statuses(answers):
    """{status: how many}"""
    counts = {}
    for answer in answers:
        counts[answer.status] = counts.get(answer.status, 0) + 1
    return counts
