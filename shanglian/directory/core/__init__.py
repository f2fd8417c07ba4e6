"""Pure rules of the directory: kinds of organisations, the tree as values, rights. No Django, no clock."""
