import type { HttpRequest } from '../../net/http.ts';
import type { FileText, FileView } from '../program.ts';
import { buildFile, jobFile, queued, queueFile, tagOf } from './jenkins-home.ts';

/**
 * Jenkins' remote access API as far as jobs and builds go (jenkinsci/jenkins 2.528
 * `hudson/model/{View,AbstractProject,Queue}.java`): `createItem`, `job/NAME/build`, `queue/api/json`,
 * `job/NAME/N/api/json`.
 *
 * Simplified: whoever shows a name and a password is let in; there are no crumbs.
 */
export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly writes?: readonly FileText[];
}

const JSON_TYPE = { 'Content-Type': 'application/json;charset=utf-8' };
const NOT_FOUND: Page = { status: 404, text: '<h1>Not Found</h1>\n' };
const json = (value: unknown): Page => ({
  status: 200,
  text: JSON.stringify(value),
  headers: JSON_TYPE,
});

/** What Jenkins says to a request about jobs; undefined when it is about something else. */
export function jobsPage(files: FileView, home: string, request: HttpRequest): Page | undefined {
  const [path = '', query = ''] = request.path.split('?');
  const isPost = request.method === 'POST';
  if (path === '/queue/api/json') return json({ items: waiting(files, home) });
  if (path === '/createItem') return isPost ? create(files, home, query, request.body) : undefined;
  const [, job = '', rest = ''] = /^\/job\/([A-Za-z0-9._-]+)\/(.*)$/.exec(path) ?? [];
  if (job === '') return undefined;
  if (files.kind(jobFile(home, job)) !== 'file') return NOT_FOUND;
  if (rest === 'build') return isPost ? enqueue(files, home, job) : { status: 405, text: '' };
  const [, which = ''] = /^(\d+|lastBuild)\/api\/json$/.exec(rest) ?? [];
  return which === '' ? NOT_FOUND : build(files, home, job, which);
}

function waiting(files: FileView, home: string) {
  return files.list(`${home}/queue`).map((name, i) => {
    const job = queued(name)?.job ?? '';
    const why = 'Waiting for next available executor';
    return { id: i + 1, task: { name: job }, why, buildable: true };
  });
}

function create(files: FileView, home: string, query: string, body = ''): Page {
  const name = /(?:^|&)name=([A-Za-z0-9._-]+)(?:&|$)/.exec(query)?.[1];
  if (name === undefined) return { status: 400, text: 'No name is specified\n' };
  if (files.kind(jobFile(home, name)) === 'file') {
    return { status: 400, text: `A job already exists with the name ‘${name}’\n` };
  }
  const writes = [
    { path: jobFile(home, name), content: body },
    { path: `${home}/jobs/${name}/nextBuildNumber`, content: '1\n' },
  ];
  return { status: 200, text: '', writes };
}

const textOf = (files: FileView, path: string): string =>
  new TextDecoder().decode(files.read(path) ?? new Uint8Array(0));

function enqueue(files: FileView, home: string, job: string): Page {
  const next = `${home}/jobs/${job}/nextBuildNumber`;
  const number = Number(textOf(files, next)) || 1;
  const counter = `${home}/nextQueueId`;
  const id = Number(textOf(files, counter)) || 1;
  const writes = [
    { path: next, content: `${number + 1}\n` },
    { path: counter, content: `${id + 1}\n` },
    { path: queueFile(home, { job, number }, id), content: '' },
  ];
  return { status: 201, text: '', headers: { Location: `/queue/item/${id}/` }, writes };
}

function build(files: FileView, home: string, job: string, which: string): Page {
  const numbers = files.list(`${home}/jobs/${job}/builds`).map(Number);
  const number = which === 'lastBuild' ? Math.max(0, ...numbers) : Number(which);
  if (!numbers.includes(number)) return NOT_FOUND;
  const text = textOf(files, buildFile(home, { job, number }));
  const result = tagOf(text, 'result') ?? null;
  return json({ number, building: result === null, result, builtOn: tagOf(text, 'builtOn') });
}
