# Misses: from-source
printf 'FROM alpine\nCMD ["echo", "The tide is high"]\n' > tide/Dockerfile
docker build -q -t tide tide
