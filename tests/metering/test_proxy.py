"""The proxy between real clients and a real endpoint: what passes, what is counted, and what never gets through."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from endpoint import KEY, Endpoint, Start, chat_stream, connect, hang, stream, whole

from agentbench.failures import FailureCause
from agentbench.metering.proxy import Proxy
from agentbench.metering.records import Limits, Meter
from agentbench.model import Tokens

CHAT = {"model": "m-1", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
COUNTED = Tokens(input=60, output=7, cache_read=40, cache_write=0, total=107)


def post(base_url: str, path: str, body: Any, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Post JSON and return status, body and headers."""
    parts = urlsplit(base_url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    try:
        data = json.dumps(body)
        connection.request("POST", f"{parts.path}/{path}", data, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def chat(proxy: Proxy, body: Any = CHAT) -> tuple[int, bytes, Meter]:
    """Ask for a chat completion on an endpoint of its own."""
    endpoint, meter = proxy.open()
    status, data, _ = post(endpoint.base_url, "chat/completions", body)
    return status, data, meter


@pytest.mark.parametrize("asks", [True, False], ids=["asks for counts", "does not ask"])
def test_a_stream_passes_unchanged_and_is_counted(start: Start, endpoint: Endpoint, asks: bool) -> None:
    """Byte for byte what the endpoint sent; a client that did not ask for counts sees none of the chunk with them."""
    endpoint.answer = stream(*chat_stream(calls=2))
    body = {**CHAT, "stream_options": {"include_usage": True}} if asks else CHAT
    status, data, meter = chat(start(), body)
    assert status == 200
    assert data == b"".join(chat_stream(calls=2, usage=asks))
    assert endpoint.asked[0].json["stream_options"] == {"include_usage": True}
    (seen,) = meter.requests
    assert (seen.tokens, seen.n_tool_calls, seen.n_text, seen.finish) == (COUNTED, 2, 5, "tool_calls")
    assert (seen.model, seen.answered_by, seen.cause, seen.status) == ("m-1", "m-1-served", None, 200)
    assert meter.seen() is None


def test_a_whole_answer_is_counted(start: Start, endpoint: Endpoint) -> None:
    """The request is passed on as it came."""
    counts = {"prompt_tokens": 100, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 40}}
    message = {"role": "assistant", "content": "Hello"}
    body = {
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": counts,
    }
    endpoint.answer = whole(body)
    asked = {**CHAT, "stream": False}
    status, data, meter = chat(start(), asked)
    assert (status, json.loads(data)) == (200, body)
    assert endpoint.asked[0].json == asked
    assert meter.requests[0].tokens == COUNTED
    assert meter.use().tokens.total == 107


def test_anthropic_messages(start: Start, endpoint: Endpoint) -> None:
    """Streamed and whole; its key header, its three disjoint inputs, its base address with and without /v1."""
    usage = {"input_tokens": 10, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 5, "output_tokens": 1}
    first = {"type": "message_start", "message": {"model": "c-1", "usage": usage}}
    block = {"type": "tool_use", "id": "t", "name": "write", "input": {}}
    events = [
        first,
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}},
        {"type": "content_block_start", "index": 1, "content_block": block},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
        {"type": "message_stop"},
    ]
    sent = [b"event: x\ndata: " + json.dumps(event).encode() + b"\n\n" for event in events]
    endpoint.answer = stream(*sent)
    proxy = start(api="anthropic-messages", base_url=endpoint.url)
    reached, meter = proxy.open()
    for base in (reached.base_url, reached.base_url.removesuffix("/v1")):
        status, data, _ = post(base, "messages", {"model": "c", "stream": True}, **{"x-api-key": "placeholder"})
        assert (status, data) == (200, b"".join(sent))
    assert {asked.path for asked in endpoint.asked} == {"/v1/messages"}
    assert {asked.headers["x-api-key"] for asked in endpoint.asked} == {KEY}
    endpoint.answer = whole({"model": "c-1", "content": [block], "stop_reason": "tool_use", "usage": usage})
    post(reached.base_url, "messages", {"model": "c"})
    wanted = Tokens(input=10, output=9, cache_read=40, cache_write=5, total=64)
    assert [one.tokens for one in meter.requests[:2]] == [wanted, wanted]
    assert meter.requests[2].tokens.output == 1
    assert [one.n_tool_calls for one in meter.requests] == [1, 1, 1]


