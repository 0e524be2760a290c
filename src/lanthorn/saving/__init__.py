"""Keeping models in files, and loading files that strangers made."""

from lanthorn.lazy import attach

_homes = {
    "CustomObjectScope": "lanthorn.engine.registry:custom_object_scope",
    "DamagedModelError": "lanthorn.saving.errors:DamagedModelError",
    "Limits": "lanthorn.saving.limits:Limits",
    "ModelFileError": "lanthorn.saving.errors:ModelFileError",
    "ModelFileWarning": "lanthorn.saving.errors:ModelFileWarning",
    "ModelLimitError": "lanthorn.saving.errors:ModelLimitError",
    "ModelMismatchError": "lanthorn.saving.errors:ModelMismatchError",
    "UnknownObjectError": "lanthorn.saving.errors:UnknownObjectError",
    "UnsafeModelError": "lanthorn.saving.errors:UnsafeModelError",
    "custom_object_scope": "lanthorn.engine.registry:custom_object_scope",
    "deserialize_keras_object": "lanthorn.saving.objects:deserialize_keras_object",
    "get_custom_objects": "lanthorn.engine.registry:get_custom_objects",
    "get_registered_name": "lanthorn.saving.objects:get_registered_name",
    "get_registered_object": "lanthorn.saving.objects:get_registered_object",
    "load_model": "lanthorn.saving.api:load_model",
    "load_weights": "lanthorn.saving.api:load_weights",
    "model_config": "lanthorn.models.configs:model_config",
    "register_keras_serializable": "lanthorn.engine.registry:register_keras_serializable",
    "save_model": "lanthorn.saving.api:save_model",
    "save_weights": "lanthorn.saving.api:save_weights",
    "serialize_keras_object": "lanthorn.saving.objects:serialize_keras_object",
}

__all__ = sorted(_homes)
__getattr__, __dir__ = attach(__name__, _homes)
