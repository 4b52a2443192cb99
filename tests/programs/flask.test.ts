import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** The application of Compose's quick start: it counts its visits in Redis. */
const APP = `import redis
from flask import Flask

app = Flask(__name__)
cache = redis.Redis(host='redis', port=6379)

def get_hit_count():
    retries = 5
    while True:
        try:
            return cache.incr('hits')
        except redis.exceptions.ConnectionError as exc:
            if retries == 0:
                raise exc
            retries -= 1

@app.route('/')
def hello():
    count = get_hit_count()
    return 'Hello World! I have been seen {} times.\\n'.format(count)
`;
const DOCKERFILE = `FROM python:3.13-alpine
WORKDIR /code
ENV FLASK_APP=app.py
COPY . .
RUN pip install flask redis
CMD ["flask", "run", "--debug"]
`;
const COMPOSE = `services:
  web:
    build: .
    ports: ["8000:5000"]
  redis:
    image: redis:alpine
`;

function project() {
  const session = new Session({ preset: 'host', seed: 1 });
  const save = (path: string, content: string) =>
    session.world.kernel.dispatch({ type: 'save', machine: 'host', path, content } as never);
  session.type('mkdir hits; cd hits');
  save('/root/hits/app.py', APP);
  save('/root/hits/Dockerfile', DOCKERFILE);
  save('/root/hits/compose.yaml', COMPOSE);
  const printed = (line: string): string => session.type(line).printed;
  printed('docker compose up -d; sleep 2');
  return printed;
}

describe('a Flask application that counts in Redis', () => {
  it('tells how often it was seen, and keeps counting when it is made anew', () => {
    const printed = project();
    expect(printed('curl -s localhost:8000')).toBe('Hello World! I have been seen 1 times.\n');
    expect(printed('curl -s 0.0.0.0:8000')).toBe('Hello World! I have been seen 2 times.\n');
    printed('docker compose up -d --force-recreate web; sleep 2');
    expect(printed('curl -s localhost:8000')).toBe('Hello World! I have been seen 3 times.\n');
    expect(printed('docker compose exec redis redis-cli get hits')).toBe('"3"\n');
  });

  it('answers 500 without Redis, and 404 for what it does not know', () => {
    const printed = project();
    expect(printed('curl -s localhost:8000/nosuch')).toContain('<title>404 Not Found</title>');
    printed('docker compose stop redis');
    const status = "-s -o /dev/null -w '%{http_code}' localhost:8000";
    expect(printed(`curl ${status}`)).toBe('500');
    expect(printed('docker compose logs web')).toContain(
      'redis.exceptions.ConnectionError: Error -2 connecting to redis:6379.',
    );
  });
});
