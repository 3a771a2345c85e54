"""HEAD is answered as GET is, status and headers alike, and without the body."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

EMPTY: Final = b""


class HeadAsGet:
    """Around everything else: nothing behind it is ever asked for HEAD.

    Uptime monitors and link checkers ask so. What a GET does is done: a file is read to its end,
    and a download that somebody asks for so is recorded as one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": EMPTY}
            await send(message)

        # A copy: the server still has to know that it was HEAD.
        await self.app({**scope, "method": "GET"}, receive, without_body)
