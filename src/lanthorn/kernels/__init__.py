"""How fast: the ways convolution and pooling are lowered. Only `ops` calls these."""
