cat > tide/Dockerfile <<'X'
FROM golang:1.25 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /tide .
FROM scratch
COPY --from=build /tide /tide
CMD ["/tide"]
X
docker build -t tide tide
