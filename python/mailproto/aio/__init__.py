"""The clients for asyncio: `mailproto.aio.imap` and `mailproto.aio.pop3` have the names of
`mailproto.imap` and `mailproto.pop3`, awaited."""
