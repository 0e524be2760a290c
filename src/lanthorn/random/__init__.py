"""Random numbers: bit for bit Keras's on JAX, from the same seeds."""

from lanthorn.lazy import attach

_SAMPLED = (
    "beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint", "shuffle",
    "truncated_normal", "uniform",
)  # fmt: skip

__getattr__, __dir__ = attach(
    __name__,
    {
        "SeedGenerator": "lanthorn.random.seeds:SeedGenerator",
        **{name: f"lanthorn.ops.sampling:{name}" for name in _SAMPLED},
    },
)
__all__ = ["SeedGenerator", *_SAMPLED]
