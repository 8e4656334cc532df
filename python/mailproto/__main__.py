"""`python -m mailproto` is the command `mailproto`."""

import sys

from mailproto.cli import main

sys.exit(main())
