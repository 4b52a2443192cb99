docker images
docker image rm golang:1.24 golang:1.25 node:24 python:3.14
