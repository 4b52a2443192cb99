import { describe, expect, it } from 'vitest';
import { readFlask, type Piece } from './flask-source.ts';

const HEAD = 'from flask import Flask\nfrom redis import Redis\napp = Flask(__name__)\n';

function answerOf(...lines: string[]): readonly Piece[] | undefined {
  return readFlask(HEAD + lines.join('\n'))?.routes[0]?.answer;
}

const shown = (pieces: readonly Piece[] | undefined): string | undefined =>
  pieces
    ?.map((piece) => {
      if ('text' in piece) return piece.text;
      if (piece.is === 'env') return `<${piece.name}=${piece.otherwise}>`;
      if (piece.is === 'hostname') return '<hostname>';
      const { key, host, port } = piece.counter;
      return `<${key} at ${shown(host) ?? ''}:${port}${piece.rescue ? ` or ${shown(piece.rescue)}` : ''}>`;
    })
    .join('');

describe('the source of a Flask application', () => {
  it('counts in Redis and formats what came', () => {
    const answer = answerOf(
      "redis = Redis(host='redis', port=6380)",
      '@app.route("/")',
      'def hello():',
      "    count = redis.incr('hits')",
      "    return 'Hello World! I have been seen {} times.\\n'.format(count)",
    );
    expect(shown(answer)).toBe('Hello World! I have been seen <hits at redis:6380> times.\n');
  });

  it('follows a function that counts, and formatted strings', () => {
    const answer = answerOf(
      "cache = redis.Redis(host=os.environ.get('REDIS_HOST', 'cache'))",
      'def get_hit_count():',
      '    retries = 5',
      '    while True:',
      '        try:',
      "            return cache.incr('visits')",
      '        except redis.exceptions.ConnectionError as exc:',
      '            raise exc',
      '',
      "@app.get('/')",
      'def hello():',
      '    count = get_hit_count()',
      "    return f'seen {count} times by {socket.gethostname()}'",
    );
    expect(shown(answer)).toBe('seen <visits at <REDIS_HOST=cache>:6379> times by <hostname>');
  });

  it('reads texts by pieces, names of arguments, and what is told without Redis', () => {
    const answer = answerOf(
      'redis = Redis(host="redis", db=0, socket_connect_timeout=2, socket_timeout=2)',
      '@app.route("/")',
      'def hello():',
      '    try:',
      '        visits = redis.incr("counter")',
      '    except RedisError:',
      '        visits = "<i>cannot connect</i>"',
      '    html = "<h3>Hello {name}!</h3>" \\',
      '           "<b>Visits:</b> {visits}"',
      '    return html.format(name=os.getenv("NAME", "world"), visits=visits)',
    );
    expect(shown(answer)).toBe(
      '<h3>Hello <NAME=world>!</h3><b>Visits:</b> <counter at redis:6379 or <i>cannot connect</i>>',
    );
  });

  it('knows methods, port and debugging, and leaves out what it does not understand', () => {
    const app = readFlask(
      `${HEAD}@app.route("/")\ndef a():\n    return render_template('index.html')\n` +
        `@app.route("/b", methods=['GET', "POST"])\ndef b():\n    return "b" + str(2)\n` +
        'if __name__ == "__main__":\n    app.run(host="0.0.0.0", port=80, debug=True)\n',
    );
    expect(app?.routes.map(({ path }) => path)).toEqual(['/b']);
    expect(app?.routes[0]?.methods).toEqual(['GET', 'POST']);
    expect(shown(app?.routes[0]?.answer)).toBe('b2');
    expect(app?.run).toEqual({ port: 80, debug: true });
    expect(readFlask('print("no application")')).toBeUndefined();
  });
});
