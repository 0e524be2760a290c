"""Preparing data: numbers, categories and text become what a model computes with.

These layers learn by `adapt(data)`, once, before training, and never by gradients. Those that take
text work with NumPy on the host; the others also work inside a model.
"""
