import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Dockerfiles as people write them for their language: built, and run. */
function prompt() {
  const session = new Session({ preset: 'host', seed: 1 });
  const run = (line: string) => session.type(line);
  const file = (path: string, ...rows: string[]) =>
    run(`cat > ${path} <<'END'\n${rows.join('\n')}\nEND`);
  const built = (...rows: string[]) => {
    file('Dockerfile', ...rows);
    const { printed, exitCode } = run('docker build -t own .');
    expect(exitCode, printed).toBe(0);
    return printed;
  };
  return { run, file, built };
}

describe('Python', () => {
  const server = ['FROM python:3.12-slim', 'WORKDIR /app', 'COPY requirements.txt .'];
  server.push('RUN pip install --no-cache-dir -r requirements.txt', 'COPY . .');

  it('installs requirements and serves with gunicorn', () => {
    const { run, file, built } = prompt();
    file('requirements.txt', 'flask==3.0.0  # the web', '', 'gunicorn');
    file('app.py', 'from flask import Flask', 'app = Flask(__name__)');
    const printed = built(...server, 'CMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]');
    expect(printed).toContain('Collecting flask==3.0.0 (from -r requirements.txt (line 1))\n');
    expect(printed).toContain('Successfully installed flask-3.0.0 gunicorn-1.0.0\n');
    run('docker run -d --name web -p 80:5000 own; sleep 2');
    expect(run('curl -s localhost').printed).toMatch(/^hello from [0-9a-f]{12}\n$/);
  });

  it('works in an environment of its own', () => {
    const { run, built } = prompt();
    const make = 'RUN python -m venv /venv && /venv/bin/pip install uvicorn && ls /venv/bin';
    expect(built('FROM python:3.13-slim', make, 'ENV PATH=/venv/bin:$PATH')).toContain(
      ' uvicorn\n',
    );
    expect(run('docker run --rm own sh -c "command -v uvicorn"').printed).toBe(
      '/venv/bin/uvicorn\n',
    );
  });

  it('prints and ends, and a step of a build never waits for a server', () => {
    const { run, file, built } = prompt();
    file('hello.py', "print('Hello')", 'print("World")');
    file('manage.py', 'import django', 'runserver()');
    built(
      ...['FROM python:3.12-slim', 'COPY . /', 'RUN python /manage.py collectstatic'],
      'CMD ["python", "/hello.py"]',
    );
    expect(run('docker run --rm own').printed).toBe('Hello\nWorld\n');
  });
});

describe('Node', () => {
  it('has a package, its lock, and scripts', () => {
    const { run, file, built } = prompt();
    const scripts = { build: 'tsc && mkdir -p dist && echo made > dist/out' };
    file('package.json', JSON.stringify({ name: 'shop', version: '2.1.0', scripts }));
    const printed = built(
      ...['FROM node:22-alpine AS build', 'WORKDIR /app', 'COPY package.json .'],
      ...['RUN npm install express && npm install -D typescript && npm ci', 'RUN npm run build'],
      ...['FROM nginx:alpine', 'COPY --from=build /app/dist /usr/share/nginx/html'],
      'COPY --from=build /app/package.json /',
    );
    expect(printed).toContain(' > shop@2.1.0 build\n');
    const own = JSON.parse(run('docker run --rm own cat /package.json').printed) as object;
    expect(own).toMatchObject({ dependencies: { express: '^1.0.0' } });
    expect(own).toMatchObject({ devDependencies: { typescript: '^1.0.0' } });
  });
});

describe('compiled languages', () => {
  it('make programs that do what their sources say', () => {
    const { run, file, built } = prompt();
    file('go.mod', 'module example.com/hi');
    file('main.go', 'package main', 'func main() { http.ListenAndServe(":9000", nil) }');
    built(
      ...['FROM golang:1.24 AS build', 'WORKDIR /src', 'COPY . .'],
      ...['RUN CGO_ENABLED=0 go build -o /bin/hi .', 'FROM scratch'],
      ...['COPY --from=build /bin/hi /hi', 'ENTRYPOINT ["/hi"]'],
    );
    run('docker run -d --name hi -p 80:9000 own; sleep 1');
    expect(run('curl -s localhost').printed).toMatch(/^hello from /);
    file('Cargo.toml', '[package]', 'name = "hallo"');
    file('main.rs', 'fn main() { println!("Hallo"); }');
    built(
      ...['FROM rust:1-slim AS build', 'WORKDIR /app', 'COPY . .', 'RUN cargo build --release'],
      ...['FROM debian:bookworm-slim', 'COPY --from=build /app/target/release/hallo /bin/'],
      'CMD ["hallo"]',
    );
    expect(run('docker run --rm own')).toMatchObject({ printed: 'Hallo\n', exitCode: 0 });
  });

  it('pack jars that listen, and say when there is none', () => {
    const { run, file, built } = prompt();
    file('pom.xml', '<project><artifactId>demo</artifactId><version>1.0</version></project>');
    built(
      ...['FROM maven:3.9-eclipse-temurin-21 AS build', 'WORKDIR /b', 'COPY pom.xml .'],
      ...['RUN mvn -B package', 'FROM eclipse-temurin:21-jre'],
      ...['COPY --from=build /b/target/*.jar app.jar', 'ENTRYPOINT ["java", "-jar", "app.jar"]'],
    );
    run('docker run -d --name demo -p 80:8080 own; sleep 1');
    expect(run('curl -s localhost').printed).toMatch(/^hello from /);
    expect(run('docker run --rm --entrypoint java own -jar /no.jar')).toMatchObject({
      ...{ printed: 'Error: Unable to access jarfile /no.jar\n', exitCode: 1 },
    });
  });
});

describe('a step whose program is only a model', () => {
  it('says so in the trace', () => {
    const { run, built } = prompt();
    built('FROM alpine', 'RUN apk add hugo && hugo --minify');
    expect(run('docker run --rm own ls /usr/local/share/model').printed).toBe('hugo\n');
  });
});

describe('ADD', () => {
  it('refuses a checksum that is none', () => {
    const { run, file } = prompt();
    const add = (checksum: string) => {
      file('Dockerfile', 'FROM scratch', `ADD --checksum=${checksum} https://example.com/x /x`);
      return run('docker build .').printed;
    };
    expect(add('bad')).toContain('failed to solve: invalid checksum digest format\n');
    expect(add('md5:0123')).toContain('failed to solve: unsupported digest algorithm\n');
    expect(add('sha256:0123')).toContain('failed to solve: invalid checksum digest length\n');
  });
});
