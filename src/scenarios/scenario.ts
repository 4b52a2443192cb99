import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { findPreset, PRESET_NAMES } from '../engine/presets.ts';
import { SECOND } from '../engine/sim/clock.ts';
import type { Flow } from '../engine/sim/trace.ts';

/**
 * A scenario: a world, and what a person types in it, in order. It is written as a folder
 * (`scenario.yaml`, captions in both languages, `files/` for the machine it is typed on) and read
 * into plain data, which a page can carry.
 */
export interface Scenario {
  /** The folder: `delivery/code-to-cluster`. */
  readonly id: string;
  /** What it is called in a list. */
  readonly title: InBoth;
  /** What happens in it, in a sentence. */
  readonly about: InBoth;
  readonly preset: string;
  readonly seed: number;
  /** Where everything is typed, and in which directory. */
  readonly machine: string;
  readonly directory: string;
  /** Who takes part, each with the names that the trace knows them by. */
  readonly cast: Readonly<Record<string, readonly string[]>>;
  /**
   * What is the hum of the story and no step of it: what travels by a channel (`request`), a verb and
   * the kind of its object as the trace has them (`mount volume`), `namespace kube-system`.
   */
  readonly omit?: readonly string[];
  /** Of what is done over and over to a crowd, one in so many is a step; the first always is. */
  readonly every?: number;
  /** Typed before the story begins, and not shown: what it takes for granted. */
  readonly before: readonly string[];
  readonly steps: readonly ScenarioStep[];
  readonly files: readonly ScenarioFile[];
  /** Steps whose end is worth a still, at most three. */
  readonly stills: readonly string[];
}

type InBoth = Readonly<Record<'ko' | 'en', string>>;

export interface ScenarioStep {
  readonly id: string;
  /** What it is called on a timeline: a word, in each language. */
  readonly title: InBoth;
  readonly run: string;
  /** Virtual time between the end of the step before and this one. */
  readonly pauseMs: number;
}

export interface ScenarioFile {
  /** Absolute, on the scenario's machine. */
  readonly path: string;
  readonly content: string;
}

/** A folder as read from disk; paths in `files` start below `files/`. */
export interface ScenarioSource {
  readonly id: string;
  readonly definition: string;
  readonly files: Readonly<Record<string, string>>;
}

/** What is wrong with a scenario, and where in `scenario.yaml`. */
export interface ScenarioFault {
  readonly line: number;
  readonly what: string;
  readonly remedy: string;
}

export type ParsedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly faults: readonly ScenarioFault[] };

const PAUSE_MS = SECOND;
const STILLS = 3;

const KEYS = [
  'title',
  'about',
  'preset',
  'seed',
  'machine',
  'directory',
  'cast',
  'omit',
  'every',
  'before',
  'steps',
  'stills',
];
const STEP_KEYS = ['id', 'title', 'run', 'pause'];

/** Reads a scenario. Every fault is found, none is thrown. */
export function parseScenario(source: ScenarioSource): ParsedScenario {
  const lines = new LineCounter();
  const document = parseDocument(source.definition, { lineCounter: lines });
  const reader = new Reader(document, lines);
  for (const error of document.errors) {
    reader.fault(error.pos[0], error.message.split('\n')[0] ?? '', 'Mend the YAML.');
  }
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  const directory = reader.text('directory', (text) => text.startsWith('/'), 'an absolute path');
  const steps = reader.steps();
  const stills = reader.stills(steps);
  const preset = reader.preset();
  reader.unknown(KEYS);
  const scenario: Scenario = {
    id: source.id,
    title: reader.inBoth('title', 'title: { ko: 노드 장애, en: Node failure }'),
    about: reader.inBoth('about', 'about: { ko: …, en: … }'),
    preset,
    seed: reader.seed(),
    machine: reader.machine(preset),
    directory,
    cast: reader.cast(),
    ...reader.omitted(),
    ...reader.every(),
    before: reader.before(),
    steps,
    stills,
    files: Object.entries(source.files).map(([path, content]) => ({
      path: `${directory}/${path}`,
      content,
    })),
  };
  return reader.faults.length > 0 ? { ok: false, faults: reader.faults } : { ok: true, scenario };
}

