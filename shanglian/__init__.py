"""Shanglian (商联): the working system of a federation of industry and commerce."""

__version__ = "0.1.0"
