# Misses: steady, answers
docker update --restart no app
docker stop app