class Reader {
  readonly faults: ScenarioFault[] = [];
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #data: Readonly<Record<string, unknown>>;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
    const data: unknown = document.toJS();
    const isRecord = typeof data === 'object' && data !== null && !Array.isArray(data);
    this.#data = isRecord ? (data as Record<string, unknown>) : {};
  }

  fault(offset: number, what: string, remedy: string): void {
    this.faults.push({ line: this.#lines.linePos(offset).line, what, remedy });
  }

  text(key: string, valid: (text: string) => boolean = Boolean, form = 'a text'): string {
    const value = this.#data[key];
    if (typeof value === 'string' && valid(value)) return value;
    this.#faultAt(key, `"${key}" is not ${form}.`, `Write "${key}:" with ${form}.`);
    return '';
  }

  preset(): string {
    const name = this.text('preset');
    if (name !== '' && !findPreset(name)) {
      const known = PRESET_NAMES.join(', ');
      this.#faultAt('preset', `There is no preset "${name}".`, `Use one of ${known}.`);
    }
    return name;
  }

  /** A machine of the preset. */
  machine(preset: string): string {
    const name = this.text('machine');
    const machines = findPreset(preset)?.machines.map((one) => one.name);
    if (name !== '' && machines && !machines.includes(name)) {
      const what = `The preset ${preset} has no machine "${name}".`;
      this.#faultAt('machine', what, `Use one of ${machines.slice(0, 8).join(', ')}.`);
    }
    return name;
  }

  /** Keys that are nobody's are misspelt. */
  unknown(known: readonly string[]): void {
    for (const key of Object.keys(this.#data)) {
      if (known.includes(key)) continue;
      this.#faultAt(key, `"${key}" is no key of a scenario.`, `The keys are ${known.join(', ')}.`);
    }
  }

  /** @param form how it is written */
  inBoth(key: string, form: string): InBoth {
    const { ko, en } = (this.#data[key] ?? {}) as Record<string, unknown>;
    if (typeof ko === 'string' && typeof en === 'string' && ko && en) return { ko, en };
    this.#faultAt(key, `There is no "${key}" in both languages.`, `Write "${form}".`);
    return { ko: '', en: '' };
  }

  seed(): number {
    const value = this.#data.seed;
    if (Number.isSafeInteger(value)) return value as number;
    this.#faultAt('seed', '"seed" is not an integer.', 'Write "seed: 7".');
    return 0;
  }

  cast(): Record<string, string[]> {
    const cast: Record<string, string[]> = {};
    const value = this.#data.cast;
    if (typeof value !== 'object' || value === null) {
      this.#faultAt('cast', 'There is no cast.', 'Name who takes part: "cast:" with members.');
      return cast;
    }
    const owner = new Map<string, string>();
    for (const [member, names] of Object.entries(value as Record<string, unknown>)) {
      const list = Array.isArray(names) ? names.map(String) : [];
      if (list.length === 0) {
        this.#faultAt('cast', `"${member}" has no names.`, `Write "${member}: [${member}]".`);
      }
      for (const name of list) {
        const other = owner.get(name);
        if (other) this.#faultAt('cast', `"${name}" is ${other} and ${member}.`, 'Keep one.');
        owner.set(name, member);
      }
      cast[member] = list;
    }
    return cast;
  }

  omitted(): Pick<Scenario, 'omit'> {
    const value = this.#data.omit;
    if (value === undefined) return {};
    const channels: readonly Flow['channel'][] = ['api', 'watch', 'bytes', 'request'];
    const asked: unknown[] = Array.isArray(value) ? value : [value];
    const omit = asked.filter(
      (one): one is string =>
        typeof one === 'string' &&
        (channels.some((channel) => channel === one) || /^[a-z-]+ [A-Za-z-]+$/.test(one)),
    );
    if (omit.length !== asked.length || omit.length === 0) {
      const what = '"omit" is not a list of channels, of verbs with a kind and of namespaces.';
      const channel = channels.join(', ');
      const form = '"omit: [request, mount volume, namespace kube-system]"';
      this.#faultAt('omit', what, `Write ${form}; channels: ${channel}.`);
    }
    return { omit };
  }

  every(): Pick<Scenario, 'every'> {
    const value = this.#data.every;
    if (value === undefined) return {};
    if (Number.isSafeInteger(value) && (value as number) > 1) return { every: value as number };
    this.#faultAt('every', '"every" is not an integer above 1.', 'Write "every: 10".');
    return {};
  }

  before(): string[] {
    const value = this.#data.before ?? [];
    const lines: unknown[] = Array.isArray(value) ? value : [value];
    const sound = lines.filter((line) => typeof line === 'string' && line.trim() !== '');
    if (sound.length === lines.length) return sound as string[];
    this.#faultAt('before', '"before" is not a list of commands.', 'Write "- docker pull nginx".');
    return [];
  }

  steps(): ScenarioStep[] {
    const value = this.#data.steps;
    if (!Array.isArray(value) || value.length === 0) {
      this.#faultAt('steps', 'There are no steps.', 'Write what is typed under "steps:".');
      return [];
    }
    const seen = new Set<string>();
    return value.map((step: unknown, i) => {
      const fields = (step ?? {}) as Record<string, unknown>;
      const { id, title, run, pause } = fields;
      const tell = (what: string, remedy: string) => {
        this.#faultAtStep(i, what, remedy);
      };
      const sound = typeof id === 'string' && /^[a-z][a-z0-9-]*$/.test(id) && !seen.has(id);
      if (!sound || typeof run !== 'string') {
        const what = `Step ${i + 1} has no id of its own or nothing to run.`;
        tell(what, 'Write "- id: build" and "run: docker build .".');
        return { id: '', title: { ko: '', en: '' }, run: '', pauseMs: 0 };
      }
      seen.add(id);
      const unknown = Object.keys(fields).find((key) => !STEP_KEYS.includes(key));
      if (unknown !== undefined) {
        tell(`"${unknown}" is no key of a step.`, `The keys are ${STEP_KEYS.join(', ')}.`);
      }
      return { id, title: titleOf(id, title, tell), run, pauseMs: pauseOf(pause, tell) };
    });
  }

  stills(steps: readonly ScenarioStep[]): string[] {
    const value = this.#data.stills ?? [];
    const ids = Array.isArray(value) ? value.map(String) : [];
    for (const id of ids) {
      if (!steps.some((step) => step.id === id)) {
        this.#faultAt('stills', `There is no step "${id}".`, 'Name steps of this scenario.');
      }
    }
    if (ids.length > STILLS) {
      this.#faultAt('stills', `More than ${STILLS} stills.`, `Keep the best ${STILLS}.`);
    }
    return ids;
  }

  #faultAtStep(at: number, what: string, remedy: string): void {
    const step: unknown = this.#document.getIn(['steps', at], true);
    const range = isNode(step) ? step.range : undefined;
    if (range) this.fault(range[0], what, remedy);
    else this.#faultAt('steps', what, remedy);
  }

  #faultAt(key: string, what: string, remedy: string): void {
    const { contents } = this.#document;
    const pair = isMap(contents)
      ? contents.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    const range = pair && isScalar(pair.key) ? pair.key.range : undefined;
    this.fault(range?.[0] ?? 0, what, remedy);
  }
}

type Tell = (what: string, remedy: string) => void;

function titleOf(id: string, value: unknown, tell: Tell): ScenarioStep['title'] {
  const { ko, en } = (value ?? {}) as Record<string, unknown>;
  if (typeof ko === 'string' && typeof en === 'string' && ko && en) return { ko, en };
  tell(`Step "${id}" has no title in both languages.`, 'Write "title: { ko: 빌드, en: build }".');
  return { ko: id, en: id };
}

/** `3s`, `500ms`; a second when left out. */
function pauseOf(value: unknown, tell: Tell): number {
  if (value === undefined) return PAUSE_MS;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const match = /^(\d+)(ms|s)$/.exec(text);
  if (match) return Number(match[1]) * (match[2] === 's' ? SECOND : 1);
  tell(`"${text}" is no pause.`, 'Write "pause: 3s" or "pause: 500ms".');
  return PAUSE_MS;
}
