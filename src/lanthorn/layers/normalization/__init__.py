"""Normalization: numbers measured against others of their batch or their sample."""
