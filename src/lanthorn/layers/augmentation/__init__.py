"""Pictures cut, resized and changed at random: one file per family."""
