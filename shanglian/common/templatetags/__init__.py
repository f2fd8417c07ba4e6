"""Template tags of the product; see ui.py."""