@pytest.mark.parametrize("streamed", [True, False])
def test_openai_responses(start: Start, endpoint: Endpoint, streamed: bool) -> None:
    """The counts stand in the last event, or in the one document."""
    response = {
        "model": "r-1",
        "status": "completed",
        "output": [
            {"type": "message", "content": [{"type": "output_text", "text": "Hello"}]},
            {"type": "function_call", "name": "write", "arguments": "{}"},
        ],
        "usage": {"input_tokens": 100, "output_tokens": 7, "input_tokens_details": {"cached_tokens": 40}},
    }
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": {"model": "r-1", "status": "in_progress", "output": []}},
        {"type": "response.output_text.delta", "delta": "Hello"},
        {"type": "response.output_item.added", "output_index": 1, "item": response["output"][1]},
        {"type": "response.completed", "response": response},
    ]
    sent = [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]
    endpoint.answer = stream(*sent) if streamed else whole(response)
    reached, meter = start(api="openai-responses").open()
    post(reached.base_url, "responses", {"model": "r", "stream": streamed})
    (seen,) = meter.requests
    assert (seen.tokens, seen.n_tool_calls, seen.n_text, seen.cause) == (COUNTED, 1, 5, None)


@pytest.mark.parametrize(
    ("answer", "cause", "retry_after"),
    [
        (
            whole({"error": {"message": "slow down"}}, 429, {"Retry-After": "7"}),
            FailureCause.PROVIDER_LIMIT,
            7.0,
        ),
        (
            whole({"error": {"message": "x"}}, 429, {"retry-after-ms": "1500"}),
            FailureCause.PROVIDER_LIMIT,
            1.5,
        ),
        (whole({"error": {"message": "boom"}}, 500), FailureCause.PROVIDER_TRANSIENT, None),
        (whole(b"<html>bad gateway</html>", 502), FailureCause.PROVIDER_TRANSIENT, None),
        (whole({"error": {"message": "bad key"}}, 401), FailureCause.PROVIDER_AUTH, None),
        (
            whole({"error": {"message": "The model `x` does not exist"}}, 404),
            FailureCause.PROVIDER_MODEL,
            None,
        ),
        (whole({"error": {"message": "no such model: x"}}, 400), FailureCause.PROVIDER_MODEL, None),
        (whole({"error": {"message": "maximum context length is 8192"}}, 400), FailureCause.AGENT_BUDGET, None),
        (whole({"error": {"message": "messages: wrong"}}, 400), FailureCause.AGENT_CRASH, None),
        (stream(*chat_stream()[:3], cut=True), FailureCause.PROVIDER_TRANSIENT, None),
        (stream(*chat_stream()[:3]), FailureCause.PROVIDER_TRANSIENT, None),
        (
            stream(*chat_stream()[:3], b'data: {"error": {"message": "overloaded"}}\n\n'),
            FailureCause.PROVIDER_TRANSIENT,
            None,
        ),
        (stream(*chat_stream("", calls=0)), FailureCause.AGENT_EMPTY, None),
        (
            whole({"choices": [{"message": {"refusal": "I cannot"}, "finish_reason": "stop"}]}),
            FailureCause.AGENT_REFUSAL,
            None,
        ),
    ],
)
def test_what_failed_and_who_is_to_blame(
    start: Start, endpoint: Endpoint, answer: Any, cause: FailureCause, retry_after: float | None
) -> None:
    """From one request alone; the status reaches the client."""
    endpoint.answer = answer
    reached, meter = start().open()
    try:
        post(reached.base_url, "chat/completions", CHAT)
    except http.client.HTTPException:
        assert cause is FailureCause.PROVIDER_TRANSIENT  # the cut is passed on as a cut
    seen = meter.seen()
    assert seen is not None
    assert (seen.cause, seen.retry_after_sec) == (cause, retry_after)


