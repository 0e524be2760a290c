"""Merging: several inputs become one, number by number, one behind the other, or as products."""
