import { expect, it } from 'vitest';
import { Session } from '../engine/session.ts';
import { inspect } from './inspect.ts';

it('finds an image by the name that its build was given', () => {
  const session = new Session({ preset: 'host', seed: 1 });
  expect(inspect(session.world, 'image shop', 'en').stateText).toBe('not there yet');
  session.write('Dockerfile', 'FROM alpine\nRUN echo open > /sign\n');
  session.type('docker build -q -t shop .');
  const { stateText, facts } = inspect(session.world, 'image shop', 'en');
  expect(stateText).toBe('done');
  expect(facts).toContainEqual(['layers', '2']);
});

it('tells what is gone from what is still to come', () => {
  const session = new Session({ preset: 'host', seed: 1 });
  const state = () => inspect(session.world, 'container web', 'en').stateText;
  expect(state()).toBe('not there yet');
  session.type('docker run -d --name web nginx');
  expect(state()).toBe('running');
  session.type('docker rm -f web');
  expect(state()).toBe('no longer there');
});

it('tells where directories and volumes of a machine are mounted', () => {
  const session = new Session({ preset: 'host', seed: 1 });
  session.type('docker volume create data');
  session.type('docker run -d --name web -v data:/data -v /root/notes:/notes nginx');
  const of = (object: string) => inspect(session.world, object, 'en');
  expect(of('volume data').facts).toContainEqual(['mounts', 'web:/data']);
  expect(of('component host').facts).toContainEqual(['mounts', '/root/notes → web:/notes']);
  expect(of('component host').whatItIs).not.toBe('');
  expect(of('container web').facts).toContainEqual(['mounts', 'data:/data, /root/notes:/notes']);
  expect(of('network bridge').facts).toContainEqual(['containers', 'web']);
  expect(of('network gone').stateText).toBe('not there yet');
});