def test_no_answer_at_all(start: Start, endpoint: Endpoint) -> None:
    """A refused connection and a silent endpoint are the provider's failures; the client gets an answer."""
    release = threading.Event()
    endpoint.answer = hang(release)
    status, _, meter = chat(start(first_byte_sec=0.3))
    release.set()
    assert (status, meter.requests[0].cause) == (504, FailureCause.PROVIDER_TRANSIENT)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    status, _, meter = chat(start(base_url=f"http://127.0.0.1:{port}/v1"))
    assert (status, meter.requests[0].cause) == (502, FailureCause.PROVIDER_TRANSIENT)


def test_what_the_agent_got_over_is_no_failure_but_waiting(start: Start, endpoint: Endpoint) -> None:
    """A 500, a pause, then an answer: the try did not fail, and the time until the second request was not work."""
    reached, meter = start().open()
    endpoint.answer = whole({}, 500)
    post(reached.base_url, "chat/completions", CHAT)
    assert meter.seen() is not None
    time.sleep(0.2)
    endpoint.answer = stream(*chat_stream())
    post(reached.base_url, "chat/completions", CHAT)
    assert meter.seen() is None
    use = meter.use()
    assert (use.n_requests, use.n_failed, use.tokens.total) == (2, 1, 107)
    assert 0.2 <= use.wait_sec < 10


def test_time_to_first_token(start: Start, endpoint: Endpoint) -> None:
    """From the request to the first byte of content, not to the end, and not to the empty opening."""
    endpoint.answer = stream(*chat_stream("ab"), pause_sec=0.15)
    _, _, meter = chat(start())
    (seen,) = meter.requests
    assert seen.ttft_sec is not None
    assert seen.duration_sec is not None
    assert 0.15 <= seen.ttft_sec < seen.duration_sec - 0.3
    assert meter.use().ttft_sec == pytest.approx(seen.ttft_sec, abs=0.001)


def test_the_key_goes_to_the_endpoint_and_nowhere_else(start: Start, endpoint: Endpoint) -> None:
    """The agent's own credentials, cookies and address are dropped; an endpoint that echoes the key is cleaned."""
    endpoint.answer = whole(
        {"error": {"message": f"Incorrect API key provided: {KEY}"}},
        401,
        {"Set-Cookie": "a=b", "X-Request-Id": KEY},
    )
    reached, meter = start().open()
    _, data, headers = post(
        reached.base_url, "chat/completions", CHAT, Authorization="Bearer agents", Cookie="x=y"
    )
    (asked,) = endpoint.asked
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert "cookie" not in asked.headers
    assert KEY not in data.decode() + str(headers) + str(meter.requests) + str(reached)
    assert "[key]" in data.decode()
    assert "set-cookie" not in headers
    endpoint.answer = stream(*chat_stream()[:2], f'data: {{"x": "{KEY}"}}\n\n'.encode(), b"data: [DONE]\n\n")
    assert KEY.encode() not in post(reached.base_url, "chat/completions", CHAT)[1]
    halves = f'data: {{"x": "{KEY[:9]}'.encode(), f'{KEY[9:]}"}}\n\n'.encode()
    endpoint.answer = stream(*chat_stream()[:2], *halves, b"data: [DONE]\n\n", pause_sec=0.05)
    assert b'{"x": "[key]"}' in post(reached.base_url, "chat/completions", CHAT)[1]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Rate limit reached for requests", FailureCause.PROVIDER_LIMIT),
        ("insufficient_quota", FailureCause.PROVIDER_LIMIT),
        ("Invalid API key", FailureCause.PROVIDER_AUTH),
        ("maximum context length is 8192 tokens", FailureCause.AGENT_BUDGET),
        ("overloaded", FailureCause.PROVIDER_TRANSIENT),
    ],
)
def test_an_error_inside_a_stream_is_what_it_says(
    start: Start, endpoint: Endpoint, said: str, cause: FailureCause
) -> None:
    """The status was 200 by then, so that words are all there is."""
    error = json.dumps({"error": {"message": said}})
    endpoint.answer = stream(*chat_stream()[:2], f"data: {error}\n\n".encode())
    _, _, meter = chat(start())
    assert meter.requests[0].cause is cause


