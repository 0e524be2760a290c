"""Learning rates that change from step to step."""

from lanthorn.lazy import attach

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "LearningRateSchedule": "lanthorn.optimizers.schedules.schedule:LearningRateSchedule",
        "ExponentialDecay": "lanthorn.optimizers.schedules.decay:ExponentialDecay",
        "InverseTimeDecay": "lanthorn.optimizers.schedules.decay:InverseTimeDecay",
        "PolynomialDecay": "lanthorn.optimizers.schedules.decay:PolynomialDecay",
        "PiecewiseConstantDecay": "lanthorn.optimizers.schedules.decay:PiecewiseConstantDecay",
        "CosineDecay": "lanthorn.optimizers.schedules.cosine:CosineDecay",
        "CosineDecayRestarts": "lanthorn.optimizers.schedules.cosine:CosineDecayRestarts",
        "table": "lanthorn.optimizers.schedules.lookup:table",
        "serialize": "lanthorn.optimizers.schedules.lookup:serialize",
        "deserialize": "lanthorn.optimizers.schedules.lookup:deserialize",
    },
)
