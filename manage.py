#!/usr/bin/env python
"""Django's entry point for developers; users call `shanglian`."""

from shanglian.config.cli import main

if __name__ == "__main__":
    main()
