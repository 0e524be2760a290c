"""What watches training and may step in: stop it, save it, slow it, write it down."""

from lanthorn.lazy import attach

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "MonitorCallback",
    "MonitorWarning",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]

_HERE = "lanthorn.training.callbacks"

__getattr__, __dir__ = attach(
    __name__,
    {
        "Callback": f"{_HERE}.callback:Callback",
        "CallbackList": f"{_HERE}.callback_list:CallbackList",
        "CSVLogger": f"{_HERE}.csv_logger:CSVLogger",
        "EarlyStopping": f"{_HERE}.early_stopping:EarlyStopping",
        "History": f"{_HERE}.history:History",
        "LambdaCallback": f"{_HERE}.lambda_callback:LambdaCallback",
        "LearningRateScheduler": f"{_HERE}.learning_rate_scheduler:LearningRateScheduler",
        "ModelCheckpoint": f"{_HERE}.model_checkpoint:ModelCheckpoint",
        "MonitorCallback": f"{_HERE}.monitor:MonitorCallback",
        "MonitorWarning": f"{_HERE}.monitor:MonitorWarning",
        "ProgbarLogger": f"{_HERE}.progbar_logger:ProgbarLogger",
        "ReduceLROnPlateau": f"{_HERE}.reduce_lr_on_plateau:ReduceLROnPlateau",
        "TerminateOnNaN": f"{_HERE}.terminate_on_nan:TerminateOnNaN",
    },
)
