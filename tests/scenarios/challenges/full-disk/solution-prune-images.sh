docker system df
docker image prune -af
