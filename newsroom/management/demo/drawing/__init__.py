"""The demo outlet's art department: everything here is drawn by the code itself, with Pillow."""
