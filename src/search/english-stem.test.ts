import { expect, test } from 'vitest';
import { stemEnglish } from './english-stem.ts';

// From the vocabulary published with the algorithm (snowball-data, english/voc.txt, output.txt).
test.each([
  ['containers', 'contain'],
  ['orchestration', 'orchestr'],
  ['autoscaling', 'autosc'],
  ['namespaces', 'namespac'],
  ['dying', 'die'],
  ['flies', 'fli'],
  ['ties', 'tie'],
  ['hopping', 'hop'],
  ['hoping', 'hope'],
  ['agreed', 'agre'],
  ['generously', 'generous'],
  ['internal', 'internal'],
  ['national', 'nation'],
  ['happily', 'happili'],
  ['controlling', 'control'],
  ['added', 'add'],
  ['is', 'is'],
])('%s becomes %s', (word, stem) => {
  expect(stemEnglish(word)).toBe(stem);
});
