"""Models: layers in a row, in a graph, or in a class of your own."""

from lanthorn.lazy import attach

_homes = {
    "Functional": "lanthorn.models.functional:Functional",
    "Model": "lanthorn.models.model:Model",
    "Sequential": "lanthorn.models.sequential:Sequential",
    "clone_model": "lanthorn.models.configs:clone_model",
    "load_model": "lanthorn.saving:load_model",
    "model_from_json": "lanthorn.models.configs:model_from_json",
    "save_model": "lanthorn.saving:save_model",
}

__all__ = sorted(_homes)
__getattr__, __dir__ = attach(__name__, _homes)
