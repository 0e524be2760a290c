"""Layers that go through a sequence step by step, and layers around them."""
