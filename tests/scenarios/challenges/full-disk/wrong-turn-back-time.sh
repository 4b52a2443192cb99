# Misses: set-up
drydock undo
drydock undo
drydock undo
drydock undo
drydock undo
