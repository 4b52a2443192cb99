import type { HttpRequest } from '../../net/http.ts';
import type { LogText, ProcessContext, ProcessPlan, ProcessStep, Served } from '../program.ts';
import type { Stamp } from '../stamp.ts';

/** Pieces that the plans of servers are made of. */
const encoder = new TextEncoder();

/** Lines said at a moment. */
export function say(
  afterMs: number,
  lines: readonly string[],
  more: { stream?: LogText['stream']; stamped?: Stamp } = {},
): ProcessStep[] {
  const { stream = 'stdout', stamped } = more;
  return lines.map((text) => ({
    afterMs,
    do: 'log',
    stream,
    text,
    ...(stamped === undefined ? {} : { stamped }),
  }));
}

export const lines = (
  texts: readonly string[],
  more: { stream?: LogText['stream']; stamped?: Stamp } = {},
): LogText[] =>
  texts.map((text) => ({
    stream: more.stream ?? 'stdout',
    text,
    ...(more.stamped === undefined ? {} : { stamped: more.stamped }),
  }));

/** Says something and ends. */
export function ends(
  texts: readonly string[],
  code = 0,
  stream: LogText['stream'] = 'stdout',
): ProcessPlan {
  const steps = say(5, texts, { stream });
  return {
    steps: [...steps, { afterMs: 10, do: 'exit', code }],
    signals: {},
    memoryBytes: 2_000_000,
  };
}

/** What a server of another protocol answers to HTTP: bytes that are no HTTP, or a closed line. */
export const noHttp = (text = ''): Served => ({
  response: { status: 0, headers: {}, body: encoder.encode(text) },
  afterMs: 1,
});

/** An answer of a protocol of our own between the tools of an image and its server. */
export const reply = (text: string, more: Partial<Served> = {}): Served => ({
  response: { status: 200, headers: {}, body: encoder.encode(text) },
  afterMs: 1,
  ...more,
});

/** Requests that are no HTTP carry the protocol as their method. */
export const speaks = (request: HttpRequest, protocol: string): boolean =>
  request.method === protocol;

export const flagValue = (argv: readonly string[], ...names: string[]): string | undefined => {
  for (const [i, word] of argv.entries()) {
    for (const name of names) {
      if (word === name) return argv[i + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return undefined;
};

export const textIn = ({ files }: ProcessContext, path: string): string | undefined => {
  const bytes = files.read(path);
  return bytes && new TextDecoder().decode(bytes);
};
