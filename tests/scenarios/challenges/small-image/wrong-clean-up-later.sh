# Misses: small, from-source
sed -i '/^CMD/i RUN rm -rf /usr/local/go /root/.cache' tide/Dockerfile
docker build -q -t tide tide
