"""Helpers under Keras's names."""

from lanthorn.lazy import attach

_homes = {
    "CustomObjectScope": "lanthorn.engine.registry:custom_object_scope",
    "Progbar": "lanthorn.training.progress:Progbar",
    "bounding_boxes": "lanthorn.utils.bounding_boxes",
    "clear_session": "lanthorn.engine.naming:clear_session",
    "custom_object_scope": "lanthorn.engine.registry:custom_object_scope",
    "get_custom_objects": "lanthorn.engine.registry:get_custom_objects",
    "register_keras_serializable": "lanthorn.engine.registry:register_keras_serializable",
    "set_random_seed": "lanthorn.utils.seeding:set_random_seed",
    "to_categorical": "lanthorn.utils.categories:to_categorical",
}

__all__ = sorted(_homes)
__getattr__, __dir__ = attach(__name__, _homes)
