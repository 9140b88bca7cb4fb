"""The command line: each module holds one command, `app` holds them all."""
