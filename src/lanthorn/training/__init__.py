"""compile, fit, evaluate, predict: pure steps, one loop, data feeding, callbacks, progress."""
