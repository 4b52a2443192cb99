cd tide
cat > Dockerfile <<'X'
FROM golang:1.25-alpine AS build
WORKDIR /src
COPY go.mod main.go ./
RUN go build -o /out/tide .

FROM alpine:3.22
COPY --from=build /out/tide /usr/local/bin/tide
USER nobody
ENTRYPOINT ["tide"]
X
docker build -q -t small . && docker tag small tide
