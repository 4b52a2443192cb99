import { expect, it } from 'vitest';
import { Kernel } from '../../sim/kernel.ts';
import { EventCorrelator, type Correlated } from './event-correlator.ts';

function teller(mayDrop = true) {
  const kernel = new Kernel({ seed: 1 });
  const correlator = EventCorrelator.of(kernel);
  const tell = (
    message: string,
    reason = 'Created',
    source = 'kubelet|node-1',
  ): Correlated | undefined =>
    correlator.correlate(
      {
        source,
        about: 'uid',
        type: 'Normal',
        reason,
        part: '',
        message,
      },
      mayDrop,
    );
  return { kernel, tell };
}

it('the same again is counted up under its name', () => {
  const { tell } = teller();
  expect(tell('pulled')).toEqual({
    nth: 0,
    count: 1,
    firstMs: 0,
    message: 'pulled',
  });
  expect(tell('pulled')).toMatchObject({ nth: 0, count: 2 });
  expect(tell('other')).toMatchObject({ nth: 1, count: 1 });
});

it('from the tenth message of a reason on they are told as one, ten minutes long', () => {
  const { kernel, tell } = teller();
  for (let i = 1; i <= 9; i++) expect(tell(`pod ${i}`)?.message).toBe(`pod ${i}`);
  expect(tell('pod 10')).toMatchObject({
    count: 1,
    message: '(combined from similar events): pod 10',
  });
  expect(tell('pod 11')).toMatchObject({
    count: 2,
    message: '(combined from similar events): pod 11',
  });
  expect(tell('gone', 'Killing')?.message).toBe('gone');
  kernel.advance(kernel.now + 600_001);
  expect(tell('pod 12')?.message).toBe('pod 12');
});

it('about one object 25 are told at once, then one in five minutes; what is left out counts', () => {
  const { kernel, tell } = teller();
  for (let i = 0; i < 25; i++) expect(tell('back-off')?.count).toBe(i + 1);
  expect(tell('back-off')).toBeUndefined();
  kernel.advance(kernel.now + 300_000);
  expect(tell('back-off')?.count).toBe(27);
  expect(tell('back-off')).toBeUndefined();
});

it('nothing is left out where the newer API is used', () => {
  const { tell } = teller(false);
  for (let i = 0; i < 40; i++) expect(tell(`reason ${i}`)?.message).toBe(`reason ${i}`);
});

it('each teller counts for itself, and what it counted comes back with the state', () => {
  const { kernel, tell } = teller();
  tell('pulled');
  const checkpoint = kernel.checkpoint();
  const hash = kernel.hash();
  expect(tell('pulled')?.count).toBe(2);
  expect(tell('pulled', 'Created', 'scheduler|')?.count).toBe(1);
  expect(kernel.hash()).not.toBe(hash);
  kernel.restore(checkpoint);
  expect(kernel.hash()).toBe(hash);
  expect(tell('pulled')?.count).toBe(2);
  expect(tell('pulled', 'Created', 'scheduler|')?.count).toBe(1);
});
