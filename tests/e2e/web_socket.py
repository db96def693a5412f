"""A WebSocket echo and its client: `web_socket.py serve PORT`, `web_socket.py talk PORT SECONDS`.

The client compares each answer with what it sent, and prints what it did. A difference ends it with a traceback.
"""

import asyncio
import contextlib
import hashlib
import random
import sys
import time

import websockets

MIB = 1024 * 1024
SIZES = [1, 125, 126, 65535, 65536, MIB, 4 * MIB]
SEED = 1601


async def answer(socket, _path=None):
    with contextlib.suppress(websockets.ConnectionClosed):
        while (message := await socket.recv()) != "leave":
            await socket.send(message)
        await socket.close(4002, "as asked")
    print("closed", socket.close_code, socket.close_reason, flush=True)


async def serve(port):
    async with websockets.serve(answer, "127.0.0.1", port, max_size=None, compression=None, ping_interval=None):
        print("listening", flush=True)
        await asyncio.Future()


def messages():
    draw = random.Random(SEED)
    for size in SIZES:
        yield draw.randbytes(size)
        yield draw.randbytes(size // 2 + 1).hex()[:size]
    yield "Grüße für 5 €"
    yield b""


async def echoed(socket, said):
    """Sends all while answers come back, which must be in the same order."""
    async def send():
        for message in said:
            await socket.send(message)

    sending = asyncio.create_task(send())
    digest = hashlib.sha256()
    for message in said:
        back = await socket.recv()
        assert type(back) is type(message) and back == message, f"{len(message)} came back as {len(back)}"
        digest.update(back if isinstance(back, bytes) else back.encode())
    await sending
    return digest.hexdigest()


async def work(socket, until):
    """Short messages in sequence, with pings between them."""
    number = 0
    while time.monotonic() < until:
        number += 1
        await echoed(socket, [f"{number}"])
        if number % 50 == 0:
            await asyncio.wait_for(await socket.ping(f"ping {number}"), 10)
    return number


async def talk(port, seconds):
    def connect():
        return websockets.connect(f"ws://127.0.0.1:{port}/", max_size=None, compression=None, ping_interval=None)

    idle = await connect()
    await echoed(idle, ["here"])

    said = list(messages())
    async with connect() as socket:
        print("echoed", len(said), await echoed(socket, said))
        in_parts = ["one ", "message ", "in parts"]
        await socket.send(in_parts)
        assert await socket.recv() == "".join(in_parts)
        await asyncio.wait_for(await socket.ping(b"payload"), 10)
        await socket.close(4001, "done")
    print("left with", socket.close_code, socket.close_reason)

    socket = await connect()
    await socket.send("leave")
    await socket.wait_closed()
    print("sent away with", socket.close_code, socket.close_reason)

    busy = [await connect() for _ in range(8)]
    counts = await asyncio.gather(*(work(socket, time.monotonic() + seconds) for socket in busy))
    for socket in busy:
        await socket.close()
    await echoed(idle, ["still here"])
    await idle.close(4003, "was idle")
    print("idle one left with", idle.close_code, idle.close_reason)
    print("round trips", sum(counts), file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[2])) if sys.argv[1] == "serve" else talk(int(sys.argv[2]), float(sys.argv[3])))
