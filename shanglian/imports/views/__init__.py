"""Pages of the imports room: fetch with permission, form, action, answer."""
