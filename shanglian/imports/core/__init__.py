"""Reading of spreadsheets: bytes → sheets → tables → clean rows. Pure; knows no member and opens no file."""
