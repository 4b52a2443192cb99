import { describe, expect, it } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { ask } from '../sim/process.ts';
import { Processes } from '../sim/processes.ts';
import type { EngineResponse, EventMessage } from './api.ts';
import { Events } from './events.ts';

/** One daemon's events, a listener at its end of a stream, and what the listener was answered. */
function daemon() {
  const kernel = new Kernel({ seed: 1 });
  const processes = new Processes(kernel);
  const events = new Events(kernel, processes);
  const answers: EngineResponse[] = [];
  processes.service<{ query: Record<string, string>; stream: number }>(
    'events',
    ({ query, stream }, asker) => events.listen('dev', query, stream, asker),
  );
  processes.program('listen', function* (body: object) {
    return yield* ask<EngineResponse>('events', body);
  });
  kernel.event<{ ending: { result?: unknown } }>('heard', ({ ending }) =>
    answers.push(ending.result as EngineResponse),
  );
  const listen = (query: Record<string, string>) => {
    const stream = processes.streams.open();
    processes.spawn('listen', { query, stream }, { then: { event: 'heard', payload: {} } });
    kernel.advance(kernel.now);
    return {
      stream,
      heard: () => (processes.streams.take(stream) as EventMessage[]).map(({ Action }) => Action),
    };
  };
  const start = (name: string, machine = 'dev') =>
    events.emit(machine, {
      Type: 'container',
      Action: 'start',
      ID: `${name}-id`,
      Attributes: { name, image: 'nginx:1' },
    });
  return { kernel, processes, events, answers, listen, start };
}

const seconds = (s: number): string => String(1_767_571_200 + s);

describe('events', () => {
  it('are told to who listens on this machine, as far as they are asked for', () => {
    const { listen, start, events } = daemon();
    const all = listen({});
    const web = listen({ filters: JSON.stringify({ container: ['web'] }) });
    const image = listen({ filters: JSON.stringify({ image: ['nginx'], event: ['start'] }) });
    start('web');
    start('db');
    start('other', 'elsewhere');
    events.emit('dev', { Type: 'volume', Action: 'create', ID: 'data' });
    expect(all.heard()).toEqual(['start', 'start', 'create']);
    expect(web.heard()).toEqual(['start']);
    expect(image.heard()).toEqual(['start', 'start']);
  });

  it('are kept, the last 256, and told again since and until a time', () => {
    const { kernel, listen, start, events, answers } = daemon();
    for (let i = 0; i < 300; i++) {
      kernel.advance(kernel.now + 1_000);
      start(`c${i}`);
    }
    expect(events.kept('dev')).toHaveLength(256);
    expect(events.kept('dev')[0]?.Actor.Attributes.name).toBe('c44');
    const past = listen({ since: seconds(290), until: seconds(292) });
    expect(past.heard()).toHaveLength(3);
    kernel.advance(kernel.now + 1);
    expect(answers).toEqual([{ status: 200, body: {} }]);
  });

  it('are lost with their daemon, on its machine alone', () => {
    const { kernel, events, start, answers, listen } = daemon();
    listen({});
    start('web');
    start('web', 'elsewhere');
    events.close('dev');
    kernel.advance(kernel.now + 1);
    expect(events.kept('dev')).toEqual([]);
    expect(events.kept('elsewhere')).toHaveLength(1);
    expect(answers).toHaveLength(1);
    start('db');
    expect(events.kept('dev').map(({ Actor }) => Actor.ID)).toEqual(['db-id']);
  });

  it('end at a time to come, or when the listener goes', () => {
    const { kernel, processes, listen, start, answers } = daemon();
    const brief = listen({ until: seconds(10) });
    const gone = listen({});
    start('web');
    expect(brief.heard()).toEqual(['start']);
    processes.streams.close(gone.stream);
    start('db');
    kernel.advance(20_000);
    start('late');
    expect(answers).toHaveLength(2);
    expect(brief.heard()).toEqual(['start']);
  });

  it('refuse times that are none', () => {
    const { listen, answers } = daemon();
    listen({ since: 'yesterday' });
    listen({ since: seconds(9), until: seconds(3) });
    listen({ filters: '{' });
    expect(
      answers.map(({ status, body }) => [status, (body as { message: string }).message]),
    ).toEqual([
      [
        400,
        `invalid value for 'since': invalid timestamp "yesterday": invalid seconds "yesterday": invalid syntax`,
      ],
      [400, `\`since\` time (${seconds(9)}) cannot be after \`until\` time (${seconds(3)})`],
      [400, 'invalid filter'],
    ]);
  });
});
