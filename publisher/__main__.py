"""`python -m publisher` is the same toolbox as the `publisher` command."""

from publisher.cli.toolbox import main

if __name__ == "__main__":
    main()
