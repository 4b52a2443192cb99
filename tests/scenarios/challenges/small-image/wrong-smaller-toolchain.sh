# Misses: small, from-source
sed -i 's/golang:1.25/golang:1.25-alpine/' tide/Dockerfile
docker build -q -t tide tide
