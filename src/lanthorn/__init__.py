"""Lanthorn: Keras that you can see through.

    import lanthorn as keras

Nothing is loaded until it is used: naming a layer loads that layer, and the first number computed
loads JAX.
"""

from lanthorn.lazy import attach

__version__ = "0.1.0"

_homes = {
    # packages
    "activations": "lanthorn.activations",
    "callbacks": "lanthorn.training.callbacks",
    "config": "lanthorn.config",
    "constraints": "lanthorn.constraints",
    "datasets": "lanthorn.datasets",
    "initializers": "lanthorn.initializers",
    "layers": "lanthorn.layers",
    "losses": "lanthorn.losses",
    "metrics": "lanthorn.metrics",
    "mixed_precision": "lanthorn.mixed_precision",
    "models": "lanthorn.models",
    "ops": "lanthorn.ops",
    "optimizers": "lanthorn.optimizers",
    "random": "lanthorn.random",
    "regularizers": "lanthorn.regularizers",
    "saving": "lanthorn.saving",
    "utils": "lanthorn.utils",
    # base classes and models
    "DTypePolicy": "lanthorn.engine.dtypes:DTypePolicy",
    "Initializer": "lanthorn.initializers:Initializer",
    "Input": "lanthorn.layers.input:Input",
    "KerasTensor": "lanthorn.engine.graph:KerasTensor",
    "InputSpec": "lanthorn.layers.specification:InputSpec",
    "Layer": "lanthorn.layers.base:Layer",
    "Loss": "lanthorn.losses:Loss",
    "Metric": "lanthorn.metrics:Metric",
    "Model": "lanthorn.models.model:Model",
    "Optimizer": "lanthorn.optimizers:Optimizer",
    "Regularizer": "lanthorn.regularizers:Regularizer",
    "Sequential": "lanthorn.models.sequential:Sequential",
    "Variable": "lanthorn.engine.variable:Variable",
    # of its own
    "Axes": "lanthorn.axes:Axes",
    "Axis": "lanthorn.axes:Axis",
    "explain": "lanthorn.explanation:explain",
    # errors and warnings
    "DataError": "lanthorn.engine.errors:DataError",
    "DataWarning": "lanthorn.engine.errors:DataWarning",
    "LanthornError": "lanthorn.engine.errors:LanthornError",
    "NotCompiledError": "lanthorn.engine.errors:NotCompiledError",
    "ShapeError": "lanthorn.engine.errors:ShapeError",
    "UnknownNameError": "lanthorn.engine.registry:UnknownNameError",
}

__all__ = ["__version__", *sorted(_homes)]
__getattr__, __dir__ = attach(__name__, _homes)
