# Misses: works, from-source
docker pull -q alpine && docker tag alpine tide
