"""Attention: each place asks others and takes the mean of their values, by how well they match."""