def test_without_a_key_no_credentials_are_sent(start: Start, endpoint: Endpoint) -> None:
    """As local endpoints want it."""
    reached, _ = start(key=None).open()
    post(reached.base_url, "chat/completions", CHAT, Authorization="Bearer agents")
    assert "authorization" not in endpoint.asked[0].headers


def test_a_closed_endpoint_and_unknown_paths_are_refused(start: Start, endpoint: Endpoint) -> None:
    """Nothing of them reaches the model."""
    proxy = start()
    reached, meter = proxy.open()
    assert post(reached.base_url, "admin/keys", {})[0] == 404
    assert post(reached.base_url, "../chat/completions", {})[0] in (400, 403, 404)
    proxy.close(reached)
    assert post(reached.base_url, "chat/completions", CHAT)[0] == 403
    assert endpoint.asked == []
    assert meter.requests == ()


@pytest.mark.parametrize("path", ["models/../../admin", "models/%2e%2e/%2e%2e/admin", "models/..%2f..%2fadmin"])
def test_no_path_leaves_the_api_with_the_key(start: Start, endpoint: Endpoint, path: str) -> None:
    """However it is spelled, the endpoint is not asked."""
    reached, _ = start().open()
    parts = urlsplit(reached.base_url)
    with socket.create_connection((str(parts.hostname), parts.port or 0)) as client:
        client.sendall(f"GET {parts.path}/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        data = b""
        while block := client.recv(65536):
            data += block
    assert b" 404 " in data.split(b"\r\n")[0] or b" 403 " in data.split(b"\r\n")[0]
    assert endpoint.asked == []


def test_closing_gives_up_what_is_under_way(start: Start, endpoint: Endpoint) -> None:
    """A client that waits gets its connection ended."""
    release = threading.Event()
    endpoint.answer = hang(release)
    proxy = start()
    reached, meter = proxy.open()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, reached.base_url, "chat/completions", CHAT)
        while not endpoint.asked:
            time.sleep(0.01)
        proxy.close(reached)
        with pytest.raises((http.client.HTTPException, OSError)):
            waiting.result(10)
    release.set()
    assert [one.finish for one in meter.requests] == ["client-gone"]


@pytest.mark.parametrize(("limits", "most"), [(Limits(requests=2), 2), (Limits(tokens=150), 2)])
def test_a_trial_that_uses_up_its_limit_is_refused(
    start: Start, endpoint: Endpoint, limits: Limits, most: int
) -> None:
    """The endpoint is not asked again, the meter says why, and it is no failure of the provider."""
    endpoint.answer = stream(*chat_stream())
    reached, meter = start(limits=limits).open()
    statuses = [post(reached.base_url, "chat/completions", CHAT)[0] for _ in range(4)]
    assert statuses == [200] * most + [403] * (4 - most)
    assert len(endpoint.asked) == most
    assert meter.exhausted is not None
    assert "used up" in meter.exhausted
    assert meter.seen() is None
    assert meter.use().tokens.total == 107 * most
    assert meter.use().n_requests == most


def test_many_streams_at_once_are_counted_apart(start: Start, endpoint: Endpoint) -> None:
    """Twenty tries side by side, each with its own text."""
    endpoint.answer = lambda handler, asked: stream(*chat_stream(asked.json["text"]), pause_sec=0.005)(handler, asked)
    proxy = start()
    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(lambda n: chat(proxy, {**CHAT, "text": "x" * n}), range(1, 21)))
    for number, (status, data, meter) in enumerate(done, start=1):
        assert (status, meter.requests[0].n_text) == (200, number)
        assert data == b"".join(chat_stream("x" * number, usage=False))


def test_the_unix_socket_serves_the_same(start: Start, endpoint: Endpoint) -> None:
    """As the gateway of a box uses it."""
    endpoint.answer = stream(*chat_stream())
    reached, meter = start().open()
    path = urlsplit(reached.inside_url).path
    body = json.dumps(CHAT).encode()
    with socket.socket(socket.AF_UNIX) as client:
        connect(client, reached.socket)
        head = f"POST {path}/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        client.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        data = b""
        while block := client.recv(65536):
            data += block
    assert b"200 OK" in data
    assert meter.requests[0].tokens == COUNTED
    assert Path(reached.socket).parent.stat().st_mode & 0o077 == 0
