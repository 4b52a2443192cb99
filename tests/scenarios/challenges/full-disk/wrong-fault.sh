# Misses: limits
drydock fault disk host free
