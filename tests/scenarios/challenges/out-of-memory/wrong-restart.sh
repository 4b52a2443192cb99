# Misses: steady, answers
docker restart app
sleep 30
