"""Run the command line with ``python -m mining``."""

from mining.cli.app import main

if __name__ == "__main__":
    main()
