"""What holds for all tests."""

import signal

# A shell lets what runs in its background ignore Ctrl-C, and it is inherited; some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)
