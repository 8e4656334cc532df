"""The clients for asyncio: `mailproto.aio.pop3` has the names of `mailproto.pop3`, awaited."""
