"""`python -m aspal`."""

from aspal.cli import main

if __name__ == "__main__":
    main()
