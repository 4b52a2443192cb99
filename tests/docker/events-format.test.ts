import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** Templates and JSON of `docker events`, by the fields of Go's `events.Message`. */
function host() {
  const session = new Session({ preset: 'host', seed: 1 });
  const type = (line: string) => session.type(line);
  type('docker run --name job alpine sh -c "exit 3"');
  return (format: string) =>
    type(`docker events --since 1h --until 0s -f event=die --format '${format}'`);
}

describe('docker events --format', () => {
  it('reads the fields of a message', () => {
    const events = host();
    const fields = '{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.Scope}} {{.Time}}';
    expect(events(fields).printed).toMatch(/^container die job local 17675712\d\d\n$/);
    expect(events('{{.TimeNano}} {{len .Actor.ID}}').printed).toMatch(/^\d{19} 64\n$/);
  });

  it('writes JSON without the names that API 1.52 dropped, attributes in order', () => {
    expect(host()('json').printed).toMatch(
      /^{"Type":"container","Action":"die","Actor":{"ID":"[0-9a-f]{64}","Attributes":{"execDuration":"0","exitCode":"3","image":"alpine","name":"job"}},"scope":"local","time":\d{10},"timeNano":\d{19}}\n$/,
    );
  });

  it('finds a wrong field before the first event', () => {
    expect(host()('{{.Status}}')).toMatchObject({
      printed:
        'Error parsing format: template: :1:2: executing "" at <.Status>: can\'t evaluate field Status in type *events.Message\n',
      exitCode: 64,
    });
  });
});
